"""What a section of a valid record holds many of: methods, staff, codes, readings, medications.

Each set is walked once: asking for its fields by their paths costs five times more.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, cast

from lxml import etree

from app.checking.decoded_values import Fields, OutOfRange, decimal_of, whole_of
from app.domain.cases import (
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

_NAME: Final = "MedicationName"
_START: Final = "DoseStart"
_OF_MEDICATIONS: Final = (_NAME, _START, "MixtureMedicationName")

Sets = dict[str, etree._Element]


def fields_of(section: etree._Element) -> Fields:
    return cast(Fields, {child.tag: child.text for child in section})


def decode_methods(method_set: etree._Element) -> Iterable[AnesthesiaMethod]:
    for method in method_set:
        fields = fields_of(method)
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


def decode_staff(staff_set: etree._Element) -> Iterable[StaffMember]:
    for member in staff_set:
        fields = fields_of(member)
        yield StaffMember(
            Tin(fields["TaxID"] or ""),
            Npi(fields["NPI"] or ""),
            fields["ProviderCredentials"] or "",
            fields.get("StaffResponsibility"),
            clock_time(fields.get("StaffSignIn")),
            clock_time(fields.get("StaffSignOut")),
        )


def decode_anesthesia_codes(case_sets: Sets) -> Iterable[ProcedureCode]:
    codes = case_sets.get("CPTAnesSet", case_sets.get("CPTAnessSet"))  # spelt so in 2017V1.0
    for code in codes if codes is not None else ():
        fields = fields_of(code)
        modifier = fields.get("CPTAnesModifier") or fields.get("CPTAnesModifer")
        yield ProcedureCode(fields["CPTAnesValue"] or "", modifier)


def decode_procedure_codes(codes: etree._Element | None) -> Iterable[ProcedureCode]:
    for code in codes if codes is not None else ():
        fields = fields_of(code)
        yield ProcedureCode(fields["CPTValue"] or "", fields.get("CPTModifier"))


def decode_diagnoses(codes: etree._Element | None) -> Iterable[DiagnosisCode]:
    for code in codes if codes is not None else ():
        fields = fields_of(code)
        yield DiagnosisCode(fields["ICDValue"] or "", fields["ICDVersion"] or "")


def decode_outcomes(outcomes: etree._Element | None) -> Iterable[OutcomeEvent]:
    for outcome in outcomes if outcomes is not None else ():
        fields = fields_of(outcome)
        yield OutcomeEvent(
            whole_of(fields["OutcomeID"]) or 0,
            (fields["OutcomeOccurred"] or "").strip() in ("true", "1"),
            fields.get("OutcomeSeverity"),
            fields.get("OutcomeTimeFrame"),
        )


def decode_quality_codes(codes: etree._Element | None) -> Iterable[QualityCode]:
    for code in codes if codes is not None else ():
        fields = fields_of(code)
        yield QualityCode(
            fields["QCDRMeasure"] or "",
            fields["QCDRCodeValue"] or "",
            fields.get("QCDRModifier") or "",
        )


def temperature_readings(readings: etree._Element | None) -> Iterable[etree._Element]:
    """Those of the patient, by MonitoringName."""
    return _named("MonitoringName", readings, is_patient_temperature)


def decode_temperatures(readings: etree._Element | None) -> Iterable[Temperature]:
    for reading in temperature_readings(readings):
        fields = fields_of(reading)
        value = decimal_of(fields.get("MonitoringValueNumeric"))
        if value is not None:
            at = clock_time(fields.get("MonitoringTime"))
            yield Temperature(value, at, fields.get("MonitoringUnits"))


def decode_pacu_arrival(milestones: etree._Element | None) -> datetime | None:
    """The earliest: a patient may go back to the operating room, and arrive again (assumed)."""
    arrivals = _named("TMType", milestones, is_pacu_arrival)
    times = [clock_time(fields_of(arrival).get("TMStartTime")) for arrival in arrivals]
    return min([time for time in times if time is not None], default=None)


def _named(
    element: str, parts: etree._Element | None, is_meant: Callable[[str | None], bool]
) -> Iterable[etree._Element]:
    """Yield those of `parts` that are named as meant. The others are not looked at further."""
    for name in parts.iter(element) if parts is not None else ():
        if is_meant(name.text) and (part := name.getparent()) is not None:
            yield part


def decode_medications(medications: etree._Element | None) -> tuple[Medication, ...] | None:
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
