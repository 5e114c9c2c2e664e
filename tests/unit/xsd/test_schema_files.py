"""The schema files themselves: explained throughout, listed, and without loose ends."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from schema_engines import VERSIONS, XSDS, entry_file

COMMON = XSDS / "common"
FILES = sorted(XSDS.glob("*/*.xsd"))
XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
DATES = ("accepted_from", "required_from", "accepted_until")
ENTRIES = tomllib.loads((XSDS / "versions.toml").read_text(encoding="utf-8"))

every_file = pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}"
)


@every_file
def test_every_declaration_and_every_listed_value_is_explained(file: Path) -> None:
    tree = etree.parse(str(file))
    declared = tree.xpath(
        "/xs:schema | //xs:complexType | //xs:group[@name] | //xs:simpleType"
        " | //xs:element[@name] | //xs:enumeration",
        namespaces=XS,
    )
    silent = [
        (node.sourceline, node.get("name", node.get("value")))
        for node in declared
        if not (node.findtext("xs:annotation/xs:documentation", "", XS)).strip()
    ]
    assert silent == []


@every_file
def test_an_assumption_is_one_line(file: Path) -> None:
    notes = etree.parse(str(file)).iterfind(".//xs:appinfo", XS)
    assert all(
        note.get("source") in {"urn:nacor:assumption", "urn:nacor:example"}
        and (note.text or "").strip()
        and "\n" not in note.text
        for note in notes
    )


@every_file
def test_a_type_that_aqi_may_have_narrowed_says_so(file: Path) -> None:
    assumed = ("xs:dateTime", "xs:decimal", "xs:nonNegativeInteger", "xs:positiveInteger")
    for element in etree.parse(str(file)).iterfind(".//xs:element", XS):
        if element.get("type") in (*assumed, "xs:boolean"):
            assert assumptions(element), element.get("name")


@every_file
def test_a_pattern_spells_out_its_digits(file: Path) -> None:
    patterns = etree.parse(str(file)).xpath("//xs:pattern/@value", namespaces=XS)
    assert [p for p in patterns if r"\d" in p] == [], "in XSD that is the digits of every script"


def test_every_shared_file_is_used_by_a_version() -> None:
    used = {file for version in VERSIONS for file in included(entry_file(version))}
    assert {file for file in COMMON.glob("*.xsd") if file not in used} == set()


def test_both_orders_of_a_record_have_the_same_sections() -> None:
    strict, free = (
        etree.parse(str(COMMON / f"record-{order}.xsd")).findall(".//xs:element", XS)
        for order in ("strict", "any-order")
    )
    assert list(map(etree.tostring, strict)) == list(map(etree.tostring, free))


@pytest.mark.parametrize(
    ("older", "newer", "added"),
    [
        ("outcome-ids-2017", "outcome-ids-2019", {"102", "103"}),
        (
            "credentials-2017",
            "credentials-2019",
            {"Dentist Anesthesiologist", "Dentist Anesthesiologist Resident"},
        ),
    ],
)
def test_a_newer_list_repeats_the_older_one_word_for_word(
    older: str, newer: str, added: set[str]
) -> None:
    before, after = meanings(older), meanings(newer)
    assert after.keys() - before.keys() == added
    assert before == {value: after[value] for value in before}


def test_the_list_of_versions_and_the_folders_agree() -> None:
    assert sorted(ENTRIES) == VERSIONS
    assert list(ENTRIES) == sorted(ENTRIES), "oldest first"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_entry_says_what_its_id_says(version: str) -> None:
    entry = ENTRIES[version]
    assert entry["year"] == int(version[:4])
    assert entry["order"] == ("any" if version.endswith("R") else "strict")
    assert f"record-{'any-order' if version.endswith('R') else 'strict'}.xsd" in {
        file.name for file in included(entry_file(version))
    }
    assert entry["source"]
    assert entry["notes"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_dates_of_an_entry_are_dates_in_order(version: str) -> None:
    entry = ENTRIES[version]
    dates = [entry[name] for name in DATES if name in entry]
    assert all(type(day) is date for day in dates)
    assert all(earlier <= later for earlier, later in pairwise(dates))
    flags = {name.removesuffix("_assumed") for name in entry if name.endswith("_assumed")}
    assert flags <= set(DATES) & entry.keys()


def test_the_open_versions() -> None:
    open_ = {version for version, entry in ENTRIES.items() if entry["status"] == "open"}
    assert open_ == {"2020V1.0", "2020V1.0R", "2023V1.0", "2023V1.0R"}
    assert all("accepted_until" not in ENTRIES[version] for version in open_)
    assert all(ENTRIES[version]["status"] == "closed" for version in ENTRIES.keys() - open_)


def included(file: Path) -> set[Path]:
    """Every file that `file` includes, over any number of steps."""
    places = etree.parse(str(file)).xpath("//xs:include/@schemaLocation", namespaces=XS)
    direct = {(file.parent / place).resolve() for place in places}
    return direct.union(*(included(other) for other in direct))


def assumptions(element: etree._Element) -> list[etree._Element]:
    return element.findall("xs:annotation/xs:appinfo[@source='urn:nacor:assumption']", XS)


def meanings(name: str) -> dict[str, str]:
    values = etree.parse(str(COMMON / f"{name}.xsd")).iterfind(".//xs:enumeration", XS)
    return {
        value.get("value"): value.findtext("xs:annotation/xs:documentation", "", XS)
        for value in values
    }
