"""What lies around the anesthetic. In the sample record: 1 March 2020 from 07:30 to 09:30."""

import pytest
from sample_records import a_record, changed, codes_of, place_of, sample_record

PROCEDURES = [
    # start                    end                        codes
    ("2020-03-01T08:00:00", "2020-03-01T09:10:00", []),
    ("2020-03-01T01:00:00", "2020-03-01T01:30:00", []),  # six hours before
    ("2020-03-01T01:00:00", "2020-03-01T01:29:59", ["AR318"]),
    ("2020-03-01T15:30:00", "2020-03-01T16:30:00", []),
    ("2020-03-01T15:30:01", "2020-03-01T16:30:00", ["AR318"]),
    ("2020-02-28T08:00:00", "2020-03-01T09:10:00", []),  # not wholly outside
    ("2020-03-01T00:00:00", "2020-03-01T00:00:00", []),  # the day without its time
    ("2020-02-29T00:00:00", "2020-02-29T00:00:00", ["AR318"]),
    ("2019-03-01T08:00:00", "2019-03-01T09:10:00", ["AR318"]),
    (None, "2020-02-29T09:10:00", ["AR318"]),
    ("2020-03-02T08:00:00", None, ["AR318"]),
    ("2020-03-02T08:00:00", "2020-03-01T09:10:00", ["AR310"]),  # and not that it lies outside
    ("0001-01-01T01:00:00", "0001-01-01T02:00:00", ["AR318"]),
]


@pytest.mark.parametrize(("start", "end", "codes"), PROCEDURES)
def test_a_procedure_is_done_under_its_anesthesia(
    start: str | None, end: str | None, codes: list[str]
) -> None:
    record = a_record(ProcStartTime=start, ProcEndTime=end, AdmissionDate=None)
    assert codes_of(record) == codes


def test_the_place_is_that_of_the_nearer_time() -> None:
    early = a_record(ProcStartTime="2020-02-01T08:00:00", ProcEndTime="2020-02-01T09:00:00")
    assert place_of(changed(early, AdmissionDate=None)) == "Procedure/ProcEndTime"
    late = a_record(ProcStartTime="2020-04-01T08:00:00", ProcEndTime="2020-04-01T09:00:00")
    assert place_of(late) == "Procedure/ProcStartTime"


def test_a_delivery_may_follow_labor_analgesia_by_many_hours() -> None:
    delivery = a_record(ProcStartTime="2020-03-01T23:00:00", ProcEndTime="2020-03-01T23:20:00")
    assert codes_of(delivery) == ["AR318"]
    assert codes_of(delivery.replace(">00790<", ">01967<")) == []


def test_an_anesthesia_of_the_wrong_year_is_one_fault() -> None:
    """The procedure, the staff, the doses and the discharge are right."""
    record = sample_record()
    for name in ("AnesthesiaStartTime", "AnesthesiaEndTime", "AnesthesiaInductionStartTime"):
        record = record.replace(f"<{name}>2020", f"<{name}>2021")
    assert codes_of(changed(record, Age="47")) == ["AR318"]


INDUCTIONS = [
    # induction              codes
    ("2020-03-01T07:15:00", []),  # clocks that are apart
    ("2020-03-01T07:14:59", ["AR319"]),
    ("2020-03-01T09:45:00", []),
    ("2020-03-01T09:45:01", ["AR319"]),
    ("2020-03-01T00:00:00", []),  # the day without its time
    ("2020-03-02T00:00:00", ["AR319"]),
    ("12020-03-01T08:00:00", []),
]


@pytest.mark.parametrize(("induction", "codes"), INDUCTIONS)
def test_an_induction_is_part_of_the_anesthesia(induction: str, codes: list[str]) -> None:
    assert codes_of(a_record(AnesthesiaInductionStartTime=induction)) == codes


def test_an_induction_that_stands_in_every_method_is_told_once() -> None:
    record = sample_record().replace("T07:50:00.000</AnesthesiaInd", "T17:50:00.000</AnesthesiaInd")
    assert codes_of(record) == ["AR319"]


NEAR = [
    # time                     codes
    ("2020-02-29T07:30:00.000", []),  # premedication, an epidural on the day before
    ("2020-02-29T07:29:59.000", ["AR335"]),
    ("2020-02-28T00:00:00.000", ["AR335"]),
    ("2019-03-01T07:30:00.000", ["AR335"]),
]


@pytest.mark.parametrize("element", ["StaffSignIn", "DoseStart", "TMStartTime"])
@pytest.mark.parametrize(("time", "codes"), NEAR)
def test_what_is_done_for_a_case_is_done_around_it(
    element: str, time: str, codes: list[str]
) -> None:
    assert codes_of(a_record(**{element: time})) == codes


LEFT = [
    # signed out at            codes
    ("2020-03-02T09:30:00.000", []),
    ("2020-03-02T09:30:01.000", ["AR335"]),
    ("2021-03-01T09:30:00.000", ["AR335"]),
]


@pytest.mark.parametrize(("time", "codes"), LEFT)
def test_a_sign_out_is_near_the_case_too(time: str, codes: list[str]) -> None:
    assert codes_of(a_record(StaffSignOut=time)) == codes


def test_an_infusion_and_a_milestone_may_go_on() -> None:
    assert codes_of(a_record(DoseEnd="2020-03-05T09:30:00", TMEndTime="2020-03-05T09:30:00")) == []


@pytest.mark.parametrize("milestone", ["Post-op visit", "Preanesthesia evaluation", "Consent"])
def test_a_milestone_such_as_a_visit_is_of_any_day(milestone: str) -> None:
    after = {"TMStartTime": "2020-03-04T09:00:00", "TMEndTime": "2020-03-04T09:10:00"}
    assert codes_of(a_record(TMType=milestone, **after)) == []
    assert codes_of(a_record(TMType="Incision", **after)) == ["AR335"]


def test_a_wrong_date_that_repeats_itself_is_told_once_for_each_element() -> None:
    record = sample_record().replace("<StaffSignIn>2020", "<StaffSignIn>2019")
    assert codes_of(record) == ["AR335"]


ADMISSIONS = [
    # status       admitted at             codes     surgery from 08:00
    ("Ambulatory", "2020-03-01T08:00:00", []),
    ("Ambulatory", "2020-03-01T08:00:01", ["AR336"]),
    ("Ambulatory", "2020-03-01T00:00:00", []),
    ("Inpatient", "2020-02-20T10:00:00", []),
    ("Inpatient", "2020-03-01T16:00:00", []),  # kept after the operation
    ("Observation", "2020-03-02T08:00:00", []),
    ("Inpatient", "2020-03-02T08:00:01", ["AR336"]),
    ("Unknown", "2020-04-01T08:00:00", ["AR336"]),
]


@pytest.mark.parametrize(("status", "time", "codes"), ADMISSIONS)
def test_a_patient_comes_before_the_surgery(status: str, time: str, codes: list[str]) -> None:
    assert codes_of(a_record(AdmissionStatus=status, AdmissionDate=time)) == codes


def test_without_a_start_of_surgery_that_of_anesthesia_counts() -> None:
    without = a_record(ProcStartTime=None, AdmissionDate="2020-03-01T07:45:00")
    assert codes_of(without) == ["AR336"]


def of_no_minutes(category: str) -> str:
    method = (
        f"<AnesthesiaMethod><AnesthesiaCategory>{category}</AnesthesiaCategory>"
        "<AnesthesiaStartTime>2020-03-01T08:00:00</AnesthesiaStartTime>"
        "<AnesthesiaEndTime>2020-03-01T08:00:00</AnesthesiaEndTime></AnesthesiaMethod>"
    )
    return a_record(AnesthesiaMethodSet=method)


def test_an_anesthetic_takes_time() -> None:
    record = of_no_minutes("General Anesthesia")
    assert codes_of(record) == ["AR337"]
    assert place_of(record).endswith("AnesthesiaMethod[1]/AnesthesiaEndTime")


def test_some_services_take_none() -> None:
    assert codes_of(of_no_minutes("No Anesthesia Provided")) == []
    assert codes_of(changed(of_no_minutes("Neuraxial"), CPTAnesValue="01996")) == []
    assert codes_of(changed(of_no_minutes("General Anesthesia"), OutcomeID="16")) == []


def test_a_method_of_no_minutes_beside_others_is_in_order() -> None:
    assert codes_of(a_record(AnesthesiaEndTime="2020-03-01T07:30:00.000")) == []


def test_a_block_an_hour_before_and_a_case_over_midnight_are_in_order() -> None:
    late = sample_record().replace("2020-03-01T09:", "2020-03-02T00:")
    late = late.replace("2020-03-01T16:00", "2020-03-02T16:00")
    late = late.replace("2020-03-01T07:", "2020-03-01T22:").replace("01T08:", "01T23:")
    late = late.replace("2020-03-01T11:00", "2020-03-02T11:00")
    assert codes_of(late) == []
    assert (
        codes_of(a_record(DoseStart="2020-03-01T06:30:00", StaffSignIn="2020-03-01T06:20:00")) == []
    )
