"""What the schema leaves open and a record must still keep to, to be stored."""

from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.intake.decode import clock_time
from app.xsd.reader import RecordRead

MAX_ID_LENGTH: Final = 255
MAX_AGE_YEARS: Final = 150
MAX_DAYS: Final = 100_000
MAX_DECIMAL_LENGTH: Final = 50

_ID_PATHS = (
    "AnesthesiaCase/AnesthesiaRecordID",
    "Procedure/FacilityID",
    "Procedure/ProcedureID",
    "Demographic/PatientID",
)
_MEASURES = ("Weight", "WeightInKg", "Height", "HeightInCm")
_METHOD_TIMES = (
    "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod/AnesthesiaStartTime",
    "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod/AnesthesiaEndTime",
)


class Twins:
    """Remembers the record ids of one file; about 100 bytes a record, whatever its size."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def first_of(self, record_id: str, number: int) -> int | None:
        """The number of an earlier record with this id, or None for the first of its kind."""
        first = self._first.setdefault(record_id, number)
        return None if first == number else first


def storable_findings(record: RecordRead, element: etree._Element, twins: Twins) -> list[Finding]:
    """Return why a record that the schema accepts cannot be stored all the same."""
    findings = list(_blank_id(record))
    if _is_suspect(record, element):
        findings += _lengths(record, element)
        findings += _ranges(record, element)
    return findings or list(_twin(record, twins))  # a rejected record is nobody's twin


def _is_suspect(record: RecordRead, element: etree._Element) -> bool:
    """Whether a closer look is worth while. Asked of every record, so it may suspect too many."""
    if len(record.anesthesia_record_id or "") > MAX_ID_LENGTH:
        return True
    return any(
        section.tag in _SUSPICIONS and _SUSPICIONS[section.tag](section) for section in element
    )


def _has_odd_numbers(preop: etree._Element) -> bool:
    if any(len(child.text or "") > MAX_DECIMAL_LENGTH for child in preop):
        return True
    age = preop.findtext("Age") or ""
    return not (age.isascii() and age.isdigit() and len(age) <= 3 and int(age) <= MAX_AGE_YEARS)


def _has_odd_stay(postop: etree._Element) -> bool:
    days = postop.findtext("LengthOfHospitalStay") or "0"
    return not (days.isdigit() and len(days) < len(str(MAX_DAYS)))


def _has_odd_times(case: etree._Element) -> bool:
    times = case.iter("AnesthesiaStartTime", "AnesthesiaEndTime")
    texts = (time.text or "" for time in times)
    return any(text[4:5] != "-" or text.startswith(("0000", "9999")) for text in texts)


def _has_long_text(section: etree._Element) -> bool:
    return any(len(child.text or "") > MAX_ID_LENGTH for child in section)


_SUSPICIONS: Final[dict[object, Callable[[etree._Element], bool]]] = {
    "Demographic": _has_long_text,
    "Procedure": _has_long_text,
    "AnesthesiaCase": _has_odd_times,
    "PreOp": _has_odd_numbers,
    "PostOp": _has_odd_stay,
}


def _blank_id(record: RecordRead) -> Iterator[Finding]:
    if record.anesthesia_record_id is None:
        yield _finding(
            record,
            FindingCode.RECORD_ID_BLANK,
            f"{record.path}/AnesthesiaCase/AnesthesiaRecordID",
            "AnesthesiaRecordID is blank: give the case an id that is its own in the practice.",
        )


def _twin(record: RecordRead, twins: Twins) -> Iterator[Finding]:
    assert record.anesthesia_record_id is not None, "a blank id was found before"
    first = twins.first_of(record.anesthesia_record_id, record.number)
    if first is not None:
        yield _finding(
            record,
            FindingCode.RECORD_ID_TWICE,
            f"{record.path}/AnesthesiaCase/AnesthesiaRecordID",
            f"Record {first} of this file has the same AnesthesiaRecordID. The first one stands;"
            " send this one under an id of its own, or leave it out.",
        )


def _lengths(record: RecordRead, element: etree._Element) -> Iterator[Finding]:
    for path in _ID_PATHS:
        if len(element.findtext(path) or "") > MAX_ID_LENGTH:
            yield _finding(
                record,
                FindingCode.TEXT_TOO_LONG,
                f"{record.path}/{path}",
                f"{path.rpartition('/')[2]} is longer than {MAX_ID_LENGTH} characters.",
            )


def _ranges(record: RecordRead, element: etree._Element) -> Iterator[Finding]:
    if _over(element.findtext("PreOp/Age"), MAX_AGE_YEARS):
        yield _finding(
            record,
            FindingCode.VALUE_OUT_OF_RANGE,
            f"{record.path}/PreOp/Age",
            f"Age is in years and at most {MAX_AGE_YEARS}.",
        )
    if _over(element.findtext("PostOp/LengthOfHospitalStay"), MAX_DAYS):
        yield _finding(
            record,
            FindingCode.VALUE_OUT_OF_RANGE,
            f"{record.path}/PostOp/LengthOfHospitalStay",
            f"LengthOfHospitalStay is in days and at most {MAX_DAYS}.",
        )
    for name in _MEASURES:
        if len((element.findtext(f"PreOp/{name}") or "").strip()) > MAX_DECIMAL_LENGTH:
            yield _finding(
                record,
                FindingCode.VALUE_OUT_OF_RANGE,
                f"{record.path}/PreOp/{name}",
                f"{name} is written with at most {MAX_DECIMAL_LENGTH} characters.",
            )
    for path in _METHOD_TIMES:
        for number, time in enumerate(element.iterfind(path), start=1):
            if clock_time(time.text) is None:
                yield _finding(
                    record,
                    FindingCode.VALUE_OUT_OF_RANGE,
                    f"{record.path}/AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod[{number}]"
                    f"/{path.rpartition('/')[2]}",
                    "The year of a time lies between 0001 and 9999.",
                )


def _over(text: str | None, limit: int) -> bool:
    """Whether a whole number is above `limit`; digits are counted first, they may be many."""
    digits = (text or "").strip().lstrip("+-0")
    return len(digits) > len(str(limit)) or (digits.isdigit() and int(digits) > limit)


def _finding(record: RecordRead, code: FindingCode, path: str, message: str) -> Finding:
    relative = path.removeprefix(f"{record.path}/")
    node = record.element.find(relative) if record.element is not None else None
    return Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.RECORD,
        record=record.number,
        anesthesia_record_id=record.anesthesia_record_id,
        path=path,
        line=record.line + (node.sourceline or 1) - 1 if node is not None else record.line,
        message=message,
    )
