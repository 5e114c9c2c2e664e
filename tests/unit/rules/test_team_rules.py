"""The team: who must be in it for the coverage, who must not, and who is in it twice."""

import pytest
from sample_records import a_record, codes_of, message_for, remarks_of, sample_record, with_staff

from app.rules.loading import shipped_rules
from app.xsd.catalogue import shipped_schemas

MD, FELLOW = "Anesthesiologist", "Fellow (Anesthesiology)"
CRNA, APN = "Certified Registered Nurse Anesthetist", "Advanced Practice Nurse"
CAA, PA = "Certified Anesthesiologist Assistant", "Physician Assistant"
RESIDENT, STUDENT = "Resident (Anesthesia)", "Student Registered Nurse Anesthetist"
DENTIST, ORAL_SURGEON = "Dentist Anesthesiologist", "Dentist or Oral Surgeon"
NURSE, SURGEON = "Registered Nurse", "Surgeon"

TEAMS_THAT_FIT = [
    ("MD-ALONE", [MD]),
    ("MD-ALONE", [MD, MD]),  # relief
    ("MD-ALONE", [MD, RESIDENT]),  # one to one, as teaching
    ("MD-ALONE", [MD, STUDENT]),
    ("MD-ALONE", [MD, f"{CRNA} as Administrative"]),
    ("MD-ALONE", [DENTIST]),
    ("MD-DIRECTING", [MD, CRNA]),
    ("MD-DIRECTING", [MD, CAA]),
    ("MD-DIRECTING", [MD, RESIDENT]),
    ("MD-DIRECTING", [FELLOW, CRNA, STUDENT]),
    ("MD-DIRECTING", [MD, APN]),
    ("MD-SUPERVISING", [MD, CRNA]),
    ("MD-MD", [MD, MD]),
    ("MD-MD", [MD, RESIDENT]),
    ("MD PRESENT BUT NOT DIRECTING", [MD, CRNA]),
    ("MD PRESENT BUT NOT DIRECTING", [CRNA]),
    ("CRNA-ALONE", [CRNA]),
    ("CRNA-ALONE", [CRNA, STUDENT]),
    ("CRNA-ALONE", [CRNA, SURGEON]),
    ("CRNA-DIRECTED", [MD, CRNA]),
    ("CRNA-SUPERVISED", [CRNA]),  # the surgeon supervises, who need not stand here
    ("CRNA-SUPERVISING", [CRNA, STUDENT]),
    ("PA-ALONE", [PA]),
    ("PA-DIRECTED", [PA, MD]),
    ("CAA-DIRECTED", [CAA, MD]),
]

RELIEFS = [
    # coverage    team                                    anesthesia from 07:30 to 09:30
    ("MD-ALONE", [MD, f"{CRNA} 08:00-08:59"]),
    ("MD-ALONE", [MD, f"{CRNA} 08:00-08:20 as Performing the case"]),
    ("MD-ALONE", [MD, f"{CRNA} as Monitoring"]),
    ("MD-ALONE", [MD, CRNA]),  # nothing tells for how long
    ("CRNA-ALONE", [CRNA, f"{MD} 08:00-08:20"]),
]

MISSING = "is missing among the staff."
DIRECTOR = (
    "but the physician who directs or supervises is missing among the staff: send this physician"
    " too, of another group as well. Another coverage fits only if nobody did."
)
PRESENT = (
    "takes part: send the coverage of this team, or, where it was a short relief, its times in"
    " StaffSignIn and StaffSignOut."
)
CONTRADICTIONS = [
    # coverage        team             the message ends with
    ("MD-ALONE", [MD, f"{CRNA} as Performing the case"], f"but a {CRNA} {PRESENT}"),
    ("MD-ALONE", [MD, f"{CRNA} 08:00-09:00"], f"but a {CRNA} {PRESENT}"),
    ("MD-ALONE", [MD, f"{CRNA} 07:30"], f"but a {CRNA} {PRESENT}"),
    # each for a short time, together for most of it
    ("MD-ALONE", [MD, f"{CRNA} 07:30-08:15", f"{CRNA} 08:15-09:00"], f"but a {CRNA} {PRESENT}"),
    ("MD-ALONE", [MD, f"{CAA} as Performing the case"], f"but a {CAA} {PRESENT}"),
    ("MD-ALONE", [CRNA], f"but a physician {MISSING}"),
    ("MD-DIRECTING", [MD], f"but a clinician whom a physician directs {MISSING}"),
    ("MD-DIRECTING", [MD, NURSE], f"but a clinician whom a physician directs {MISSING}"),
    ("MD-DIRECTING", [CRNA], DIRECTOR),
    ("MD-DIRECTING", [f"{MD} as Administrative", CRNA], DIRECTOR),
    ("MD-SUPERVISING", [CRNA, CRNA], DIRECTOR),
    ("MD-MD", [CRNA], f"but a physician {MISSING}"),
    ("CRNA-ALONE", [CRNA, f"{MD} as Medically responsible"], f"but an {MD} {PRESENT}"),
    ("CRNA-ALONE", [MD], f"but a nurse anesthetist {MISSING}"),
    ("CRNA-DIRECTED", [CRNA], DIRECTOR),
    ("CRNA-SUPERVISED", [MD], f"but a nurse anesthetist {MISSING}"),
    ("PA-DIRECTED", [PA], DIRECTOR),
    ("CAA-DIRECTED", [MD, CRNA], f"but an assistant {MISSING}"),
]


@pytest.mark.parametrize(("coverage", "team"), TEAMS_THAT_FIT + RELIEFS)
def test_a_team_that_can_be_meant_is_in_order(coverage: str, team: list[str]) -> None:
    assert codes_of(with_staff(a_record(AnesthesiaCoverage=coverage), *team)) == []


@pytest.mark.parametrize(("coverage", "team", "message"), CONTRADICTIONS)
def test_a_clear_contradiction_is_named(coverage: str, team: list[str], message: str) -> None:
    record = with_staff(a_record(AnesthesiaCoverage=coverage), *team)
    assert codes_of(record) == ["AR308"]
    assert message_for(record) == f"AnesthesiaCoverage is {coverage}, {message}"


def test_the_coverages_that_would_go_with_the_team_are_offered() -> None:
    record = with_staff(a_record(AnesthesiaCoverage="MD-ALONE"), CRNA, STUDENT)
    [(_, remark)] = remarks_of(record)
    assert remark.expected == ("CRNA-ALONE", "CRNA-SUPERVISING", "CRNA-SUPERVISED")


@pytest.mark.parametrize("coverage", ["MD-DIRECTING", "CRNA-DIRECTED"])
def test_another_coverage_is_not_offered_where_the_director_may_be_of_another_group(
    coverage: str,
) -> None:
    [(_, remark)] = remarks_of(with_staff(a_record(AnesthesiaCoverage=coverage), CRNA))
    assert (remark.message, remark.expected) == ("director", ())


def test_without_a_coverage_every_team_is_in_order() -> None:
    assert codes_of(with_staff(a_record(AnesthesiaCoverage=None), CRNA, MD)) == []


def test_the_table_of_coverages_is_that_of_the_schema() -> None:
    coverage = (
        shipped_schemas()
        .get("2023V1.0")
        .model.child("AnesthesiaRecord")
        .child("AnesthesiaCase")
        .child("AnesthesiaCoverage")
    )
    table = shipped_rules()["AR308"].given.lists
    assert set(table["coverages"]) == set(coverage.value.allowed) - {"MD PRESENT BUT NOT DIRECTING"}
    assert set(table["coverages"]) <= set(table)


NOBODY = [[NURSE], [SURGEON], [STUDENT], [NURSE, "Podiatrist"]]
SOMEBODY = [[MD], [CRNA], [CAA], [PA], [APN], [RESIDENT], [FELLOW], [DENTIST], [ORAL_SURGEON]]


@pytest.mark.parametrize("team", NOBODY)
def test_somebody_must_have_given_the_anesthesia(team: list[str]) -> None:
    assert codes_of(with_staff(a_record(AnesthesiaCoverage=None), *team)) == ["AR309"]


@pytest.mark.parametrize("team", SOMEBODY)
def test_one_clinician_is_enough(team: list[str]) -> None:
    assert codes_of(with_staff(a_record(AnesthesiaCoverage=None), NURSE, *team)) == []


def test_no_anesthesia_needs_nobody() -> None:
    method = (
        "<AnesthesiaMethod><AnesthesiaCategory>No Anesthesia Provided</AnesthesiaCategory>"
        "<AnesthesiaStartTime>2020-03-01T07:30:00</AnesthesiaStartTime>"
        "<AnesthesiaEndTime>2020-03-01T09:30:00</AnesthesiaEndTime></AnesthesiaMethod>"
    )
    record = a_record(AnesthesiaCoverage=None, AnesthesiaMethodSet=method)
    assert codes_of(with_staff(record, NURSE)) == []


def test_without_a_clinician_the_coverage_is_not_held_against_the_team_too() -> None:
    assert codes_of(with_staff(a_record(AnesthesiaCoverage="MD-DIRECTING"), NURSE)) == ["AR309"]


PRESENCES = [
    # the nurse anesthetist is there at      codes
    (("07:30", "08:30"), []),  # relieved, and back again
    (("07:30", "07:30"), ["AR307"]),
    (("07:30", None), ["AR307"]),
    ((None, "07:30"), ["AR307"]),
    ((None, None), ["AR307"]),
    (("07:30", "07:30", "07:30"), ["AR307", "AR307"]),
]


@pytest.mark.parametrize(("sign_ins", "codes"), PRESENCES)
def test_a_second_presence_has_a_sign_in_of_its_own(
    sign_ins: tuple[str | None, ...], codes: list[str]
) -> None:
    nurses = [f"{CRNA} 1987654328" + (f" {at}" if at else "") for at in sign_ins]
    assert codes_of(with_staff(sample_record(), f"{MD} 1234567893", *nurses)) == codes


def test_the_same_clinician_under_another_tin_is_one_presence_too() -> None:
    record = with_staff(sample_record(), f"{MD} 1234567893", f"{CRNA} 1987654328 07:30")
    twin = with_staff(sample_record(), f"{CRNA} 1987654328 07:30").replace("010234567", "891234567")
    staff = twin.partition("<AnesthesiaStaffSet>")[2].partition("</AnesthesiaStaffSet>")[0]
    record = record.replace("</AnesthesiaStaffSet>", f"{staff}</AnesthesiaStaffSet>")
    assert codes_of(record) == ["AR307"]


def test_a_number_that_is_nobodys_fills_the_field_for_several() -> None:
    record = with_staff(sample_record(), f"{MD} 1111111111", f"{CRNA} 1111111111")
    assert codes_of(record) == ["AR305", "AR305"]


TINS = [
    ("123456789", ["AR306"]),
    ("111111111", ["AR306"]),
    ("000000000", ["AR306"]),
    ("010234567", []),
    ("112111111", []),
]


@pytest.mark.parametrize(("tin", "codes"), TINS)
def test_a_tin_that_fills_a_form_is_found(tin: str, codes: list[str]) -> None:
    assert codes_of(a_record(TaxID=tin)) == codes
