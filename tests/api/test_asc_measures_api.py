"""Surgical centers over HTTP: results, the cases behind, what a center enters, the file for CMS."""

import csv
import io
from datetime import date
from typing import Any, Final

import pytest
from httpx import Response

from tests.asc_files import CENTER, GENERAL, OTHER_CENTER, an_asc_record
from tests.case_files import NPI, OTHER_NPI, a_case_file
from tests.commands import Nacor, nacor_on
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import Staff

RESULTS = "/v1/asc-measures/results"
FILE = "/v1/asc-measures/file"
ASKED: Final = {"practice_id": PRACTICE, "year": "2025"}
HOUR: Final = [(GENERAL, "08:00", "09:00")]
ARRIVAL: Final = [("PACU arrival", "09:05")]
WARM, COLD = ("09:10", "36.4", "C"), ("09:10", "35.2", "C")
ENTERED: Final[dict[str, Any]] = {
    "admissions": 1240,
    "measures": {
        "ASC-1": {"numerator": 1},
        "ASC-2": {"numerator": 0},
        "ASC-3": {"numerator": 0},
        "ASC-4": {"numerator": 4},
        "ASC-9": {
            "population": 310,
            "sample": 63,
            "frequency": 2,
            "numerator": 55,
            "denominator": 61,
        },
        "ASC-14": {"numerator": 1, "denominator": 402},
    },
}
COUNTED: Final = ("NUMERATOR", "DENOMINATOR")
SAMPLED: Final = ("POP_SIZE", "SAMP_SIZE", "SAMP_FREQ", *COUNTED)
COLUMNS = [
    *("ASC_PROVIDER_NPI", "ASC_PYR"),
    *(f"ASC_{number}_{part}" for number in (1, 2, 3, 4) for part in COUNTED),
    *(f"ASC_{number}_{part}" for number in (9, 11, 13) for part in SAMPLED),
    *(f"ASC_14_{part}" for part in COUNTED),
]


@pytest.fixture
def centers(registry: Registry) -> Registry:
    """It is January 2026, when figures of 2025 are put together."""
    registry.on_day(date(2026, 1, 20))
    return registry


def send(registry: Registry, *records: str) -> None:
    receipt = registry.vendor().send(a_case_file(*records))
    assert receipt["records"]["rejected"] == 0, receipt


def an_hour(record_id: str, *temperatures: tuple[str, str, str], **other: Any) -> str:
    return an_asc_record(
        record_id, methods=HOUR, milestones=ARRIVAL, temperatures=temperatures, **other
    )


def results(caller: Caller, center: str = CENTER, **asked: str) -> dict[str, Any]:
    """The results of one center by measure."""
    found = caller.read(RESULTS, **ASKED, facility=center, **asked)["centers"]
    assert [each["facility_id"] for each in found] == [center]
    return {each["measure_id"]: each for each in found[0]["measures"]}


def add_center(registry: Registry, center: str = CENTER, npi: str | None = NPI) -> Any:
    return Staff(caller=registry.practice()).add(
        "facilities", facility_id=center, name="Eye Center", place_of_service=24, npi=npi
    )


def figures_of(entry: Any, year: int = 2025) -> str:
    return f"/v1/practices/{PRACTICE}/facilities/{entry['id']}/asc-figures/{year}"


def enter(caller: Caller, entry: Any, body: Any, *, seen: int = 0) -> Response:
    headers = {"If-Match": f'"{seen}"'}
    return caller.ask("PUT", figures_of(entry), json=body, headers=headers)


def rows_of(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def findings_of(answer: Response) -> set[tuple[str | None, str | None]]:
    assert problem(answer, 422) == "asc-file-refused"
    return {(each["facility_id"], each["column"]) for each in answer.json()["findings"]}


# --- results ----------------------------------------------------------------------------------


def test_normothermia_of_a_center(centers: Registry) -> None:
    send(
        centers,
        an_hour("W-1", WARM),
        an_hour("W-2", WARM),
        an_hour("C-1", COLD),
        an_hour("O-1", COLD, center=OTHER_CENTER),
        an_hour("H-1", COLD, place=22),
    )
    found = results(centers.practice())["ASC-13"]
    assert (found["numerator"], found["denominator"], found["rate"]) == (2, 3, 66.67)
    assert found["partial"] is False
    assert {each["reason"]: each["cases"] for each in found["reasons"]} == {
        "temperature:warm-in-time": 2,
        "temperature:below": 1,
    }
    assert found["not_derivable"][0]["what"] == "intended hypothermia"


def test_without_pacu_arrival_the_rate_is_a_range(centers: Registry) -> None:
    unknown = an_asc_record("U-1", methods=HOUR, temperatures=[WARM])
    send(centers, an_hour("W-1", WARM), an_hour("C-1", COLD), unknown)
    found = results(centers.practice())["ASC-13"]
    assert (found["numerator"], found["denominator"], found["undetermined"]) == (1, 3, 1)
    assert found["rate"] is None
    assert (found["rate_at_least"], found["rate_at_most"]) == (33.33, 66.67)


def test_events_are_of_a_part_of_the_admissions(centers: Registry) -> None:
    send(centers, an_asc_record("B-1", events=[12]), an_asc_record("B-2"))
    found = results(centers.practice())
    assert (found["ASC-1"]["numerator"], found["ASC-1"]["denominator"]) == (1, 2)
    assert found["ASC-4"]["numerator"] == 0
    assert found["ASC-1"]["partial"] is True
    assert "every admission" in found["ASC-1"]["partial_because"]


def test_what_case_files_cannot_say_is_null_and_never_zero(centers: Registry) -> None:
    colonoscopy = an_asc_record("S-1", procedures=["45378"], diagnoses=["Z12.11"])
    send(centers, colonoscopy, an_asc_record("E-1", procedures=["66984"]))
    found = results(centers.practice())
    for measure in ("ASC-9", "ASC-11", "ASC-14"):
        assert found[measure]["denominator"] == 1
        assert found[measure]["numerator"] is None
        assert found[measure]["rate"] is None
        assert found[measure]["not_derivable"][0]["what"] == "numerator"
    elsewhere = centers.practice().read(RESULTS, **ASKED)["elsewhere"]
    assert [each["measure_id"] for each in elsewhere] == [
        *("ASC-12", "ASC-17", "ASC-18", "ASC-19", "ASC-20"),
    ]


def test_results_of_a_quarter_and_the_cases_behind_them(centers: Registry) -> None:
    send(
        centers,
        an_hour("Q1", COLD, day="2025-03-31"),
        an_hour("Q2", COLD, day="2025-04-01"),
        an_hour("Q2-warm", WARM, day="2025-06-30"),
    )
    practice = centers.practice()
    found = results(practice, quarter="2")["ASC-13"]
    assert (found["numerator"], found["denominator"]) == (1, 2)
    assert found["sampling"]["population"] == 3, "a sample is of the year"
    assert found["sampling"]["quarterly"] == [1, 2, 0, 0]

    behind = practice.read(
        f"{RESULTS}/cases",
        **ASKED,
        measure_id="ASC-13",
        facility=CENTER,
        quarter="2",
        landing="denominator_only",
    )["items"]
    assert [case["anesthesia_record_id"] for case in behind] == ["Q2"]
    assert behind[0]["meaning"] == "Recorded in the 15 minutes, and each below 36.0 C"


def test_the_cases_behind_a_number_come_in_pages(centers: Registry) -> None:
    send(centers, *(an_asc_record(f"P-{n}") for n in range(5)))
    asked = {**ASKED, "measure_id": "ASC-1", "limit": "2"}
    pages = centers.practice().pages(f"{RESULTS}/cases", **asked)
    assert [[case["anesthesia_record_id"] for case in page] for page in pages] == [
        *(["P-0", "P-1"], ["P-2", "P-3"], ["P-4"]),
    ]


def test_a_corrected_and_a_deleted_case_leave_the_figures(centers: Registry) -> None:
    send(centers, an_asc_record("B-1", events=[12]), an_asc_record("B-2", events=[12]))
    send(centers, an_asc_record("B-1", events=[35]))
    practice = centers.practice()
    found = results(practice)
    assert (found["ASC-1"]["numerator"], found["ASC-2"]["numerator"]) == (1, 1)
    [case] = [
        case
        for case in practice.read("/v1/cases", practice_id=PRACTICE)["items"]
        if case["anesthesia_record_id"] == "B-2"
    ]
    practice.delete(f"/v1/cases/{case['case_id']}", reason="Sent by mistake.")
    found = results(practice)
    assert (found["ASC-1"]["numerator"], found["ASC-1"]["denominator"]) == (0, 1)


def test_cases_without_a_place_are_told_apart(centers: Registry) -> None:
    send(centers, an_asc_record("P-1"), an_asc_record("P-2", place=None))
    [center] = centers.practice().read(RESULTS, **ASKED)["centers"]
    assert center["cases_elsewhere"] == 1
    assert center["measures"][0]["denominator"] == 1


def test_a_center_of_the_roster_is_there_without_cases(centers: Registry) -> None:
    entry = add_center(centers)
    [center] = centers.practice().read(RESULTS, **ASKED)["centers"]
    assert (center["facility_entry_id"], center["name"]) == (entry["id"], "Eye Center")
    assert center["measures"][0]["denominator"] == 0
    assert center["measures"][0]["rate"] is None


def test_another_year_is_not_specified(centers: Registry) -> None:
    answer = centers.practice().get(RESULTS, practice_id=PRACTICE, year="2024")
    assert problem(answer, 404) == "measure-unknown"
    assert "not specified" in answer.json()["detail"]


def test_of_another_year_no_case_lands_anywhere(centers: Registry) -> None:
    send(centers, an_asc_record("Y-1", day="2024-03-01"))
    practice = centers.practice()
    [case] = practice.read("/v1/cases", practice_id=PRACTICE)["items"]
    answer = practice.ask("POST", f"/v1/cases/{case['case_id']}/asc-measures", json={})
    assert answer.json()["source"] is None
    assert answer.json()["decisions"] == []


def test_the_sandbox_has_no_figures(centers: Registry) -> None:
    receipt = centers.vendor(sandbox=True).send(a_case_file(an_asc_record("X-1")))
    assert receipt["records"]["created"] == 1
    assert centers.practice(sandbox=True).read(RESULTS, **ASKED)["centers"] == []
    assert centers.practice().read(RESULTS, **ASKED)["centers"] == []


# --- what a center enters -----------------------------------------------------------------------


def test_a_center_enters_its_figures_and_changes_them(centers: Registry) -> None:
    entry, practice = add_center(centers), centers.practice()
    before = practice.get(figures_of(entry))
    assert (before.headers["ETag"], before.json()["admissions"]) == ('"0"', None)
    first = enter(practice, entry, ENTERED)
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
    second = enter(practice, entry, {**ENTERED, "admissions": 1300}, seen=1)
    assert second.json()["version"] == 2
    assert practice.read(figures_of(entry)) == second.json()

    [center] = practice.read(RESULTS, **ASKED)["centers"]
    assert center["admissions"] == 1300
    told = {each["measure_id"]: each["entered"] for each in center["measures"]}
    assert told["ASC-9"]["numerator"] == 55
    assert told["ASC-13"] is None


def test_nobody_undoes_what_another_has_just_entered(centers: Registry) -> None:
    entry, practice = add_center(centers), centers.practice()
    assert enter(practice, entry, ENTERED).status_code == 200
    assert problem(enter(practice, entry, {"admissions": 1}), 412) == "changed-meanwhile"
    blind = practice.ask("PUT", figures_of(entry), json=ENTERED)
    assert problem(blind, 428) == "precondition-missing"


def test_what_was_entered_is_in_the_history_and_in_the_trail(centers: Registry) -> None:
    entry, practice = add_center(centers), centers.practice()
    enter(practice, entry, {"admissions": 100})
    enter(practice, entry, {"admissions": 120}, seen=1)
    newest = practice.read(f"/v1/practices/{PRACTICE}/roster-changes")["items"][0]
    assert (newest["before"]["admissions"], newest["after"]["admissions"]) == (100, 120)
    assert newest["entry_id"] == entry["id"]
    trail = practice.read("/v1/audit", practice_id=PRACTICE)["items"]
    entered = [each for each in trail if each["action"] == "asc_figures.entered"]
    assert sorted(each["details"]["version"] for each in entered) == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        {"measures": {"ASC-1": {"numerator": 1, "denominator": 9}}},
        {"measures": {"ASC-1": {"population": 9}}},
        {"measures": {"ASC-9": {"population": 12, "frequency": 4}}},
        {"measures": {"ASC-9": {"population": 12, "frequency": 9}}},
        {"measures": {"ASC-12": {"numerator": 1}}},
        {"measures": {"ASC-14": {"numerator": -1}}},
        {"admission": 3},
    ],
)
def test_what_can_never_be_right_is_refused(centers: Registry, body: Any) -> None:
    entry, practice = add_center(centers), centers.practice()
    assert problem(enter(practice, entry, body), 422) == "invalid-request"
    assert practice.read(figures_of(entry))["version"] == 0


def test_figures_are_of_a_facility_of_the_roster_and_a_specified_year(centers: Registry) -> None:
    entry, practice = add_center(centers), centers.practice()
    stranger = {"id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"}
    assert problem(enter(practice, stranger, ENTERED), 404) == "roster-entry-unknown"
    assert problem(practice.get(figures_of(entry, 2024)), 404) == "measure-unknown"


# --- the file for CMS ---------------------------------------------------------------------------


def test_the_file_has_a_row_for_each_center_in_the_columns_of_the_manual(
    centers: Registry,
) -> None:
    send(centers, an_hour("W-1", WARM), an_hour("C-1", COLD), an_asc_record("B-1", events=[12]))
    practice = centers.practice()
    enter(practice, add_center(centers), ENTERED)
    enter(practice, add_center(centers, OTHER_CENTER, OTHER_NPI), ENTERED)
    answer = practice.get(FILE, **ASKED)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="ASC_WBM_PY2027_01_20_2026.csv"'
    )
    assert answer.text.splitlines()[0].split(",") == COLUMNS
    assert len(COLUMNS) == 27
    first, second = rows_of(answer)
    assert (first["ASC_PROVIDER_NPI"], second["ASC_PROVIDER_NPI"]) == (NPI, OTHER_NPI)
    assert list(first.values())[1:] == [
        *("2027", "1", "1240", "0", "1240", "0", "1240", "4", "1240"),
        *("310", "63", "2", "55", "61"),
        *("", "", "", "", ""),
        *("3", "3", "3", "1", "3"),
        *("1", "402"),
    ]
    no_cases = [second[f"ASC_13_{part}"] for part in ("POP_SIZE", "SAMP_SIZE", "SAMP_FREQ")]
    assert no_cases == ["0", "0", "4"]


def test_the_file_is_refused_with_all_that_is_missing(centers: Registry) -> None:
    send(centers, an_asc_record("U-1", methods=HOUR, temperatures=[WARM]))
    add_center(centers, npi=None)
    found = findings_of(centers.practice().get(FILE, **ASKED))
    assert found == {
        (CENTER, "ASC_PROVIDER_NPI"),
        *((CENTER, f"ASC_{n}_{part}") for n in (1, 2, 3, 4, 14) for part in COUNTED),
        *((CENTER, f"ASC_{n}_{part}") for n in (9, 13) for part in SAMPLED),
    }


@pytest.mark.parametrize(
    ("measure_id", "told", "column"),
    [
        ("ASC-1", {"numerator": 1241}, "ASC_1_NUMERATOR"),
        ("ASC-1", {"numerator": 0}, "ASC_1_NUMERATOR"),
        ("ASC-9", {"sample": 62, "denominator": 60}, "ASC_9_SAMP_SIZE"),
        ("ASC-9", {"sample": 400}, "ASC_9_SAMP_SIZE"),
        ("ASC-9", {"denominator": 64}, "ASC_9_DENOMINATOR"),
        ("ASC-9", {"numerator": 62}, "ASC_9_NUMERATOR"),
    ],
)
def test_the_file_is_refused_for_figures_that_cannot_be_right(
    centers: Registry, measure_id: str, told: dict[str, int], column: str
) -> None:
    """The registry itself knows of a burn at the center."""
    send(centers, an_asc_record("B-1", events=[12]))
    measures: dict[str, Any] = dict(ENTERED["measures"])
    measures[measure_id] = {**measures[measure_id], **told}
    practice = centers.practice()
    enter(practice, add_center(centers), {"admissions": 1240, "measures": measures})
    assert findings_of(practice.get(FILE, **ASKED)) == {(CENTER, column)}


def test_fewer_admissions_than_cases_cannot_be_right(centers: Registry) -> None:
    send(centers, an_asc_record("A-1", events=[12]), an_asc_record("A-2"))
    practice = centers.practice()
    measures = {**ENTERED["measures"], "ASC-4": {"numerator": 0}}
    enter(practice, add_center(centers), {"admissions": 1, "measures": measures})
    columns = {f"ASC_{n}_DENOMINATOR" for n in (1, 2, 3, 4)}
    assert findings_of(practice.get(FILE, **ASKED)) == {(CENTER, column) for column in columns}


def test_a_file_needs_a_center_and_every_center_with_cases(centers: Registry) -> None:
    practice = centers.practice()
    assert findings_of(practice.get(FILE, **ASKED)) == {(None, None)}
    send(centers, an_asc_record("A-1"))
    assert (CENTER, None) in findings_of(practice.get(FILE, **ASKED))


def test_two_centers_of_one_npi_cannot_be_in_a_file(centers: Registry) -> None:
    practice = centers.practice()
    for center in (CENTER, OTHER_CENTER):
        enter(practice, add_center(centers, center), ENTERED)
    found = findings_of(practice.get(FILE, **ASKED))
    assert found == {(CENTER, "ASC_PROVIDER_NPI"), (OTHER_CENTER, "ASC_PROVIDER_NPI")}


# --- on the command line ------------------------------------------------------------------------


@pytest.fixture
def nacor(centers: Registry, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    return nacor_on(centers.engine, monkeypatch)


def test_results_and_file_on_the_command_line(centers: Registry, nacor: Nacor) -> None:
    send(centers, an_asc_record("A-1", events=[12]))
    told = nacor("asc", "results", "--practice", PRACTICE, "--year", "2025")
    assert (told.exit_code, '"measure_id": "ASC-13"' in told.stdout) == (0, True)

    asking = ("asc", "file", "--practice", PRACTICE, "--year", "2025")
    refused = nacor(*asking)
    assert refused.exit_code == 1
    assert f"{CENTER}: The roster has no such facility. Add it to the roster." in refused.stderr

    enter(centers.practice(), add_center(centers), ENTERED)
    written = nacor(*asking)
    assert written.exit_code == 0, written.output
    assert written.stdout.splitlines()[0].split(",") == COLUMNS
    assert "payment year 2027 is assumed" in written.stderr


def test_a_year_or_practice_that_is_not_known_is_told_in_a_line(nacor: Nacor) -> None:
    for words in (
        ("--practice", PRACTICE, "--year", "2024"),
        ("--practice", "99", "--year", "2025"),
    ):
        refused = nacor("asc", "results", *words)
        assert refused.exit_code == 2
        assert len(refused.stderr.splitlines()) == 1
