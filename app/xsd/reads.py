"""What is read of a case file, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from app.domain.findings import Finding
from app.xsd.catalogue import SchemaVersion
from app.xsd.file_findings import record_path


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRead:
    """What the header says. `version` is None when its id is missing or not known.

    `practice_id` is None when it is missing or in a form that the schema refuses: that is a finding
    already, and what stands there may be anybody's value.
    """

    practice_id: str | None
    version_id: str | None
    version: SchemaVersion | None
    practice_line: int | None
    version_line: int | None


NO_HEADER = HeaderRead(
    practice_id=None, version_id=None, version=None, practice_line=None, version_line=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead:
    """A record, counted from 1, with what the schema finds in it.

    `data` is the record as received, in UTF-8, with the namespace declarations of the root.
    `element` is None when it is not well-formed.
    `checked` is False when no schema could be held against it: its version is not known.
    """

    number: int
    line: int
    data: bytes
    element: etree._Element | None
    anesthesia_record_id: str | None
    findings: tuple[Finding, ...]
    checked: bool

    @property
    def path(self) -> str:
        return record_path(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """Records from `number` on that are not read yet: `runs.read_run` does, in any process.

    `data` looks like `records` whole records; `namespaces` are the declarations of the root.
    """

    number: int
    line: int
    records: int
    data: bytes
    namespaces: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunsOver:
    """The runs so far are the last for now: the reader cannot take them back once it goes on."""


Read = HeaderRead | RecordRead | Finding
ReadOrRun = Read | RecordRun | RunsOver
