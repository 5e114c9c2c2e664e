"""Turns a valid `AnesthesiaRecord` into a case.

The record is walked section by section: asking for each field by its path costs five times more.
"""

from typing import cast

from lxml import etree

from app.checking.decoded_sets import (
    Sets,
    decode_anesthesia_codes,
    decode_diagnoses,
    decode_medications,
    decode_methods,
    decode_outcomes,
    decode_pacu_arrival,
    decode_procedure_codes,
    decode_quality_codes,
    decode_staff,
    decode_temperatures,
    fields_of,
)
from app.checking.decoded_values import Fields, date_of, metric_of, text_of, whole_of
from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time
from app.domain.units import CM_OF_AN_INCH, KG_OF_A_POUND


def decode_case(record: etree._Element) -> AnesthesiaCase:
    """Return the case of a record that the schema accepts and that has an id.

    Raises: OutOfRange.
    """
    sections: dict[str, etree._Element] = {str(section.tag): section for section in record}
    demographic = fields_of(sections["Demographic"])
    procedure, procedure_sets = _fields_and_sets(sections["Procedure"])
    case, case_sets = _fields_and_sets(sections["AnesthesiaCase"])
    preop, preop_sets = _fields_and_sets(sections["PreOp"])
    postop, postop_sets, payments = _postop(sections["PostOp"])
    intraop = _sets(sections["IntraOp"])
    events = _sets(sections.get("OutcomesEvents"))
    methods = tuple(decode_methods(case_sets["AnesthesiaMethodSet"]))
    return AnesthesiaCase(
        anesthesia_record_id=text_of(case, "AnesthesiaRecordID") or "",
        date_of_service=min(method.start for method in methods).date(),
        facility_id=text_of(procedure, "FacilityID") or "",
        patient_sex=demographic["PatientSex"] or "",
        age_years=whole_of(preop["Age"]) or 0,
        asa_class=preop["ASAClass"] or "",
        procedure_status=procedure["ProcStatus"] or "",
        staff=tuple(decode_staff(case_sets["AnesthesiaStaffSet"])),
        methods=methods,
        anesthesia_codes=tuple(decode_anesthesia_codes(case_sets)),
        procedure_codes=tuple(decode_procedure_codes(procedure_sets.get("CPTSet"))),
        diagnoses=tuple(decode_diagnoses(preop_sets.get("ICDSet"))),
        postoperative_diagnoses=tuple(decode_diagnoses(postop_sets.get("ICDSet"))),
        outcomes=tuple(decode_outcomes(events.get("OutcomeSet"))),
        quality_codes=tuple(decode_quality_codes(events.get("QCDRSet"))),
        temperatures=tuple(decode_temperatures(intraop.get("MonitoringPhysiologicSet"))),
        pacu_arrival=decode_pacu_arrival(sections.get("TimingMilestones")),
        medications=decode_medications(intraop.get("MedicationsSet")),
        payment_methods=payments,
        patient_id=text_of(demographic, "PatientID"),
        date_of_birth=date_of(demographic.get("DOB")),
        race=demographic.get("Race"),
        home_zip=demographic.get("HomeZip"),
        home_state=demographic.get("HomeState"),
        place_of_service=_place_of_service(procedure_sets.get("ProcedureLocation")),
        procedure_id=text_of(procedure, "ProcedureID"),
        procedure_start=clock_time(procedure.get("ProcStartTime")),
        procedure_end=clock_time(procedure.get("ProcEndTime")),
        admission_status=procedure.get("AdmissionStatus"),
        admission_date=clock_time(procedure.get("AdmissionDate")),
        transfer_status=procedure.get("TransferStatus"),
        coverage=case.get("AnesthesiaCoverage"),
        weight_kg=metric_of(preop, "WeightInKg", "Weight", KG_OF_A_POUND),
        height_cm=metric_of(preop, "HeightInCm", "Height", CM_OF_AN_INCH),
        disposition=text_of(postop, "PostOpDisposition"),
        discharge=postop.get("PostOpDischarge"),
        discharge_time=clock_time(postop.get("PostOpDischargeDateTime")),
        hospital_stay_days=whole_of(postop.get("LengthOfHospitalStay")),
    )


def without_comments(record: etree._Element) -> None:
    """Join the text of every leaf that comments or processing instructions cut in two."""
    etree.strip_tags(record, etree.Comment, etree.PI)


def _fields_and_sets(section: etree._Element) -> tuple[Fields, Sets]:
    children = list(section)
    fields = {child.tag: child.text for child in children}
    sets = {child.tag: child for child in children if len(child)}
    return cast(Fields, fields), cast(Sets, sets)


def _sets(section: etree._Element | None) -> Sets:
    """Of a section that holds nothing else."""
    return {} if section is None else {str(child.tag): child for child in section}


def _postop(section: etree._Element) -> tuple[Fields, Sets, tuple[str, ...]]:
    fields, sets = _fields_and_sets(section)
    payments = tuple(child[0].text or "" for child in section if child.tag == "PaymentMethod")
    return fields, sets, payments


def _place_of_service(location: etree._Element | None) -> int | None:
    return None if location is None else whole_of(fields_of(location)["LocationType"])
