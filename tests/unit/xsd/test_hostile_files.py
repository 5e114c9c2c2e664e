"""Files made to exhaust the reader: each ends with a finding, in little memory and time."""

import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from reading import CATALOGUE, HEADER, a_case_file, a_record, read

from app.xsd.explain import MOST_FINDINGS
from app.xsd.reader import read_case_file
from app.xsd.reads import RecordRead

MIB = 1 << 20
GIB = 1 << 30
START = f"<AnesthesiaRecords>\n{HEADER}\n".encode()
END = b"\n</AnesthesiaRecords>"


class Endless:
    """A source that repeats `filler` up to `size` bytes between `start` and `end`."""

    def __init__(self, start: bytes, filler: bytes, size: int, end: bytes = b"") -> None:
        block = filler * (MIB // len(filler))
        blocks = itertools.repeat(block, size // len(block))
        self._parts: Iterator[bytes] = itertools.chain([start], blocks, [end])
        self.given = 0

    def read(self, size: int, /) -> bytes:
        part = next(self._parts, b"")
        self.given += len(part)
        return part


# --- streams that are no case file end early ---------------------------------------------------

TEN_GIB = {
    "garbage": (b"\x8f\x02\xffgarbage", b"\x8f\x02\xffgarbage"),
    "text": (b"", b"Case 1: knee replacement. "),
    "nulls": (b"", b"\0"),
    "white space": (b"", b"   \n"),
    "a comment": (b"<!-- ", b"note "),
    "an instruction": (b"<?note ", b"note "),
    "a tag": (b"<AnesthesiaRecords a='", b"x"),
    "attributes": (b"<AnesthesiaRecords ", b" a='1'"),
    "elements of another kind": (b"<Cases>", b"<Case/>"),
    "a compressed file": (b"\x1f\x8b\x08\x00", b"\x9c\x4b\x4c\x4a"),
}


@pytest.mark.parametrize(("start", "filler"), TEN_GIB.values(), ids=list(TEN_GIB))
def test_ten_gibibytes_of_something_else_end_early(start: bytes, filler: bytes) -> None:
    source = Endless(start, filler, 10 * GIB)
    (finding,) = read_case_file(source, CATALOGUE)
    assert getattr(finding, "code", "")[:4] == "AR00"
    assert source.given < 40 * MIB


# --- memory ------------------------------------------------------------------------------------

STREAMS: dict[str, tuple[bytes, bytes, int, bytes]] = {
    "text between records": (START, b"text ", 100 * MIB, END),
    "a record without end": (START + b"<AnesthesiaRecord>", b"text ", 100 * MIB, END),
    "a comment between records": (START + b"<!--", b"note ", 100 * MIB, b"-->" + END),
    "comments between records": (START, b"<!-- note -->\n", 30 * MIB, END),
    "sections between records": (START, b"<![CDATA[", 2 * MIB, END),
    "start tags in a record": (START + b"<AnesthesiaRecord>", b"<a>", 20 * MIB, END),
    "text behind the end": (START + END, b"text ", 100 * MIB, b""),
}


def findings_and_growth() -> dict[str, tuple[list[str], float]]:
    """The codes found in each stream, and by how many MiB the process had grown behind it.

    Run in a process of its own.
    """

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    read(a_case_file(a_record(), "<x/>", a_record("A-2").replace("Female", "f")))
    before = peak()
    return {
        name: (codes_in(Endless(*stream)), (peak() - before) / 1024)
        for name, stream in STREAMS.items()
    }


def codes_in(source: Endless) -> list[str]:
    codes: list[str] = []
    for each in read_case_file(source, CATALOGUE):
        found = each.findings if isinstance(each, RecordRead) else [each]
        codes += [str(finding.code) for finding in found if hasattr(finding, "code")]
    return codes


@pytest.fixture(scope="module")
def read_in_a_process() -> dict[str, tuple[list[str], float]]:
    script = (
        "import json\n"
        "from test_hostile_files import findings_and_growth\n"
        "print(json.dumps(findings_and_growth()))\n"
    )
    path = [str(Path(__file__).parent), *filter(None, sys.path)]
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={"PYTHONPATH": ":".join(path)},
    )
    found: dict[str, tuple[list[str], float]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", STREAMS)
def test_memory_is_bounded_whatever_a_file_does(
    name: str, read_in_a_process: dict[str, tuple[list[str], float]]
) -> None:
    codes, grown_mib = read_in_a_process[name]
    assert codes
    assert len(codes) <= 3
    assert grown_mib < 150


# --- time --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heavy:
    """A case file whose reading took minutes, or would when done without thought."""

    name: str
    content: str
    codes: set[str]
    findings: int

    def __str__(self) -> str:
        return self.name


def in_drugs(content: str) -> str:
    types = f"<MedicationsSet><Medication><MedicationName>x</MedicationName>{content}"
    closed = f"{types}</Medication></MedicationsSet>"
    return a_record().replace("<IntraOp/>", f"<IntraOp>{closed}</IntraOp>")


def attributes(number: int) -> str:
    return " ".join(f"a{n}=''" for n in range(number))


ASTRAY = "<PreOp><PostOp>" * 100 + "</PostOp></PreOp>" * 100
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
HEAVY = [
    Heavy("empty records", "<AnesthesiaRecord/>" * 50_000, {"AR202"}, 50_000),
    Heavy(
        "empty records in full",
        "<AnesthesiaRecord></AnesthesiaRecord>" * 30_000,
        {"AR202"},
        30_000,
    ),
    Heavy(
        "wrong values side by side",
        a_record().replace("</ASAClass>", "</ASAClass><ICDSet>" + "<ICD/>" * 100_000 + "</ICDSet>"),
        {"AR202", "AR299"},
        MOST_FINDINGS + 1,
    ),
    Heavy(
        "types of another schema",
        in_drugs(f"<MedicationType {XSI} xsi:type='x'/>" * 30_000),
        {"AR299"},
        1,
    ),
    Heavy(
        "a million attributes",
        a_record().replace("<PreOp>", f"<PreOp {attributes(1_000_000)}>"),
        {"AR006"},
        1,
    ),
    Heavy(
        "many attributes",
        a_record().replace("<PreOp>", f"<PreOp {attributes(50_000)}>"),
        {"AR211"},
        1,
    ),
    Heavy(
        "misspellings, each another one",
        "".join(a_record(f"A-{n}").replace("Female", f"Fmal{n:x}") for n in range(4_000)),
        {"AR201"},
        4_000,
    ),
    Heavy(
        "elements in no order",
        in_drugs("<MedDose>1</MedDose><MedicationType/>" * 50_000),
        {"AR204", "AR299"},
        MOST_FINDINGS + 1,
    ),
    Heavy(
        "elements behind many that they come before",
        in_drugs("<MedicationRoute/>" * 200_000 + "<MedicationType/>" * 1_000),
        {"AR204"},
        1_000,
    ),
    Heavy(
        "sections astray in one another",
        a_record().replace("<PatientSex>", f"{ASTRAY}<PatientSex>"),
        {"AR203"},
        1,
    ),
    Heavy("comments between records", "<!-- note -->\n" * 300_000, {"AR012"}, 1),
    Heavy("sections in a record", a_record().replace("F-01", "<![CDATA[" * 100_000), {"AR006"}, 1),
]


@pytest.mark.parametrize("heavy", HEAVY, ids=str)
def test_reading_takes_seconds_and_no_minutes(heavy: Heavy) -> None:
    data = a_case_file(heavy.content)
    began = time.process_time()
    answer = read(data)
    seconds = time.process_time() - began
    assert set(answer.codes) == heavy.codes
    assert len(answer.findings) == heavy.findings
    assert seconds < 20


# --- odd bytes ---------------------------------------------------------------------------------


def test_a_comment_of_16_mib_stands_in_its_own_record_only() -> None:
    long = a_record("A-2").replace("<IntraOp/>", f"<IntraOp><!--{'x' * 16 * MIB}--></IntraOp>")
    answer = read(a_case_file(a_record("A-1"), long, a_record("A-3")))
    assert answer.codes == ["AR008"]
    assert answer.good_ids == ["A-1", "A-3"]


def test_a_comment_of_16_mib_between_records_is_stepped_over() -> None:
    answer = read(a_case_file(a_record("A-1"), f"<!--{'x' * 15 * MIB}-->", a_record("A-3")))
    assert answer.is_valid
    assert answer.ids == ["A-1", "A-3"]


def test_one_line_of_4_mib_is_read_as_many_would_be() -> None:
    records = "".join(a_record(f"A-{n}") for n in range(4_500)).replace("\n", "")
    data = a_case_file(records + a_record("B").replace("\n", "").replace("Female", "F"))
    assert len(data) > 4 * MIB
    answer = read(data)
    assert [(f.code, f.record, f.line) for f in answer.findings] == [
        ("AR201", 4_501, data[: data.index(b"<AnesthesiaRecord>")].count(b"\n") + 1)
    ]


@pytest.mark.parametrize(
    "cut", [b"\xc3", b"\xe2\x82", b"\xf0\x9f\xa9", b"\x80", b"\xc0\x80", b"\xed\xa0\x80"]
)
def test_a_character_that_is_cut_off_spoils_its_record_only(cut: bytes) -> None:
    data = a_case_file(a_record("A-1"), a_record("A-2"), a_record("A-3"))
    answer = read(data.replace(b"A-2", b"A-2" + cut))
    assert answer.codes == ["AR006"]
    assert answer.good_ids == ["A-1", "A-3"]


def test_utf_16_with_half_a_character_at_its_end_is_cut_off() -> None:
    data = a_case_file(a_record("A-1")).decode().encode("utf-16")
    (finding,) = read(data[:-3]).findings
    assert finding.code == "AR007"


def test_a_root_with_a_tag_that_every_record_would_have_to_carry_is_refused() -> None:
    many = " ".join(f'xmlns:p{n}="urn:example:{n}"' for n in range(1_000))
    (finding,) = read(a_case_file(a_record(), root=f"<AnesthesiaRecords {many}>")).findings
    assert (finding.code, finding.path) == ("AR002", "/")
