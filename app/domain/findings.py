"""Findings: faults and remarks about a case file. They are data: all collected, none raised."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Scope(StrEnum):
    """What an error keeps from being stored: the whole file, or its record alone."""

    FILE = "file"
    RECORD = "record"


class FindingCode(StrEnum):
    """Published codes. Never renumbered or reused; a retired one keeps its line."""

    FILE_EMPTY = "AR001"
    NOT_XML = "AR002"
    ENCODING = "AR003"
    DTD_REFUSED = "AR004"
    WRONG_ROOT = "AR005"
    RECORD_MALFORMED = "AR006"
    FILE_CUT_OFF = "AR007"
    RECORD_TOO_LARGE = "AR008"
    BETWEEN_RECORDS = "AR009"
    AFTER_THE_END = "AR010"
    ROOT_NAMESPACE = "AR011"
    NO_RECORDS = "AR012"
    ROOT_ATTRIBUTE = "AR013"

    HEADER_MISSING = "AR101"
    OTHER_PRACTICE = "AR102"
    VERSION_MISSING = "AR103"
    VERSION_UNKNOWN = "AR104"
    VERSION_CLOSED = "AR105"
    HEADER_MISPLACED = "AR106"

    NOT_IN_LIST = "AR201"
    MISSING_ELEMENT = "AR202"
    UNEXPECTED_ELEMENT = "AR203"
    WRONG_ORDER = "AR204"
    REPEATED_ELEMENT = "AR205"
    PATTERN = "AR206"
    NUMBER = "AR207"
    DATE_TIME = "AR208"
    EMPTY_ELEMENT = "AR209"
    STRAY_TEXT = "AR210"
    ATTRIBUTE = "AR211"
    NAMESPACE = "AR212"
    BOOLEAN = "AR213"
    CHILD_IN_VALUE = "AR214"
    NIL = "AR215"
    OTHER_SCHEMA_FAULT = "AR299"

    RECORD_ID_BLANK = "AR301"
    RECORD_ID_TWICE = "AR302"
    TEXT_TOO_LONG = "AR303"
    VALUE_OUT_OF_RANGE = "AR304"

    TIN_NOT_REGISTERED = "AR401"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or remark.

    `message` is in our own words and never quotes a submitted value, except of a closed list or a
    version id. `line` counts from 1 in the file as received. `path` is an XPath with a position on
    every repeated element; for something missing it names the parent. `record` counts from 1.
    """

    code: FindingCode
    severity: Severity
    scope: Scope
    message: str
    path: str
    line: int | None = None
    record: int | None = None
    anesthesia_record_id: str | None = None
    expected: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.is_error for finding in findings)
