"""The names of elements in each version, from the schema files alone: a model takes a second."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from lxml import etree

from app.xsd.catalogue import DEFAULT_FOLDER, SchemaVersion
from app.xsd.parsing import new_parser

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"


class OtherVersion(NamedTuple):
    """Where an element is that the version at hand lacks: `id` is the first newer version with it,
    or, where `is_newer` is False, the last older one. `names` are those of all its elements.
    """

    id: str
    is_newer: bool
    names: frozenset[str]


@cache
def element_names(xsd: Path) -> frozenset[str]:
    """Return the names of all elements that the schema file and those it includes declare."""
    root = etree.parse(str(xsd), new_parser(keep_blanks=False)).getroot()
    names = {name for each in root.iter(f"{_XS}element") if (name := each.get("name"))}
    for include in root.iterchildren(f"{_XS}include"):
        names |= element_names((xsd.parent / include.get("schemaLocation", "")).resolve())
    return frozenset(names)


@cache
def published_names() -> frozenset[str]:
    """Return the names of the elements of every version: they are no data of a patient."""
    return frozenset().union(*(element_names(xsd) for xsd in DEFAULT_FOLDER.rglob("*.xsd")))


def other_version_with(
    name: str, version: SchemaVersion, versions: Iterable[SchemaVersion]
) -> OtherVersion | None:
    """Tell which other version has the element `name` that `version` lacks.

    `versions` come oldest first.
    """
    if name in element_names(version.xsd):
        return None
    having = [each for each in versions if name in element_names(each.xsd)]
    newer = next((each for each in having if each.year > version.year), None)
    if newer is not None:
        return OtherVersion(newer.id, True, element_names(newer.xsd))
    older = [each for each in having if each.year < version.year and not each.any_order]
    return OtherVersion(older[-1].id, False, element_names(older[-1].xsd)) if older else None
