"""Findings: faults and remarks about a case file. They are data: all collected, none raised."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
    TOO_MANY_RECORDS = "AR014"

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
    LATE_PART = "AR216"
    OTHER_SCHEMA_FAULT = "AR299"

    RECORD_ID_BLANK = "AR301"
    RECORD_ID_TWICE = "AR302"
    TEXT_TOO_LONG = "AR303"
    VALUE_OUT_OF_RANGE = "AR304"
    NPI_CHECK_DIGIT = "AR305"
    TIN_DUMMY = "AR306"
    STAFF_TWICE = "AR307"
    DIRECTION_DISAGREES = "AR308"
    NO_ANESTHESIA_CLINICIAN = "AR309"
    ENDS_BEFORE_START = "AR310"
    LONGER_THAN_A_DAY = "AR311"
    SERVICE_IN_FUTURE = "AR312"
    SERVICE_OUTSIDE_VERSION = "AR313"
    SERVICE_BEFORE_BIRTH = "AR314"
    DISCHARGE_BEFORE_SURGERY = "AR315"
    LAB_OUT_OF_TIME = "AR316"
    ZONE_IN_TIME = "AR317"
    PROCEDURE_OUTSIDE_ANESTHESIA = "AR318"
    INDUCTION_OUTSIDE_ANESTHESIA = "AR319"
    AGE_DISAGREES_WITH_BIRTH = "AR320"
    WEIGHT_IMPLAUSIBLE = "AR321"
    HEIGHT_IMPLAUSIBLE = "AR322"
    UNITS_DISAGREE = "AR323"
    BMI_IMPLAUSIBLE = "AR324"
    TEMPERATURE_IMPLAUSIBLE = "AR325"
    TEMPERATURE_UNIT_MISSING = "AR326"
    TEMPERATURE_UNIT_WRONG = "AR327"
    ICD_VERSION_DISAGREES = "AR330"
    ICD_OUT_OF_TIME = "AR331"
    NOT_AN_ANESTHESIA_CODE = "AR332"
    EMERGENCY_DISAGREES = "AR333"
    SUBCATEGORY_DISAGREES = "AR334"
    TIME_FAR_FROM_CASE = "AR335"
    ADMISSION_AFTER_START = "AR336"
    NO_MINUTES = "AR337"
    SEVERITY_WITHOUT_OUTCOME = "AR340"
    OUTCOME_CONTRADICTED = "AR341"
    QUALITY_CODE_TWICE = "AR350"
    QUALITY_CODES_CONTRADICT = "AR351"
    QUALITY_CODE_OF_OTHER_MEASURE = "AR352"
    MEASURE_NOT_ACTIVE = "AR353"
    MEASURE_UNKNOWN = "AR354"
    AGE_OUTSIDE_MEASURE = "AR355"
    MODIFIER_OF_OTHER_CODES = "AR356"
    RECORD_CONTRADICTS_CODE = "AR357"
    MINIMUM_FIELD_MISSING = "AR360"

    TIN_NOT_REGISTERED = "AR401"
    SERVICE_OUTSIDE_PERIOD = "AR402"
    CASE_OF_RECORD_UNKNOWN = "AR403"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or remark.

    `message` is in our own words and never quotes a submitted value, except of a closed list or a
    version id. `line` counts from 1 in the file as received. `path` is an XPath with a position on
    every repeated element; for something missing it names the parent; a rule tells by `missing`
    what is missing there. `record` counts from 1. `acceptance` is what the practice had accepted
    it by when the file was processed.
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
    missing: str | None = None
    acceptance: UUID | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.is_error for finding in findings)
