"""A valid sample case file of any version, written from the model of its schema."""

import tomllib
from collections import Counter
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from app.xsd.catalogue import SchemaVersion
from app.xsd.model import ElementModel
from app.xsd.prolog import RECORD

_VALUES_FILE: Final = Path(__file__).parent / "data" / "sample_values.toml"
_SINCE: Final = "since"
_AGE_YEARS: Final = 47  # at the end of the year; the patient's birthday is still to come


class Extent(StrEnum):
    """`FULL` is every element of the version, repeated ones twice; `REQUIRED` the fewest."""

    FULL = "full"
    REQUIRED = "required"


def sample_case_file(version: SchemaVersion, extent: Extent = Extent.FULL) -> bytes:
    """Return the same bytes every time, in UTF-8. All that stands in them is made up."""
    root = _Writer(version, extent).element(version.model)
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root) + b"\n"


@cache
def sample_values(year: int) -> dict[str, list[str]]:
    """What may stand in each element of a version of `year`, by its name; taken in turn."""
    sections = tomllib.loads(_VALUES_FILE.read_text(encoding="utf-8"))
    changes = sections.pop(_SINCE)
    values = {name: values for section in sections.values() for name, values in section.items()}
    for since in sorted(changes):
        if int(since) <= year:
            values |= changes[since]
    return values


class _Writer:
    """An element for every declaration, filled in the order in which they stand."""

    def __init__(self, version: SchemaVersion, extent: Extent) -> None:
        self._version = version
        self._extent = extent
        self._seen: Counter[str] = Counter()

    def element(self, model: ElementModel) -> etree._Element:
        self._seen[model.name] += 1
        element = etree.Element(model.name)
        if model.value is not None:
            element.text = self._value(model.name)
            return element
        for child in model.children:
            element.extend(self.element(child) for _ in range(self._times(child)))
        if model.in_any_order and self._extent is Extent.FULL:
            element[:] = element[::-1]  # another order than that of the schema, to show that it may
        return element

    def _times(self, model: ElementModel) -> int:
        if self._extent is Extent.REQUIRED:
            return model.min_occurs
        return 2 if model.repeats else 1

    def _value(self, name: str) -> str:
        values = sample_values(self._version.year)[name]
        return values[(self._seen[name] - 1) % len(values)].format(
            version=self._version.id,
            year=self._version.year,
            date=f"{self._version.year}-03-{self._seen[RECORD]:02}",
            birth_year=self._version.year - _AGE_YEARS,
        )
