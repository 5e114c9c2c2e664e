"""By which rules where a case lands was decided: one word for all rules of a performance year.

It covers what decides about a case: the editions in force, the lists and tables that they name, the
names of the measures in case files, and the manual of surgical centers. Benchmarks, points and
thresholds are read when results are asked for, and are no part of it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Final

from pydantic import BaseModel

from app.measures.asc.manuals import manual_for
from app.measures.catalogue.catalogue import Catalogue, Measure

DECIDING: Final = 3
"""Raised with every change of code by which a case lands elsewhere under the same data."""
_HASH_CHARACTERS: Final = 12
_NO_RULES: Final = 0


@cache
def catalogue_version(catalogue: Catalogue, performance_year: int) -> str:
    """Return the version of a year: `2024.1-5d41402abc4b`, year, edition and hash of its rules.

    The edition is for people, and said in the file of the year; the hash is what tells versions
    apart. A year that nothing is computed for has a version too, with the edition 0.
    """
    year = catalogue.for_year(performance_year)
    edition = _NO_RULES if year is None else year.rules.catalogue_edition
    content = {
        "deciding": DECIDING,
        "measures": [_content(measure) for measure in (year.measures if year else ())],
        "manual": _plain(manual_for(performance_year)),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    hash_ = hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARACTERS]
    return f"{performance_year}.{edition}-{hash_}"


def _content(measure: Measure) -> dict[str, object]:
    return {
        "definition": _plain(measure.definition),
        "code_lists": _plain(measure.code_lists),
        "drug_tables": _plain(measure.drug_tables),
        "aliases": sorted(measure.facts.aliases),
    }


def _plain(value: object) -> object:
    """The same for the same content: what has no order is put into one."""
    match value:
        case BaseModel():
            return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return sorted((_plain(each) for each in value), key=repr)
        case range():
            return [value.start, value.stop]
        case Enum():
            return value.value
        case Decimal() | date():
            return str(value)
        case None | bool() | int() | str():
            return value
        case _:
            raise TypeError(f"a catalogue holds no {type(value).__name__}")
