"""One fault, one finding: every case of tests/data/faults.toml, and what holds for all of them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property

import pytest
from lxml import etree
from reading import CATALOGUE, DATA, Answer, ask_lxml, read, sample

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.catalogue import SchemaVersion
from app.xsd.explain import MOST_FINDINGS, Place, explain
from app.xsd.model import ElementModel

VERSIONS = [version.id for version in CATALOGUE.versions()]
FIRST_RECORD = "/AnesthesiaRecords/AnesthesiaRecord[1]"
REST = "\u2026"
# A made-up value that no schema accepts and no message of ours holds.
TELLTALE = "ZQXJ-4711"


@dataclass(frozen=True)
class Fault:
    """One entry of faults.toml; the head of that file says what its keys mean."""

    entry: dict[str, object]

    def __str__(self) -> str:
        return str(self.entry["name"])

    @property
    def version(self) -> str:
        return str(self.entry["in"]).partition("/")[0]

    @property
    def is_xml(self) -> bool:
        return str(self.entry["code"]) >= "AR2"

    @cached_property
    def edited(self) -> tuple[str, int, int]:
        """The changed text, and where in it the last edit begins and ends."""
        version, _, name = str(self.entry["in"]).partition("/")
        text, start, end, kept = edit(
            sample(name, version), self.entry["find"], self.entry["replace"]
        )
        if then := self.entry.get("then"):
            text, start, end, _ = edit(text, then[0], then[1].replace(REST, kept))
        return text, start, end

    @cached_property
    def answer(self) -> Answer:
        return read(self.data)

    @property
    def data(self) -> bytes:
        return self.edited[0].encode()

    @property
    def line(self) -> int:
        text, at, end = self.edited
        if place := self.entry.get("line_of"):
            at = text.rindex(str(place), 0, max(end, at + 1))
        return text.count("\n", 0, at) + 1 + int(str(self.entry.get("down", 0)))

    @property
    def path(self) -> str:
        path = str(self.entry["path"])
        return path if path.startswith("/") else f"{FIRST_RECORD}/{path}".rstrip("/")


def edit(text: str, find: str, replace: str) -> tuple[str, int, int, str]:
    """The changed text, where the change begins and ends, and what "..." stood for."""
    between = "(.*)" if find.endswith(REST) else "(.*?)"
    found = re.search(between.join(map(re.escape, find.split(REST))), text, re.DOTALL)
    assert found, f"{find} is not in the sample"
    kept = found.group(1) if found.groups() else ""
    new = replace.replace(REST, kept)
    return (
        text[: found.start()] + new + text[found.end() :],
        found.start(),
        found.start() + len(new),
        kept,
    )


FAULTS = [
    Fault(entry) for entry in tomllib.loads((DATA / "faults.toml").read_text("utf-8"))["fault"]
]
every_fault = pytest.mark.parametrize("fault", FAULTS, ids=str)


@every_fault
def test_one_fault_gives_one_finding(fault: Fault) -> None:
    (finding,) = fault.answer.findings
    assert (finding.code, finding.path, finding.line) == (
        fault.entry["code"],
        fault.path,
        fault.line,
    )
    assert finding.severity == fault.entry.get("severity", "error")
    assert finding.suggestion == fault.entry.get("suggestion")
    assert str(fault.entry.get("says", "")) in finding.message
    if "expected" in fault.entry:
        assert list(finding.expected) == fault.entry["expected"]


@every_fault
def test_lxml_finds_fault_with_it_too(fault: Fault) -> None:
    if fault.is_xml and not fault.entry.get("severity"):
        verdict = ask_lxml(fault.data, fault.version)
        assert verdict.is_well_formed
        assert not verdict.is_valid


@every_fault
def test_a_fault_of_one_record_is_not_one_of_the_file(fault: Fault) -> None:
    (finding,) = fault.answer.findings
    in_record = fault.path.startswith("/AnesthesiaRecords/AnesthesiaRecord[")
    assert finding.scope is (Scope.RECORD if in_record else Scope.FILE)
    assert finding.record == (1 if in_record else None)


def test_every_code_of_the_reader_is_shown() -> None:
    # AR008 needs a record of 16 MiB, the others a submission: they have tests of their own.
    elsewhere = {"AR008", "AR014", "AR102", "AR105"}
    of_the_reader = {code.value for code in FindingCode if code.value < "AR3"} - elsewhere
    assert {fault.entry["code"] for fault in FAULTS} == of_the_reader


def test_only_types_of_another_schema_are_left_unexplained() -> None:
    unexplained = [fault for fault in FAULTS if fault.entry["code"] == "AR299"]
    assert [str(fault) for fault in unexplained] == ["a type of another schema"]


@every_fault
def test_what_was_sent_is_not_said_again(fault: Fault) -> None:
    (finding,) = fault.answer.findings
    sent = str(fault.entry["replace"]).rpartition(">")[0].rpartition("<")[0].rpartition(">")[2]
    if finding.code in {"AR206", "AR207", "AR208", "AR213"} and sent.strip():
        assert sent not in finding.message


def leaf_paths(version: SchemaVersion) -> list[tuple[str, ElementModel]]:
    return [(path, model) for path, model in version.model.walk() if model.value]


@pytest.mark.parametrize("version", ["2017V1.0", "2020V1.0", "2023V1.0R"])
def test_no_value_is_quoted(version: str) -> None:
    root = etree.fromstring(sample("maximal", version).encode())
    model = CATALOGUE.get(version).model
    for path, declared in leaf_paths(CATALOGUE.get(version)):
        name, _, below = path.split("/", 2)[2].partition("/")
        element = root.find(path.split("/", 2)[2])
        part, part_model = root.find(name), model.child(name)
        assert element is not None
        assert part is not None
        assert part_model is not None
        was, element.text = element.text, TELLTALE
        findings = explain(part, part_model, Place(path=f"/{name}", line=1, scope=Scope.RECORD))
        element.text = was
        assert len(findings) == (not declared.value.accepts(TELLTALE)), below
        assert not [each for each in findings if TELLTALE in repr(each)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["minimal", "maximal"])
def test_there_is_nothing_to_explain_in_a_valid_file(version: str, name: str) -> None:
    answer = read(sample(name, version).encode())
    assert answer.is_valid
    assert explained(answer, version) == []


@pytest.mark.parametrize("version", [v for v in VERSIONS if v.endswith("R")])
def test_there_is_nothing_to_explain_in_any_order(version: str) -> None:
    root = etree.fromstring(sample("maximal", version).encode())
    for record in root.findall("AnesthesiaRecord"):
        record[:] = reversed(record)
    answer = read(etree.tostring(root))
    assert answer.is_valid
    assert explained(answer, version) == []


def explained(answer: Answer, version: str) -> list[Finding]:
    """What `explain` would say of records that libxml2 accepts."""
    model = CATALOGUE.get(version).model.child("AnesthesiaRecord")
    assert model is not None
    found: list[Finding] = []
    for record in answer.records:
        assert record.element is not None
        found += explain(record.element, model, Place(path=record.path, line=1, scope=Scope.RECORD))
    return found


# What one engine takes for a date or number and another does not, and what stands at a limit.
HARD_VALUES = [
    *("", " ", "\u00a0", "\t5\n", "5\u00a0", "+5", "-0", "05", "5.", ".5", "1e3", "INF", "\u0665"),
    *("2020-02-29", "2019-02-29", "2020-01-01Z", "2020-01-01+14:01", "0000-01-01", "-0001-01-01"),
    *("999999999999-01-01", " 2020-01-01T00:00:00 ", "2020-01-01T24:00:00", "2020-01-01T24:00:01"),
    *("2020-01-01T23:59:60", "2020-01-01T00:00:00.", "2020-01-01T00:00:00+05:60", "9" * 400),
    *("true", " true ", "TRUE", "1", "0", "\uff11\uff12\uff13", "a@b.c\n", "x" * 5000),
]


@pytest.mark.parametrize("version", ["2017V1.0", "2020V1.0", "2023V1.0R"])
def test_the_model_judges_values_as_libxml2_does(version: str) -> None:
    root = etree.fromstring(sample("maximal", version).encode())
    schema = CATALOGUE.compiled(CATALOGUE.get(version))
    for path, declared in leaf_paths(CATALOGUE.get(version)):
        element, part = root.find(path.split("/", 2)[2]), root.find(path.split("/")[2])
        assert element is not None
        was = element.text
        for value in [*HARD_VALUES, *(f" {each}" for each in list(declared.value.allowed)[:2])]:
            element.text = value
            assert declared.value.accepts(value) is schema.validate(part), (path, value)
        element.text = was


def with_faulty_codes(number: int) -> bytes:
    codes = "<CPT><CPTValue>none</CPTValue></CPT>" * number
    return sample("maximal").replace("<CPTSet>", f"<CPTSet>{codes}", 1).encode()


def test_every_fault_of_a_record_is_counted() -> None:
    assert len(read(with_faulty_codes(3000)).findings) == 3000


def test_a_record_with_too_many_faults_says_that_not_all_are_counted() -> None:
    *counted, last = read(with_faulty_codes(MOST_FINDINGS + 1)).findings
    assert len(counted) == MOST_FINDINGS
    assert last.code is FindingCode.OTHER_SCHEMA_FAULT
    assert "more than 10,000 faults" in last.message


def test_an_id_of_no_break_spaces_is_none() -> None:
    (first, *_) = read(sample().replace("A-0001", "\u00a0").encode()).records
    assert first.anesthesia_record_id is None


def test_more_than_one_fault_gives_more_than_one_finding_in_document_order() -> None:
    text = sample().replace("Female", "F").replace("Elective", "E").replace("<Age>46", "<Age>old")
    findings = read(text.encode()).findings
    assert [f.code for f in findings] == ["AR201", "AR201", "AR207"]
    assert [f.path.rpartition("/")[2] for f in findings] == ["PatientSex", "ProcStatus", "Age"]
    assert all(f.severity is Severity.ERROR for f in findings)
    assert all(f.anesthesia_record_id == "A-0001" for f in findings)
