"""Turns a valid `AnesthesiaRecord` into a case.

The record is walked section by section: asking for each field by its path costs five times more.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast

from lxml import etree

from app.domain.cases import (
    AnesthesiaCase,
    AnesthesiaMethod,
    DiagnosisCode,
    Medication,
    OutcomeEvent,
    ProcedureCode,
    QualityCode,
    StaffMember,
    Temperature,
)
from app.domain.clock import clock_time
from app.domain.identifiers import Npi, Tin
from app.domain.milestone_names import is_pacu_arrival
from app.domain.temperature_names import is_patient_temperature
from app.domain.units import CM_OF_AN_INCH, KG_OF_A_POUND
from app.xsd.parsing import XML_SPACE_TEXT

MAX_DECIMAL_LENGTH: Final = 50
_MAX_WHOLE_LENGTH: Final = 9
_NAME: Final = "MedicationName"
_START: Final = "DoseStart"
_OF_MEDICATIONS: Final = (_NAME, _START, "MixtureMedicationName")

Fields = dict[str, str | None]
Sets = dict[str, etree._Element]


class OutOfRange(ValueError):
    """A number or a year that the schema accepts, and no column of ours holds."""


def decode_case(record: etree._Element) -> AnesthesiaCase:
    """Return the case of a record that the schema accepts and that has an id.

    Raises: OutOfRange.
    """
    sections: dict[str, etree._Element] = {str(section.tag): section for section in record}
    demographic = _fields(sections["Demographic"])
    procedure, procedure_sets = _fields_and_sets(sections["Procedure"])
    case, case_sets = _fields_and_sets(sections["AnesthesiaCase"])
    preop, preop_sets = _fields_and_sets(sections["PreOp"])
    postop, postop_sets, payments = _postop(sections["PostOp"])
    intraop = _sets(sections["IntraOp"])
    events = _sets(sections.get("OutcomesEvents"))
    methods = tuple(_methods(case_sets["AnesthesiaMethodSet"]))
    location = procedure_sets.get("ProcedureLocation")
    return AnesthesiaCase(
        anesthesia_record_id=_text(case, "AnesthesiaRecordID") or "",
        date_of_service=min(method.start for method in methods).date(),
        facility_id=_text(procedure, "FacilityID") or "",
        patient_sex=demographic["PatientSex"] or "",
        age_years=_whole(preop["Age"]) or 0,
        asa_class=preop["ASAClass"] or "",
        procedure_status=procedure["ProcStatus"] or "",
        staff=tuple(_staff(case_sets["AnesthesiaStaffSet"])),
        methods=methods,
        anesthesia_codes=tuple(_anesthesia_codes(case_sets)),
        procedure_codes=tuple(_procedure_codes(procedure_sets.get("CPTSet"))),
        diagnoses=tuple(_diagnoses(preop_sets.get("ICDSet"))),
        postoperative_diagnoses=tuple(_diagnoses(postop_sets.get("ICDSet"))),
        outcomes=tuple(_outcomes(events.get("OutcomeSet"))),
        quality_codes=tuple(_quality_codes(events.get("QCDRSet"))),
        temperatures=tuple(_temperatures(intraop.get("MonitoringPhysiologicSet"))),
        pacu_arrival=_pacu_arrival(sections.get("TimingMilestones")),
        medications=_medications(intraop.get("MedicationsSet")),
        payment_methods=payments,
        patient_id=_text(demographic, "PatientID"),
        date_of_birth=_date(demographic.get("DOB")),
        race=demographic.get("Race"),
        home_zip=demographic.get("HomeZip"),
        home_state=demographic.get("HomeState"),
        place_of_service=None if location is None else _whole(_fields(location)["LocationType"]),
        procedure_id=_text(procedure, "ProcedureID"),
        procedure_start=clock_time(procedure.get("ProcStartTime")),
        procedure_end=clock_time(procedure.get("ProcEndTime")),
        admission_status=procedure.get("AdmissionStatus"),
        admission_date=clock_time(procedure.get("AdmissionDate")),
        transfer_status=procedure.get("TransferStatus"),
        coverage=case.get("AnesthesiaCoverage"),
        weight_kg=_metric(preop, "WeightInKg", "Weight", KG_OF_A_POUND),
        height_cm=_metric(preop, "HeightInCm", "Height", CM_OF_AN_INCH),
        disposition=_text(postop, "PostOpDisposition"),
        discharge=postop.get("PostOpDischarge"),
        discharge_time=clock_time(postop.get("PostOpDischargeDateTime")),
        hospital_stay_days=_whole(postop.get("LengthOfHospitalStay")),
    )


def without_comments(record: etree._Element) -> None:
    """Join the text of every leaf that comments or processing instructions cut in two."""
    etree.strip_tags(record, etree.Comment, etree.PI)


def _fields(section: etree._Element) -> Fields:
    return cast(Fields, {child.tag: child.text for child in section})


def _fields_and_sets(section: etree._Element) -> tuple[Fields, Sets]:
    children = list(section)
    fields = {child.tag: child.text for child in children}
    sets = {child.tag: child for child in children if len(child)}
    return cast(Fields, fields), cast(Sets, sets)


def _sets(section: etree._Element | None) -> Sets:
    """Of a section that holds nothing else."""
    return {} if section is None else {str(child.tag): child for child in section}


def _postop(
    section: etree._Element,
) -> tuple[Fields, Sets, tuple[str, ...]]:
    fields, sets = _fields_and_sets(section)
    payments = tuple(child[0].text or "" for child in section if child.tag == "PaymentMethod")
    return fields, sets, payments


def _methods(method_set: etree._Element) -> Iterable[AnesthesiaMethod]:
    for method in method_set:
        fields = _fields(method)
        start, end = (
            clock_time(fields["AnesthesiaStartTime"]),
            clock_time(fields["AnesthesiaEndTime"]),
        )
        if start is None or end is None:
            raise OutOfRange
        yield AnesthesiaMethod(
            fields["AnesthesiaCategory"] or "",
            fields.get("AnesthesiaSubCategory") or None,
            start,
            end,
        )


def _staff(staff_set: etree._Element) -> Iterable[StaffMember]:
    for member in staff_set:
        fields = _fields(member)
        yield StaffMember(
            Tin(fields["TaxID"] or ""),
            Npi(fields["NPI"] or ""),
            fields["ProviderCredentials"] or "",
            fields.get("StaffResponsibility"),
            clock_time(fields.get("StaffSignIn")),
            clock_time(fields.get("StaffSignOut")),
        )


def _anesthesia_codes(case_sets: Sets) -> Iterable[ProcedureCode]:
    codes = case_sets.get("CPTAnesSet", case_sets.get("CPTAnessSet"))  # spelt so in 2017V1.0
    for code in codes if codes is not None else ():
        fields = _fields(code)
        modifier = fields.get("CPTAnesModifier") or fields.get("CPTAnesModifer")
        yield ProcedureCode(fields["CPTAnesValue"] or "", modifier)


def _procedure_codes(codes: etree._Element | None) -> Iterable[ProcedureCode]:
    for code in codes if codes is not None else ():
        fields = _fields(code)
        yield ProcedureCode(fields["CPTValue"] or "", fields.get("CPTModifier"))


def _diagnoses(codes: etree._Element | None) -> Iterable[DiagnosisCode]:
    for code in codes if codes is not None else ():
        fields = _fields(code)
        yield DiagnosisCode(fields["ICDValue"] or "", fields["ICDVersion"] or "")


def _outcomes(outcomes: etree._Element | None) -> Iterable[OutcomeEvent]:
    for outcome in outcomes if outcomes is not None else ():
        fields = _fields(outcome)
        yield OutcomeEvent(
            _whole(fields["OutcomeID"]) or 0,
            (fields["OutcomeOccurred"] or "").strip() in ("true", "1"),
            fields.get("OutcomeSeverity"),
            fields.get("OutcomeTimeFrame"),
        )


def _quality_codes(codes: etree._Element | None) -> Iterable[QualityCode]:
    for code in codes if codes is not None else ():
        fields = _fields(code)
        yield QualityCode(
            fields["QCDRMeasure"] or "",
            fields["QCDRCodeValue"] or "",
            fields.get("QCDRModifier") or "",
        )


def temperature_readings(readings: etree._Element | None) -> Iterable[etree._Element]:
    """Those of the patient, by MonitoringName."""
    return _named("MonitoringName", readings, is_patient_temperature)


def _temperatures(readings: etree._Element | None) -> Iterable[Temperature]:
    for reading in temperature_readings(readings):
        fields = _fields(reading)
        value = _decimal(fields.get("MonitoringValueNumeric"))
        if value is not None:
            at = clock_time(fields.get("MonitoringTime"))
            yield Temperature(value, at, fields.get("MonitoringUnits"))


def _pacu_arrival(milestones: etree._Element | None) -> datetime | None:
    """The earliest: a patient may go back to the operating room, and arrive again (assumed)."""
    arrivals = _named("TMType", milestones, is_pacu_arrival)
    times = [clock_time(_fields(arrival).get("TMStartTime")) for arrival in arrivals]
    return min([time for time in times if time is not None], default=None)


def _named(
    element: str, parts: etree._Element | None, is_meant: Callable[[str | None], bool]
) -> Iterable[etree._Element]:
    """Yield those of `parts` that are named as meant. The others are not looked at further."""
    for name in parts.iter(element) if parts is not None else ():
        if is_meant(name.text) and (part := name.getparent()) is not None:
            yield part


def _medications(medications: etree._Element | None) -> tuple[Medication, ...] | None:
    """The schema puts a name before its start, and both before what is mixed into it."""
    if medications is None:
        return None
    names: list[str] = []
    starts: list[datetime | None] = []
    start: datetime | None = None
    for field in medications.iter(*_OF_MEDICATIONS):
        if field.tag == _START:
            start = starts[-1] = clock_time(field.text)
            continue
        if field.tag == _NAME:
            start = None
        names.append(field.text or "")
        starts.append(start)
    return tuple(map(Medication, names, starts))


def _text(fields: Fields, name: str) -> str | None:
    return (fields.get(name) or "").strip(XML_SPACE_TEXT) or None


def _date(text: str | None) -> date | None:
    """An xs:date; a zone, which a date of birth cannot mean, is dropped."""
    try:
        return date.fromisoformat(text.strip()[:10]) if text else None
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    """An xs:nonNegativeInteger. Raises: OutOfRange."""
    if not text:
        return None
    digits = text.strip().lstrip("+-0")  # of zeros before it there may be any number
    if len(digits) > _MAX_WHOLE_LENGTH:
        raise OutOfRange
    return int(digits or 0)


def _metric(fields: Fields, metric: str, customary: str, factor: Decimal) -> Decimal | None:
    """The metric element if it is there, else the other one, in pounds or inches (assumed).

    Raises: OutOfRange, for either of them.
    """
    metric_value, customary_value = _decimal(fields.get(metric)), _decimal(fields.get(customary))
    if metric_value is not None or customary_value is None:
        return metric_value
    return customary_value * factor


def _decimal(text: str | None) -> Decimal | None:
    digits = text.strip() if text else ""
    if len(digits) > MAX_DECIMAL_LENGTH:
        raise OutOfRange
    return Decimal(digits) if digits else None
