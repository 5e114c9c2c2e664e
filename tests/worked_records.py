"""Records of worked cases: the facts of a row of worked-cases.toml, as a sender writes them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree
from lxml.builder import E

from tests.case_files import NPI, TIN

Row = Mapping[str, Any]


def a_worked_record(row: Row, record_id: str) -> str:
    """Return one AnesthesiaRecord: what a row does not name is left out, or dull."""
    record = E.AnesthesiaRecord(
        E.Demographic(*_text("DOB", row.get("born")), E.PatientSex("Female")),
        _procedure(row),
        _anesthesia(row, record_id),
        E.PreOp(
            E.Age(str(row.get("age", 50))),
            E.ASAClass(row.get("asa", "II")),
            *_set("ICDSet", _diagnoses(row.get("diagnoses", ()))),
        ),
        E.IntraOp(
            *_set("MedicationsSet", _drugs(row)), *_set("MonitoringPhysiologicSet", _readings(row))
        ),
        E.PostOp(
            E.PaymentMethod(E.PaymentCode("Commercial")),
            *_set("ICDSet", _diagnoses(row.get("postoperative_diagnoses", ()))),
        ),
        *_set("TimingMilestones", _milestones(row)),
        *_set(
            "OutcomesEvents",
            [*_set("OutcomeSet", _events(row)), *_set("QCDRSet", _quality(row))],
        ),
    )
    return etree.tostring(record, encoding="unicode")


def _procedure(row: Row) -> etree._Element:
    place = row.get("place")
    location = (E.LocationType(str(place)), E.LocationDetails("Room 1")) if place else ()
    start, end = row.get("surgery_times", (None, None))
    return E.Procedure(
        E.FacilityID("F-01"),
        *_set("ProcedureLocation", location),
        *_text("ProcStartTime", _moment(row, start)),
        *_text("ProcEndTime", _moment(row, end)),
        E.ProcStatus(row.get("status", "Elective")),
        *_set("CPTSet", _codes("CPT", row.get("surgery", ()))),
    )


def _anesthesia(row: Row, record_id: str) -> etree._Element:
    methods = row.get("methods", [["General Anesthesia", "08:00", "10:00"]])
    return E.AnesthesiaCase(
        E.AnesthesiaRecordID(record_id),
        E.AnesthesiaStaffSet(
            E.AnesthesiaStaff(E.TaxID(TIN), E.NPI(NPI), E.ProviderCredentials("Anesthesiologist"))
        ),
        E.AnesthesiaMethodSet(*(_method(row, *method) for method in methods)),
        *_set("CPTAnesSet", _codes("CPTAnes", row.get("anesthesia", ["00790"]))),
    )


def _method(
    row: Row, category: str, start: str, end: str, subcategory: str | None = None
) -> etree._Element:
    return E.AnesthesiaMethod(
        E.AnesthesiaCategory(category),
        *_text("AnesthesiaSubCategory", subcategory),
        *_text("AnesthesiaStartTime", _moment(row, start)),
        *_text("AnesthesiaEndTime", _moment(row, end)),
    )


def _codes(name: str, codes: Sequence[str]) -> Iterator[etree._Element]:
    for code in codes:
        value, _, modifier = code.partition("-")
        yield E(name, E(f"{name}Value", value), *_text(f"{name}Modifier", modifier or None))


def _diagnoses(codes: Sequence[str]) -> Iterator[etree._Element]:
    for code in codes:
        yield E.ICD(E.ICDValue(code), E.ICDVersion("10"))


def _drugs(row: Row) -> Iterator[etree._Element]:
    for name, start in row.get("drugs", ()):
        yield E.Medication(E.MedicationName(name), *_text("DoseStart", _moment(row, start)))


def _readings(row: Row) -> Iterator[etree._Element]:
    for name, at, value, unit in row.get("readings", ()):
        yield E.Monitoring(
            E.MonitoringName(name),
            *_text("MonitoringTime", _moment(row, at)),
            E.MonitoringUnits(unit),
            E.MonitoringValueNumeric(value),
        )


def _milestones(row: Row) -> Iterator[etree._Element]:
    for name, at in row.get("milestones", ()):
        yield E.TimingMilestone(E.TMType(name), *_text("TMStartTime", _moment(row, at)))


def _events(row: Row) -> Iterator[etree._Element]:
    for outcome_id, occurred, frame in row.get("events", ()):
        yield E.Outcome(
            E.OutcomeID(outcome_id), E.OutcomeOccurred(occurred), E.OutcomeTimeFrame(frame)
        )


def _quality(row: Row) -> Iterator[etree._Element]:
    for entry in row.get("quality", ()):
        measure, code = entry.split()
        value, _, modifier = code.partition("-")
        yield E.QCDR(
            E.QCDRMeasure(measure), E.QCDRCodeValue(value), *_text("QCDRModifier", modifier or None)
        )


def _text(name: str, value: str | None) -> list[etree._Element]:
    return [] if value is None else [E(name, value)]


def _set(name: str, parts: Any) -> list[etree._Element]:
    inside = list(parts)
    return [E(name, *inside)] if inside else []


def _moment(row: Row, time: str | None) -> str | None:
    """Return a clock time on the day of the row; what has a date stays as it is."""
    if time is None or "T" in time:
        return time
    seconds = "" if time.count(":") == 2 else ":00"
    return f"{row['day']}T{time}{seconds}"
