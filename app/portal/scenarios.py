"""Case files of common workflows for any version, from data/samples and the version's schema."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from app.domain.findings import FindingCode
from app.xsd.catalogue import SchemaVersion
from app.xsd.model import ElementModel
from app.xsd.prolog import HEADER, RECORD, ROOT

_FOLDER: Final = Path(__file__).parent / "data" / "samples"
_PLACE: Final = re.compile(r"\{(\w+)(?:-(\d+))?\}")
_NAMES_OF_2017: Final = {"CPTAnessSet": "CPTAnesSet", "CPTAnesModifer": "CPTAnesModifier"}
_ONLY_FROM: Final = "only_from"
_HEADER: Final[dict[str, Any]] = {
    "PracticeID": "12345",
    "CreatedBy": "Made-up data",
    "CreateDate": "{year}-04-15T12:00:00.000",
    "EmailSet": {
        "EmailNotificationSet": {
            "EmailNotificationFirstName": "Robin",
            "EmailNotificationLastName": "Example",
            "EmailNotificationAddress": "robin.example@example.org",
        }
    },
    "AQIXMLVersion": "{version}",
}

Elements = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A change to the one record of another scenario, and what is found there: None for nothing."""

    of: str
    replacements: tuple[tuple[str, str], ...]
    code: FindingCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Either `records` or `faults` is empty."""

    name: str
    title: str
    about: str
    records: tuple[Elements, ...]
    faults: tuple[Fault, ...]

    @property
    def codes(self) -> tuple[FindingCode, ...]:
        """The findings that the file gives, in the order of its records."""
        return tuple(fault.code for fault in self.faults if fault.code is not None)


@cache
def scenarios() -> dict[str, Scenario]:
    """Return all by their names, in the order in which a page lists them."""
    tables = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in _FOLDER.glob("*.toml")
    }
    in_order = sorted(tables, key=lambda name: tables[name]["order"])
    return {name: _scenario(name, tables[name]) for name in in_order}


def scenario_file(scenario: Scenario, version: SchemaVersion) -> bytes:
    """Return the same bytes every time, in UTF-8, indented."""
    writer = _Writer(version)
    root = etree.Element(ROOT)
    root.append(writer.element(writer.model(HEADER), _HEADER))
    root.extend(writer.record(each) for each in scenario.records)
    root.extend(_faulty(fault, writer) for fault in scenario.faults)
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root) + b"\n"


def _scenario(name: str, table: dict[str, Any]) -> Scenario:
    return Scenario(
        name=name,
        title=table["title"],
        about=table["about"],
        records=tuple(table.get("record", ())),
        faults=tuple(_fault(each) for each in table.get("fault", ())),
    )


def _fault(table: dict[str, Any]) -> Fault:
    edits = [table["replace"], *([table["also"]] if "also" in table else [])]
    return Fault(
        of=table["of"],
        replacements=tuple((find, put) for find, put in edits),
        code=FindingCode(table["code"]) if "code" in table else None,
    )


def _faulty(fault: Fault, writer: "_Writer") -> etree._Element:
    (elements,) = scenarios()[fault.of].records
    text = etree.tostring(writer.record(elements), encoding="unicode")
    for find, put in fault.replacements:
        find, put = writer.filled(find), writer.filled(put)
        assert find in text, f"{fault.of} has no {find}"
        text = text.replace(find, put, 1)
    return etree.fromstring(text)


class _Writer:
    """Writes elements in the order of a version, under its names, as far as it has them."""

    def __init__(self, version: SchemaVersion) -> None:
        self._version = version
        day = date(version.year, 3, 1)
        self._places = {
            "year": str(version.year),
            "version": version.id,
            "date": day.isoformat(),
            "next_date": (day + timedelta(days=1)).isoformat(),
        }

    def model(self, name: str) -> ElementModel:
        found = self._version.model.child(name)
        assert found is not None, "every version has a header and records"
        return found

    def record(self, elements: Elements) -> etree._Element:
        return self.element(self.model(RECORD), elements)

    def element(self, model: ElementModel, content: Elements | str) -> etree._Element:
        element = etree.Element(model.name)
        if isinstance(content, str):
            element.text = self.filled(content)
            return element
        for child in model.children:
            given = content.get(_NAMES_OF_2017.get(child.name, child.name), ())
            repeated = given if isinstance(given, list | tuple) else [given]
            element.extend(self.element(child, each) for each in repeated if self._holds(each))
        return element

    def filled(self, text: str) -> str:
        return _PLACE.sub(self._value, text)

    def _value(self, place: re.Match[str]) -> str:
        value = self._places[place[1]]
        return value if place[2] is None else str(int(value) - int(place[2]))

    def _holds(self, content: Elements | str) -> bool:
        if isinstance(content, str):
            return True
        first_year: int = content.get(_ONLY_FROM, self._version.year)
        return first_year <= self._version.year
