"""Times that cannot be. Anesthesia in the sample record: 1 March 2020 from 07:30 to 09:30."""

import re
from datetime import date

import pytest
from sample_records import YEARS, a_record, changed, codes_of, place_of, remarks_of, sample_record

from app.domain.findings import Severity
from app.rules.definition import VersionYears
from app.rules.rule_book import MOST_REMARKS

OTHER_TIMES = (
    "AdmissionDate|DoseStart|DoseEnd|LabDateTime|PostOpDispDateTime|PostOpDischargeDateTime"
    "|ProcStartTime|ProcEndTime|StaffSignIn|StaffSignOut|TMStartTime|TMEndTime"
)


def anesthesia(start: str, end: str) -> str:
    """The sample record with one method from `start` to `end`, and nothing else with a time."""
    method = (
        "<AnesthesiaMethod><AnesthesiaCategory>General Anesthesia</AnesthesiaCategory>"
        f"<AnesthesiaStartTime>{start}</AnesthesiaStartTime>"
        f"<AnesthesiaEndTime>{end}</AnesthesiaEndTime></AnesthesiaMethod>"
    )
    without = re.sub(rf"<({OTHER_TIMES})>.*?</\1>", "", sample_record())
    return changed(without, AnesthesiaMethodSet=method)


ENDS = [
    # element          moved to                    where it is said
    (
        "AnesthesiaEndTime",
        "2020-03-01T07:00:00",
        "AnesthesiaCase[1]/AnesthesiaMethodSet[1]/AnesthesiaMethod[1]/AnesthesiaEndTime[1]",
    ),
    ("ProcEndTime", "2020-03-01T07:59:59.999", "Procedure[1]/ProcEndTime[1]"),
    (
        "StaffSignOut",
        "2020-03-01T00:20:00",
        "AnesthesiaCase[1]/AnesthesiaStaffSet[1]/AnesthesiaStaff[1]/StaffSignOut[1]",
    ),
    (
        "DoseEnd",
        "2020-02-29T08:00:00.000",
        "IntraOp[1]/MedicationsSet[1]/Medication[1]/DoseEnd[1]",
    ),
    (
        "OutputEndDateTime",
        "2020-03-01T07:49:00.000",
        "IntraOp[1]/OutputsSet[1]/OutputEvent[1]/OutputEndDateTime[1]",
    ),
    (
        "TMEndTime",
        "2020-03-01T07:34:59.999",
        "TimingMilestones[1]/TimingMilestone[1]/TMEndTime[1]",
    ),
]


@pytest.mark.parametrize(("element", "time", "place"), ENDS)
def test_what_ends_before_it_starts_is_named(element: str, time: str, place: str) -> None:
    record = a_record(**{element: time})
    assert (codes_of(record), place_of(record)) == (["AR310"], place)


@pytest.mark.parametrize(
    ("element", "start"),
    [
        ("ProcEndTime", "2020-03-01T08:00:00.000"),
        ("ProcEndTime", "2020-03-01T08:00:00"),
        ("TMEndTime", "2020-03-01T07:35:00"),
        ("DoseEnd", "2020-03-01T07:50:00.000"),
    ],
)
def test_what_ends_as_it_starts_is_in_order(element: str, start: str) -> None:
    assert codes_of(a_record(**{element: start})) == []


def test_an_end_without_a_start_says_nothing() -> None:
    assert codes_of(a_record(DoseStart=None, ProcStartTime=None, StaffSignIn=None)) == []


LENGTHS = [
    # end                       codes
    ("2020-03-02T07:29:00.000", []),
    ("2020-03-02T07:30:00.000", []),  # 24 hours exactly
    ("2020-03-02T07:30:00.001", ["AR311"]),
    ("2021-03-01T09:30:00.000", ["AR311"]),
    ("2020-02-01T09:30:00.000", ["AR310"]),
]


@pytest.mark.parametrize(("end", "codes"), LENGTHS)
def test_more_than_a_day_is_too_long(end: str, codes: list[str]) -> None:
    assert codes_of(anesthesia("2020-03-01T07:30:00.000", end)) == codes


LABOR = [
    # code, end                        codes     anesthesia from 2020-03-01 07:30
    ("01967", "2020-03-03T07:30:00.000", []),
    ("01967", "2020-03-03T07:30:00.001", ["AR311"]),
    ("01969", "2020-03-02T22:00:00", []),
    ("01958", "2020-03-02T22:00:00", ["AR311"]),
]


@pytest.mark.parametrize(("code", "end", "codes"), LABOR)
def test_labor_analgesia_may_take_two_days(code: str, end: str, codes: list[str]) -> None:
    record = changed(anesthesia("2020-03-01T07:30:00.000", end), CPTAnesValue=code)
    assert codes_of(record) == codes


DAYS = [
    # date of service, codes                          the file is checked on 2021-06-01
    (date(2021, 6, 1), []),
    (date(2021, 6, 2), []),  # a sender east of us
    (date(2021, 6, 3), ["AR312"]),
    (date(2020, 1, 1), []),
    (date(2019, 12, 31), ["AR313"]),
    (date(1020, 3, 1), ["AR313"]),  # and not that it was before the birth
]


@pytest.mark.parametrize(("day", "codes"), DAYS)
def test_the_date_of_service_is_in_the_past_and_of_the_version(day: date, codes: list[str]) -> None:
    record = changed(anesthesia(f"{day}T07:30:00", f"{day}T09:30:00"), Age="47")
    assert codes_of(record) == codes


@pytest.mark.parametrize(
    ("day", "severity"),
    [(date(2022, 4, 4), Severity.INFO), (date(2022, 4, 5), None)],
    ids=["the last day without the newer version", "the day after"],
)
def test_a_case_of_the_new_year_may_come_in_the_old_version_for_a_while(
    day: date, severity: Severity | None
) -> None:
    record = changed(anesthesia(f"{day}T07:30:00", f"{day}T09:30:00"), Age="48")
    [(code, remark)] = remarks_of(record, day=date(2022, 6, 1))
    assert (code, remark.message, remark.severity) == ("AR313", "after", severity)


def test_of_a_closed_version_the_file_is_told_and_not_each_record() -> None:
    closed = VersionYears(
        first=YEARS.first, last=YEARS.last, lenient_until=YEARS.lenient_until, is_closed=True
    )
    record = changed(anesthesia("2022-05-01T07:30:00", "2022-05-01T09:30:00"), Age="48")
    assert codes_of(record, years=closed, day=date(2022, 6, 1)) == []


BIRTHS = [
    # DOB                Age   codes                 anesthesia on 2020-03-01
    ("2020-03-01", "0", []),
    ("2020-03-02", "0", ["AR314"]),
    ("2020-03-02Z", "0", []),  # an evening in America is the next day in Greenwich
    ("2020-03-03Z", "0", ["AR314"]),
    ("2073-05-14", "46", ["AR314"]),  # and not that the age disagrees
]


@pytest.mark.parametrize(("born", "age", "codes"), BIRTHS)
def test_nobody_is_treated_before_birth(born: str, age: str, codes: list[str]) -> None:
    sizes = {"Weight": None, "WeightInKg": None, "Height": None, "HeightInCm": None}
    assert codes_of(a_record(DOB=born, Age=age, **sizes)) == codes


LEAVES = [
    # the patient leaves at    codes
    ("2020-03-01T09:15:00", []),
    ("2020-03-01T07:29:59", ["AR315"]),
    ("2020-02-28T16:00:00.000", ["AR315"]),
    ("2020-03-01T00:00:00.000", []),  # the day without its time
    ("2020-02-29T24:00:00", []),
    ("2020-02-29T00:00:00.000", ["AR315"]),
]


@pytest.mark.parametrize("element", ["PostOpDispDateTime", "PostOpDischargeDateTime"])
@pytest.mark.parametrize(("time", "codes"), LEAVES)
def test_a_patient_leaves_after_the_case(element: str, time: str, codes: list[str]) -> None:
    record = a_record(**{element: time})
    assert codes_of(record) == codes
    assert not codes or place_of(record) == f"PostOp/{element}"


DISCHARGES = [
    # discharge             codes      anesthesia from 22:00 to 02:00
    ("2020-03-01T22:00:00", ["AR315"]),
    ("2020-03-02T01:29:59", ["AR315"]),
    ("2020-03-02T01:30:00", []),  # two clocks
    ("2020-03-02T00:00:00", []),  # the day without its time
    ("2020-03-01T00:00:00", ["AR315"]),
]


@pytest.mark.parametrize(("discharge", "codes"), DISCHARGES)
def test_nobody_is_discharged_under_anesthesia(discharge: str, codes: list[str]) -> None:
    case = anesthesia("2020-03-01T22:00:00", "2020-03-02T02:00:00")
    left = f"</PostOpDischarge><PostOpDischargeDateTime>{discharge}</PostOpDischargeDateTime>"
    record = case.replace("</PostOpDischarge>", left)
    assert codes_of(record) == codes


def test_the_handover_in_recovery_may_end_the_anesthesia() -> None:
    assert codes_of(a_record(PostOpDispDateTime="2020-03-01T08:45:00")) == []


def test_a_start_on_the_wrong_day_is_one_fault() -> None:
    """The end, the discharge and the laboratory values are right, and before that start."""
    start = "<AnesthesiaStartTime>2020-03-0{}T07:{}:00.000</AnesthesiaStartTime>"
    record = sample_record()
    for minute in ("30", "45"):
        record = record.replace(start.format(1, minute), start.format(2, minute))
    assert set(codes_of(record)) == {"AR310"}


LABS = [
    # set              time                   codes
    ("PreLabSet", "2020-03-01T09:30:00", []),
    ("PreLabSet", "2020-03-01T09:30:01", ["AR316"]),
    ("PreLabSet", "2019-12-01T09:30:00", []),
    ("PostOpLabSet", "2020-03-01T07:30:00", []),
    ("PostOpLabSet", "2020-03-01T07:29:00", ["AR316"]),
    ("PostOpLabSet", "2020-03-01T00:00:00", []),  # the day without its time
    ("PostOpLabSet", "2020-02-29T00:00:00", ["AR316"]),
]


@pytest.mark.parametrize(("lab_set", "time", "codes"), LABS)
def test_a_laboratory_value_is_of_its_set(lab_set: str, time: str, codes: list[str]) -> None:
    before, opening, values = sample_record().partition(f"<{lab_set}>")
    record = before + opening + changed(values, LabDateTime=time)
    assert codes_of(record) == codes
    assert not codes or lab_set in place_of(record)


def test_years_past_the_calendar_of_python_are_left_alone() -> None:
    assert codes_of(a_record(LabDateTime="12020-03-01T09:30:00")) == []


def test_a_fault_that_is_everywhere_hides_no_other_one() -> None:
    dose = (
        "<Medication><MedicationName>Propofol</MedicationName>"
        "<DoseStart>2020-03-01T08:00:00</DoseStart><DoseEnd>2020-03-01T07:00:00</DoseEnd>"
        "</Medication>"
    )
    record = a_record(MedicationsSet=dose * 1_000, CPTSet=None)
    assert codes_of(record) == ["AR310"] * MOST_REMARKS + ["AR360"]
