"""What the schema leaves open and a record must still keep to, to be stored."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from lxml import etree

from app.checking.decoded_sets import temperature_readings
from app.checking.decoded_values import MAX_DECIMAL_LENGTH
from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time
from app.domain.findings import Finding, FindingCode, Scope
from app.xsd.explain import MOST_FINDINGS
from app.xsd.parsing import exact_lines
from app.xsd.place import Fault, Place
from app.xsd.reads import RecordRead

MAX_ID_LENGTH: Final = 255
MAX_AGE_YEARS: Final = 150
MAX_DAYS: Final = 100_000

_RECORD_ID = "AnesthesiaCase/AnesthesiaRecordID"
_IDS = (_RECORD_ID, "Procedure/FacilityID", "Procedure/ProcedureID", "Demographic/PatientID")
_MEASURES = ("PreOp/Weight", "PreOp/WeightInKg", "PreOp/Height", "PreOp/HeightInCm")
_READINGS = "IntraOp/MonitoringPhysiologicSet"
_METHODS = "AnesthesiaCase/AnesthesiaMethodSet/AnesthesiaMethod"
_TIMES = ("AnesthesiaStartTime", "AnesthesiaEndTime")


class Twins:
    """Remembers the record ids of one file; about 100 bytes a record, whatever its size."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def knows(self, record_id: str) -> bool:
        return record_id in self._first

    def firsts(self) -> Iterable[tuple[str, int]]:
        """Every id, with the number of the record that had it first."""
        return self._first.items()

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
    """Return what the database cannot hold of a record that the schema accepts.

    At most MOST_FINDINGS.
    """
    place = _place_of(record, element)
    return [place.finding(fault) for fault in islice(_faults(record, element), MOST_FINDINGS)]


def twin_findings(record: RecordRead, twins: Twins) -> list[Finding]:
    """Return the remark that an earlier record of the file has the same id."""
    assert record.anesthesia_record_id is not None, "a blank id was found before"
    assert record.element is not None, "only what was parsed has an id"
    first = twins.first_of(record.anesthesia_record_id, record.number)
    if first is None:
        return []
    fault = _of_record_id(record, record.element, FindingCode.RECORD_ID_TWICE, first=first)
    return [_place_of(record, record.element).finding(fault)]


def _place_of(record: RecordRead, element: etree._Element) -> Place:
    return Place(
        path=record.path,
        line=record.line,
        scope=Scope.RECORD,
        record=record.number,
        anesthesia_record_id=record.anesthesia_record_id,
        lines=exact_lines(record.data, element),
    )


def _faults(record: RecordRead, element: etree._Element) -> Iterator[Fault]:
    if record.anesthesia_record_id is None:
        yield _of_record_id(record, element, FindingCode.RECORD_ID_BLANK)
    for path in _IDS:
        named = element.find(path)
        if named is not None and len(named.text or "") > MAX_ID_LENGTH:
            words = {"element": named.tag, "limit": MAX_ID_LENGTH}
            yield Fault(FindingCode.TEXT_TOO_LONG, named, f"{record.path}/{path}", words=words)
    yield from _numbers(record, element)
    yield from _temperatures(record, element)
    yield from _times(record, element)


def _of_record_id(
    record: RecordRead, element: etree._Element, code: FindingCode, **words: object
) -> Fault:
    named = element.find(_RECORD_ID)
    at = element if named is None else named
    return Fault(code, at, f"{record.path}/{_RECORD_ID}", words=words)


def _numbers(record: RecordRead, element: etree._Element) -> Iterator[Fault]:
    age = element.find("PreOp/Age")
    if age is not None and _over(age.text, MAX_AGE_YEARS):
        yield _out_of_range(age, f"{record.path}/PreOp/Age", "years", MAX_AGE_YEARS)
    stay = element.find("PostOp/LengthOfHospitalStay")
    if stay is not None and _over(stay.text, MAX_DAYS):
        yield _out_of_range(stay, f"{record.path}/PostOp/LengthOfHospitalStay", "days", MAX_DAYS)
    for path in _MEASURES:
        measure = element.find(path)
        if measure is not None and _is_long(measure):
            yield _too_long(measure, f"{record.path}/{path}")


def _temperatures(record: RecordRead, element: etree._Element) -> Iterator[Fault]:
    readings = element.find(_READINGS)
    if readings is None:
        return
    numbers = {reading: number for number, reading in enumerate(readings, start=1)}
    for reading in temperature_readings(readings):
        value = reading.find("MonitoringValueNumeric")
        if value is not None and _is_long(value):
            path = f"{record.path}/{_READINGS}/{reading.tag!s}[{numbers[reading]}]/{value.tag!s}"
            yield _too_long(value, path)


def _times(record: RecordRead, element: etree._Element) -> Iterator[Fault]:
    for number, method in enumerate(element.iterfind(_METHODS), start=1):
        for time in method.iterchildren(*_TIMES):
            if clock_time(time.text) is None:
                path = f"{record.path}/{_METHODS}[{number}]/{time.tag!s}"
                yield _out_of_range(time, path, "calendar")


def _is_long(measure: etree._Element) -> bool:
    return len((measure.text or "").strip()) > MAX_DECIMAL_LENGTH


def _too_long(measure: etree._Element, path: str) -> Fault:
    return _out_of_range(measure, path, "characters", MAX_DECIMAL_LENGTH)


def _out_of_range(
    element: etree._Element, path: str, variant: str, limit: int | None = None
) -> Fault:
    words = {"element": element.tag, "limit": limit}
    return Fault(FindingCode.VALUE_OUT_OF_RANGE, element, path, variant, words)


def _over(text: str | None, limit: int) -> bool:
    """Whether a whole number is above `limit`; digits are counted first, they may be many."""
    digits = (text or "").strip().lstrip("+-0")
    return len(digits) > len(str(limit)) or (digits.isdigit() and int(digits) > limit)
