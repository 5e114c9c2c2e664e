"""What the schema leaves open and a record must still keep to, to be stored."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time
from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.intake.decode import MAX_DECIMAL_LENGTH, temperature_readings
from app.xsd.parsing import exact_lines, line_in_piece
from app.xsd.reader import RecordRead

MAX_ID_LENGTH: Final = 255
MAX_AGE_YEARS: Final = 150
MAX_DAYS: Final = 100_000

_ID_PATHS = (
    "AnesthesiaCase/AnesthesiaRecordID",
    "Procedure/FacilityID",
    "Procedure/ProcedureID",
    "Demographic/PatientID",
)
_MEASURES = ("Weight", "WeightInKg", "Height", "HeightInCm")
_READINGS = "IntraOp/MonitoringPhysiologicSet"
_METHOD_TIMES = (
    "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod/AnesthesiaStartTime",
    "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod/AnesthesiaEndTime",
)


class Twins:
    """Remembers the record ids of one file; about 100 bytes a record, whatever its size."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def knows(self, record_id: str) -> bool:
        return record_id in self._first

    def first_of(self, record_id: str, number: int) -> int | None:
        """The number of an earlier record with this id, or None for the first of its kind."""
        first = self._first.setdefault(record_id, number)
        return None if first == number else first


def is_bounded(case: AnesthesiaCase) -> bool:
    """Whether the database can hold what the schema leaves unbounded in `case`."""
    texts = (case.anesthesia_record_id, case.facility_id, case.procedure_id, case.patient_id)
    return (
        case.age_years <= MAX_AGE_YEARS
        and (case.hospital_stay_days or 0) <= MAX_DAYS
        and all(text is None or len(text) <= MAX_ID_LENGTH for text in texts)
    )


def unstorable_findings(record: RecordRead, element: etree._Element) -> list[Finding]:
    """Return what the database cannot hold of a record that the schema accepts."""
    return [*_blank_id(record), *_lengths(record, element), *_ranges(record, element)]


def twin_findings(record: RecordRead, twins: Twins) -> list[Finding]:
    """Return the remark that an earlier record of the file has the same id."""
    return list(_twin(record, twins))


def _blank_id(record: RecordRead) -> Iterator[Finding]:
    if record.anesthesia_record_id is None:
        yield _finding(
            record,
            FindingCode.RECORD_ID_BLANK,
            f"{record.path}/AnesthesiaCase/AnesthesiaRecordID",
            message_of(FindingCode.RECORD_ID_BLANK),
        )


def _twin(record: RecordRead, twins: Twins) -> Iterator[Finding]:
    assert record.anesthesia_record_id is not None, "a blank id was found before"
    first = twins.first_of(record.anesthesia_record_id, record.number)
    if first is not None:
        yield _finding(
            record,
            FindingCode.RECORD_ID_TWICE,
            f"{record.path}/AnesthesiaCase/AnesthesiaRecordID",
            message_of(FindingCode.RECORD_ID_TWICE, first=first),
        )


def _lengths(record: RecordRead, element: etree._Element) -> Iterator[Finding]:
    for path in _ID_PATHS:
        if len(element.findtext(path) or "") > MAX_ID_LENGTH:
            yield _finding(
                record,
                FindingCode.TEXT_TOO_LONG,
                f"{record.path}/{path}",
                message_of(
                    FindingCode.TEXT_TOO_LONG,
                    element=path.rpartition("/")[2],
                    limit=MAX_ID_LENGTH,
                ),
            )


def _ranges(record: RecordRead, element: etree._Element) -> Iterator[Finding]:
    if _over(element.findtext("PreOp/Age"), MAX_AGE_YEARS):
        yield _finding(
            record,
            FindingCode.VALUE_OUT_OF_RANGE,
            f"{record.path}/PreOp/Age",
            _out_of_range("years", "Age", MAX_AGE_YEARS),
        )
    if _over(element.findtext("PostOp/LengthOfHospitalStay"), MAX_DAYS):
        yield _finding(
            record,
            FindingCode.VALUE_OUT_OF_RANGE,
            f"{record.path}/PostOp/LengthOfHospitalStay",
            _out_of_range("days", "LengthOfHospitalStay", MAX_DAYS),
        )
    for name in _MEASURES:
        if len((element.findtext(f"PreOp/{name}") or "").strip()) > MAX_DECIMAL_LENGTH:
            yield _finding(
                record,
                FindingCode.VALUE_OUT_OF_RANGE,
                f"{record.path}/PreOp/{name}",
                _out_of_range("characters", name, MAX_DECIMAL_LENGTH),
            )
    yield from _temperatures(record, element)
    for path in _METHOD_TIMES:
        for number, time in enumerate(element.iterfind(path), start=1):
            if clock_time(time.text) is None:
                yield _finding(
                    record,
                    FindingCode.VALUE_OUT_OF_RANGE,
                    f"{record.path}/AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod[{number}]"
                    f"/{path.rpartition('/')[2]}",
                    _out_of_range("calendar", path.rpartition("/")[2]),
                )


def _temperatures(record: RecordRead, element: etree._Element) -> Iterator[Finding]:
    readings = element.find(_READINGS)
    for reading in temperature_readings(readings):
        name = "MonitoringValueNumeric"
        if (
            readings is not None
            and len((reading.findtext(name) or "").strip()) > MAX_DECIMAL_LENGTH
        ):
            yield _finding(
                record,
                FindingCode.VALUE_OUT_OF_RANGE,
                f"{record.path}/{_READINGS}/{reading.tag!s}[{readings.index(reading) + 1}]/{name}",
                _out_of_range("characters", name, MAX_DECIMAL_LENGTH),
            )


def _out_of_range(variant: str, element: str, limit: int | None = None) -> str:
    return message_of(FindingCode.VALUE_OUT_OF_RANGE, variant, element=element, limit=limit)


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
        line=record.line + _line_in(record, node) - 1,
        message=message,
    )


def _line_in(record: RecordRead, node: etree._Element | None) -> int:
    if node is None or record.element is None:
        return 1
    return line_in_piece(node, exact_lines(record.data, record.element))
