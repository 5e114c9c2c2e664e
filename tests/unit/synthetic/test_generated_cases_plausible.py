"""What a clinician would check in a generated case."""

import re
from datetime import date, timedelta

import pytest
from generated_xml import codes, day, moment, records_of, text, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.synthetic.form import VERSIONS
from app.synthetic.generate import GenerationPlan
from app.synthetic.procedures import load_procedures

PROCEDURES = {procedure.name: procedure for procedure in load_procedures()}
ICD_10_CM = re.compile(r"[A-TV-Z][0-9][A-Z0-9](\.[A-Z0-9]{1,4})?")
CPT = re.compile(r"[0-9]{5}")

MD, CRNA = "Anesthesiologist", "Certified Registered Nurse Anesthetist"
CAA, RESIDENT = "Certified Anesthesiologist Assistant", "Resident (Anesthesia)"
DENTIST, STUDENT = "Dentist Anesthesiologist", "Student Registered Nurse Anesthetist"
TEAMS = {
    "MD-ALONE": [{MD}],
    "MD-MD": [{MD}],
    "MD-DIRECTING": [{MD, CRNA}, {MD, CRNA, STUDENT}, {MD, RESIDENT}],
    "CRNA-DIRECTED": [{MD, CRNA}, {MD, CRNA, STUDENT}],
    "MD-SUPERVISING": [{MD, CRNA}, {MD, CRNA, STUDENT}],
    "CRNA-SUPERVISED": [{MD, CRNA}, {MD, CRNA, STUDENT}],
    "CRNA-ALONE": [{CRNA}, {CRNA, STUDENT}],
    "CAA-DIRECTED": [{MD, CAA}],
    None: [{DENTIST}],
}

plans = st.builds(
    GenerationPlan,
    cases=st.just(25),
    version=st.sampled_from(("2022V1.0", "2023V1.0", "2023V1.0R")),
    practice_id=st.from_regex(r"\A[0-9]{3,5}\Z"),
    year=st.integers(2017, 2026),
    seed=st.integers(0, 10**6),
)
few_plans = settings(max_examples=12, deadline=None)


@given(plan=plans)
@few_plans
def test_times_follow_one_another(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        start, end = (
            moment(record, ".//AnesthesiaStartTime"),
            moment(record, ".//AnesthesiaEndTime"),
        )
        incision = moment(record, "Procedure/ProcStartTime")
        closure = moment(record, "Procedure/ProcEndTime")
        assert start < incision < closure < end
        assert end - start < timedelta(hours=24)
        assert moment(record, "PostOp/PostOpDischargeDateTime") > end
        sign_ins, sign_outs = texts(record, ".//StaffSignIn"), texts(record, ".//StaffSignOut")
        assert all(came < went for came, went in zip(sign_ins, sign_outs, strict=True))
        assert min(sign_ins)[:10] == start.date().isoformat()
        milestones = texts(record, ".//TMStartTime")
        in_recovery = "PACU arrival" in texts(record, ".//TMType")
        assert len(milestones) == (8 if in_recovery else 7)
        assert milestones == sorted(milestones)


@given(plan=plans)
@few_plans
def test_the_patient_fits_the_procedure(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        procedure = PROCEDURES[text(record, "Procedure/ProcedureName")]
        age = int(text(record, "PreOp/Age"))
        assert procedure.age.min <= age <= procedure.age.max
        possible = {procedure.sex} if procedure.sex else {"Female", "Male"}
        assert text(record, "Demographic/PatientSex") in possible
        assert text(record, ".//CPTValue") == procedure.surgical_cpt
        assert text(record, ".//ICDValue") in procedure.diagnoses


@given(plan=plans)
@few_plans
def test_age_agrees_with_the_date_of_birth(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        born = day(record, "Demographic/DOB")
        served = moment(record, ".//AnesthesiaStartTime").date()
        had_birthday = (served.month, served.day) >= (born.month, born.day)
        years = served.year - born.year - (not had_birthday)
        assert int(text(record, "PreOp/Age")) == years


@given(plan=plans)
@few_plans
def test_an_emergency_has_an_e_in_its_class_and_is_done_in_hospital(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        emergency = text(record, "Procedure/ProcStatus") == "Emergency"
        assert text(record, "PreOp/ASAClass").endswith("E") == emergency
        assert ("99140" in texts(record, ".//CPTAnesValue")) == emergency
        if emergency:
            assert text(record, ".//LocationType") == "21"


@given(plan=plans)
@few_plans
def test_coverage_agrees_with_the_team(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        credentials = texts(record, ".//ProviderCredentials")
        assert set(credentials) in TEAMS[record.findtext(".//AnesthesiaCoverage")]
        assert len(set(texts(record, ".//NPI"))) == len(credentials) <= 3


@given(plan=plans)
@few_plans
def test_the_agent_agrees_with_the_technique(plan: GenerationPlan) -> None:
    volatile = {"Sevoflurane", "Desflurane", "Isoflurane"}
    for record in records_of(plan):
        given_drugs = set(texts(record, ".//Medication/MedicationName"))
        subcategory = record.findtext(".//AnesthesiaSubCategory")
        inhaled = subcategory == "Inhalational General Anesthesia"
        assert bool(given_drugs & volatile) == inhaled
        if subcategory == "Total Intravenous Anesthesia":
            assert "Propofol" in given_drugs
        end = text(record, ".//AnesthesiaEndTime")
        assert all(start <= end for start in texts(record, ".//DoseStart"))


@given(plan=plans)
@few_plans
def test_discharge_agrees_with_the_setting(plan: GenerationPlan) -> None:
    for record in records_of(plan):
        days = int(text(record, "PostOp/LengthOfHospitalStay"))
        died = text(record, "PostOp/PostOpDisposition") == "Died"
        admitted = "Admitted as an inpatient" in text(record, "PostOp/PostOpDischarge")
        inpatient = text(record, "Procedure/AdmissionStatus") == "Inpatient"
        assert inpatient == (text(record, ".//LocationType") == "21")
        assert (days > 0) == ((inpatient or admitted) and not died)
        assert 1 <= len(texts(record, "OutcomesEvents/OutcomeSet/Outcome")) <= 8


def test_codes_of_the_procedures_are_well_formed() -> None:
    for procedure in PROCEDURES.values():
        assert CPT.fullmatch(procedure.anesthesia_cpt)
        assert CPT.fullmatch(procedure.surgical_cpt)
        for diagnosis in procedure.diagnoses:
            assert ICD_10_CM.fullmatch(diagnosis)


def test_endoscopies_of_2017_have_the_codes_of_2017() -> None:
    def anesthesia_codes(year: int) -> set[str]:
        plan = GenerationPlan(cases=200, year=year, detail="small")
        return {text(record, ".//CPTAnesValue") for record in records_of(plan)}

    assert {"00810", "00740"} <= anesthesia_codes(2017)
    assert {"00810", "00740"}.isdisjoint(anesthesia_codes(2018))


def test_cases_of_a_year_under_way_end_with_the_day_that_is_asked_for() -> None:
    plan = GenerationPlan(cases=300, year=2026, through=date(2026, 3, 20), detail="small")
    days = {moment(record, ".//AnesthesiaStartTime").date() for record in records_of(plan)}
    assert min(days) < date(2026, 1, 15)
    assert date(2026, 3, 10) < max(days) <= date(2026, 3, 20)


def test_a_last_day_in_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="last day"):
        GenerationPlan(cases=1, year=2026, through=date(2025, 12, 31))


def test_a_year_of_cases_looks_like_a_practice() -> None:
    records = records_of(GenerationPlan(cases=2_000, detail="small"))

    def share(path: str, *values: str) -> float:
        return sum(text(record, path) in values for record in records) / len(records)

    assert 0.85 < share("Procedure/ProcStatus", "Elective") < 0.97
    assert 0.30 < share(".//AnesthesiaCategory", "Monitored Anesthesia Care") < 0.45
    assert 0.10 < share(".//AnesthesiaCategory", "Neuraxial") < 0.20
    assert 0.50 < share("PreOp/ASAClass", "II", "III") < 0.85
    assert len({text(record, "Procedure/ProcedureName") for record in records}) > 35
    days = [date.fromisoformat(text(r, ".//AnesthesiaStartTime")[:10]) for r in records]
    assert sum(each.weekday() < 5 for each in days) / len(days) > 0.9
    assert len({each.month for each in days}) == 12


def test_bad_outcomes_are_rare_and_agree_with_the_discharge() -> None:
    records = records_of(GenerationPlan(cases=1_500, seed=3))
    occurred = [_occurred(record) for record in records]
    assert sum("25" in ids for ids in occurred) < 10
    assert 0.02 < sum("68" in ids for ids in occurred) / len(records) < 0.15
    for record, ids in zip(records, occurred, strict=True):
        died = text(record, "PostOp/PostOpDischarge").startswith("Expired")
        assert died == ("25" in ids) == (text(record, "PostOp/PostOpDisposition") == "Died")
        if "90" in ids and not died:
            assert text(record, "PostOp/PostOpDisposition") == "ICU"
        if "89" in ids:
            assert "G9771" not in codes(record, "PQRS424")


def _occurred(record: etree._Element) -> set[str]:
    return {
        text(outcome, "OutcomeID")
        for outcome in record.iterfind(".//Outcome")
        if text(outcome, "OutcomeOccurred") == "true"
    }


def test_every_version_tells_the_same_case() -> None:
    told = {
        (
            text(record, "AnesthesiaCase/AnesthesiaRecordID"),
            text(record, ".//AnesthesiaStartTime"),
            text(record, ".//NPI"),
        )
        for version in VERSIONS
        for record in records_of(
            GenerationPlan(cases=3, version=version, year=2020, detail="small")
        )
    }
    assert len(told) == 3
