"""Case files for the tests of the reader, the reader's answer, and the answer of plain lxml."""

import io
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lxml import etree

from app.domain.findings import Finding, FindingCode, has_error
from app.xsd.catalogue import shipped_schemas
from app.xsd.reader import CaseFileReader, read_case_file
from app.xsd.reads import HeaderRead, Read, RecordRead, RecordRun, RunsOver
from app.xsd.runs import NoRun, read_run

DATA = Path(__file__).parents[2] / "data"
VERSION = "2020V1.0"
CATALOGUE = shipped_schemas()


class Drip:
    """A source that gives a few bytes at a time, so that every token is torn somewhere."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = io.BytesIO(data)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._data.read(min(size, self._size))


@dataclass(frozen=True)
class Answer:
    """All that the reader says of a file."""

    reads: list[Read]

    @property
    def headers(self) -> list[HeaderRead]:
        return [read for read in self.reads if isinstance(read, HeaderRead)]

    @property
    def records(self) -> list[RecordRead]:
        return [read for read in self.reads if isinstance(read, RecordRead)]

    @property
    def file_findings(self) -> list[Finding]:
        return [read for read in self.reads if isinstance(read, Finding)]

    @property
    def findings(self) -> list[Finding]:
        of_records = [finding for record in self.records for finding in record.findings]
        return self.file_findings + of_records

    @property
    def codes(self) -> list[FindingCode]:
        return [finding.code for finding in self.findings]

    @property
    def ids(self) -> list[str | None]:
        return [record.anesthesia_record_id for record in self.records]

    @property
    def good_ids(self) -> list[str | None]:
        return [r.anesthesia_record_id for r in self.records if not has_error(r.findings)]

    @property
    def is_valid(self) -> bool:
        return not has_error(self.findings)


def read(data: bytes, drip: int | None = None) -> Answer:
    source = io.BytesIO(data) if drip is None else Drip(data, drip)
    return Answer(list(read_case_file(source, CATALOGUE)))


RUN_BYTES = 2_000
"""Two or three of the records here: a nasty file has its nasty parts within runs and between."""


def read_in_runs(data: bytes, drip: int | None = None) -> Answer:
    """Read runs of records apart, as other processes do, three behind the reader."""
    source = io.BytesIO(data) if drip is None else Drip(data, drip)
    reader = CaseFileReader(source, CATALOGUE, run_bytes=RUN_BYTES)
    reads: list[Read] = []
    runs: list[RecordRun] = []
    for each in reader.reads():
        if isinstance(each, RecordRun):
            runs.append(each)
        elif not isinstance(each, RunsOver):
            reads.append(each)
        while len(runs) > (3 if isinstance(each, RecordRun) else 0):
            try:
                reads += list(read_run(runs[0], CATALOGUE.get(VERSION), CATALOGUE))
                del runs[0]
            except NoRun:
                reader.give_back(runs)
                runs = []
    return Answer(reads)


def as_told(answer: Answer) -> list[object]:
    """What can be compared of an answer: parsed elements are never equal."""
    return [
        replace(each, element=None) if isinstance(each, RecordRead) else each
        for each in answer.reads
    ]


@dataclass(frozen=True)
class Verdict:
    """What lxml says of the whole document; `invalid` numbers its refused records from 1."""

    is_well_formed: bool
    is_valid: bool = False
    ids: tuple[str | None, ...] = ()
    lines: tuple[int, ...] = ()
    invalid: frozenset[int] = frozenset()


def ask_lxml(data: bytes, version: str = VERSION) -> Verdict:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return Verdict(is_well_formed=False)
    schema = CATALOGUE.compiled(CATALOGUE.get(version))
    is_valid = schema.validate(root) and not root.getroottree().docinfo.doctype
    records = root.findall("{*}AnesthesiaRecord")
    return Verdict(
        is_well_formed=True,
        is_valid=is_valid,
        ids=tuple(_record_id(record) for record in records),
        lines=tuple(record.sourceline or 0 for record in records),
        invalid=frozenset(n for n, each in enumerate(records, 1) if not schema.validate(each)),
    )


def _record_id(record: etree._Element) -> str | None:
    return "".join(record.xpath("AnesthesiaCase/AnesthesiaRecordID[1]/text()")).strip() or None


@cache
def sample(name: str = "minimal", version: str = VERSION) -> str:
    return (DATA / version / "valid" / f"{name}.xml").read_text(encoding="utf-8")


HEADER = sample()[sample().index("<RecordHeader>") : sample().index("<AnesthesiaRecord>")].strip()
_RECORD = sample()[sample().index("<AnesthesiaRecord>") : sample().index("</AnesthesiaRecords>")]


def a_record(record_id: str = "A-0001") -> str:
    return _RECORD.strip().replace("A-0001", record_id)


def a_case_file(*content: str, root: str = "<AnesthesiaRecords>", header: str = HEADER) -> bytes:
    """A case file with `content` behind its header, a line break between any two parts."""
    return "\n".join([root, header, *content, "</AnesthesiaRecords>"]).encode()
