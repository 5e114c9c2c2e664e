"""Reconciling TINs and NPIs: what cases say and the roster does not, and the reverse."""

from typing import Any

from httpx import Response

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.rosters import ROBIN, ROSTER, Staff

REPORT = f"{ROSTER}/reconciliation"
INVALID_NPI = "1234567890"
SMOKER = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9644")]


def a_case(record: str, *staff: tuple[str, str], day: str = "2024-03-01", **more: Any) -> str:
    return a_record(record, staff=staff, start=f"{day}T07:30:00", end=f"{day}T09:30:00", **more)


def report(staff: Staff, **asked: Any) -> Any:
    return staff.caller.read(REPORT, **{"performance_year": 2024, **asked})


def rows(staff: Staff, kind: str) -> list[Any]:
    items: list[Any] = report(staff, kind=kind)["items"]
    return items


def try_to_decide(staff: Staff, *decisions: dict[str, Any]) -> Response:
    asked = {"performance_year": 2024, "decisions": decisions}
    return staff.caller.ask("POST", REPORT, json=asked)


def decide(staff: Staff, *decisions: dict[str, Any]) -> Any:
    answer = try_to_decide(staff, *decisions)
    assert answer.status_code == 200, answer.text
    return answer.json()


def met(caller: Caller, tin: str) -> int:
    """How many cases under a TIN meet measure 404."""
    results = caller.read(
        "/v1/measures/results",
        practice_id=PRACTICE,
        performance_year=2024,
        level="group",
        tin=tin,
        measure_id="404",
    )["results"]
    return sum(result["performance_met"] for result in results)


# The story of a TIN


def test_a_tin_that_nobody_knew_is_confirmed_and_its_cases_count_at_once(
    registry: Registry, staff: Staff
) -> None:
    receipt = registry.vendor().send(
        a_case_file(
            a_case("A-1", (TIN, NPI)),
            a_case("A-2", (OTHER_TIN, NPI), quality=SMOKER),
            a_case("A-3", (OTHER_TIN, NPI), (TIN, OTHER_NPI), day="2024-03-05"),
        )
    )
    assert receipt["records"]["held"] == 2
    assert (staff.caller.count(), met(staff.caller, OTHER_TIN)) == (1, 0)

    [row] = rows(staff, "unknown_tin")
    assert (row["tin"], row["cases"], row["held_cases"]) == (OTHER_TIN, 2, 2)
    assert (row["first_date_of_service"], row["last_date_of_service"]) == (
        "2024-03-01",
        "2024-03-05",
    )
    done = decide(staff, {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"})
    assert (done["registered_tins"], done["released_cases"]) == (1, 2)

    assert rows(staff, "unknown_tin") == []
    assert (staff.caller.count(), staff.caller.count(tin=OTHER_TIN)) == (3, 2)
    assert met(staff.caller, OTHER_TIN) == 1
    assert {each["tin"] for each in staff.listed("tins")} == {TIN, OTHER_TIN}


def test_a_tin_outside_its_days_is_unknown_there_and_confirming_it_widens_them(
    registry: Registry, staff: Staff
) -> None:
    staff.add("tins", tin=OTHER_TIN, valid_from="2024-03-10")
    registry.vendor().send(
        a_case_file(
            a_case("A-1", (OTHER_TIN, NPI), day="2024-03-05"),
            a_case("A-2", (OTHER_TIN, NPI), day="2024-03-15"),
        )
    )
    [row] = rows(staff, "unknown_tin")
    assert (row["cases"], row["held_cases"]) == (1, 1)
    done = decide(staff, {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"})
    assert done["released_cases"] == 1
    assert staff.listed("tins")[-1]["valid_from"] == "2024-03-05"
    assert staff.caller.count() == 2


def test_a_rejected_tin_stays_held_and_on_the_report(registry: Registry, staff: Staff) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (OTHER_TIN, NPI))))
    done = decide(
        staff,
        {
            "kind": "unknown_tin",
            "tin": OTHER_TIN,
            "decision": "reject",
            "reason": "Not ours: the vendor mixed up two practices.",
        },
    )
    assert (done["decided"], done["released_cases"]) == (1, 0)
    [row] = rows(staff, "unknown_tin")
    assert (row["state"], row["held_cases"]) == ("rejected", 1)
    assert row["decision"]["reason"].startswith("Not ours")
    assert row["decision"]["by"]["role"] == "practice"
    assert staff.caller.count() == 0


# Clinicians


def test_who_is_not_on_the_list_counts_and_is_unconfirmed(registry: Registry, staff: Staff) -> None:
    staff.bring_in_robin()
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI)), a_case("A-2", (TIN, OTHER_NPI))))
    assert staff.caller.count(npi=OTHER_NPI) == 1
    [row] = rows(staff, "not_on_list")
    assert (row["tin"], row["npi"], row["cases"]) == (TIN, OTHER_NPI, 1)
    assert (row["state"], row["name"]) == ("unconfirmed", None)


def test_confirming_an_npi_brings_the_clinician_onto_the_list(
    registry: Registry, staff: Staff
) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI)), a_case("A-2", (TIN, OTHER_NPI))))
    done = decide(
        staff,
        {"kind": "not_on_list", "tin": TIN, "npi": NPI, "decision": "confirm"},
        {
            "kind": "not_on_list",
            "tin": TIN,
            "npi": OTHER_NPI,
            "decision": "correct",
            "name": "Kim Sample",
            "credentials": "Surgeon",
            "starts_on": "2024-02-01",
            "ends_on": "2024-03-31",
        },
    )
    assert (done["added_clinicians"], done["added_employments"]) == (2, 2)
    told = [(each["npi"], each["name"], each["credentials"]) for each in staff.listed("clinicians")]
    assert told == [(NPI, "", "Anesthesiologist"), (OTHER_NPI, "Kim Sample", "Surgeon")]
    days = [(each["starts_on"], each["ends_on"]) for each in staff.listed("employments")]
    assert days == [("2024-03-01", None), ("2024-02-01", "2024-03-31")]
    assert rows(staff, "not_on_list") == []


def test_cases_outside_an_employment_are_told_and_its_days_corrected(
    registry: Registry, staff: Staff
) -> None:
    robin = staff.add("clinicians", **ROBIN)
    staff.employ(robin, starts_on="2024-03-01", ends_on="2024-03-10")
    registry.vendor().send(
        a_case_file(
            a_case("A-1", (TIN, NPI), day="2024-03-10"),
            a_case("A-2", (TIN, NPI), day="2024-03-11"),
            a_case("A-3", (TIN, NPI), day="2024-03-12"),
        )
    )
    [row] = rows(staff, "outside_employment")
    assert (row["name"], row["cases"], row["first_date_of_service"]) == (
        "Robin Example",
        2,
        "2024-03-11",
    )
    about = {"kind": "outside_employment", "tin": TIN, "npi": NPI}
    done = decide(staff, {**about, "decision": "correct", "ends_on": "2024-03-31"})
    assert done["changed_employments"] == 1
    assert rows(staff, "outside_employment") == []
    assert staff.caller.count() == 3


def test_who_is_on_the_list_without_cases_is_told_and_may_be_right(staff: Staff) -> None:
    staff.bring_in_robin()
    [row] = rows(staff, "without_cases")
    assert (row["npi"], row["cases"], row["state"]) == (NPI, 0, "open")
    decide(
        staff,
        {
            "kind": "without_cases",
            "tin": TIN,
            "npi": NPI,
            "decision": "confirm",
            "reason": "On leave all year.",
        },
    )
    assert rows(staff, "without_cases")[0]["state"] == "confirmed"
    assert report(staff, state="open")["items"] == []


def test_who_left_before_the_year_is_not_missed(staff: Staff) -> None:
    robin = staff.add("clinicians", **ROBIN)
    staff.employ(robin, starts_on="2022-01-01", ends_on="2023-12-31")
    assert rows(staff, "without_cases") == []


def test_somebody_under_several_tins_and_an_impossible_npi_are_told(
    registry: Registry, staff: Staff
) -> None:
    registry.register(PRACTICE, OTHER_TIN)
    registry.vendor().send(
        a_case_file(
            a_case("A-1", (TIN, NPI)),
            a_case("A-2", (OTHER_TIN, NPI)),
            a_case("A-3", (TIN, INVALID_NPI)),
            a_case("A-4", (TIN, NPI), (OTHER_TIN, NPI)),
        )
    )
    [several], [invalid] = rows(staff, "several_tins"), rows(staff, "invalid_npi")
    assert (several["npi"], several["tins"], several["cases"]) == (NPI, [TIN, OTHER_TIN], 3)
    assert (invalid["npi"], invalid["tins"], invalid["cases"]) == (INVALID_NPI, [TIN], 1)
    assert INVALID_NPI not in [row["npi"] for row in rows(staff, "not_on_list")]
    about = {"kind": "invalid_npi", "npi": INVALID_NPI}
    wrong = try_to_decide(staff, {**about, "decision": "correct"})
    assert problem(wrong, 422) == "invalid-request"
    decide(staff, {**about, "decision": "reject"}, {"kind": "several_tins", "npi": NPI,
                                                    "decision": "confirm"})  # fmt: skip
    assert rows(staff, "invalid_npi")[0]["state"] == "rejected"
    assert rows(staff, "several_tins")[0]["state"] == "confirmed"


# Deciding


def test_many_rows_are_decided_at_once_or_none(registry: Registry, staff: Staff) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (OTHER_TIN, NPI))))
    joins = {"kind": "not_on_list", "tin": OTHER_TIN, "npi": NPI, "decision": "confirm"}
    tin = {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"}
    nobody = {"kind": "not_on_list", "tin": OTHER_TIN, "npi": OTHER_NPI, "decision": "confirm"}
    assert problem(try_to_decide(staff, tin, joins, nobody), 409) == "roster-conflict"
    assert (staff.caller.count(), staff.listed("clinicians")) == (0, [])
    assert problem(try_to_decide(staff, joins), 422) == "invalid-request"
    done = decide(staff, joins, tin)
    assert (done["decided"], done["released_cases"], done["added_clinicians"]) == (2, 1, 1)
    assert problem(try_to_decide(staff, tin), 409) == "roster-conflict"


def test_no_decision_changes_a_case(registry: Registry, staff: Staff) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (OTHER_TIN, NPI))))
    [before] = staff.caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    decide(staff, {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"})
    [after] = staff.caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert (before["status"], after["status"]) == ("held", "active")
    assert after["version"] == before["version"]


def test_who_decided_what_is_kept(registry: Registry, staff: Staff) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (OTHER_TIN, NPI))))
    internal = Staff(caller=registry.internal())
    decide(internal, {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"})
    decided, added, *_ = staff.listed("roster-changes")
    assert (added["kind"], added["action"], added["by"]["role"]) == ("tin", "added", "internal")
    assert (decided["kind"], decided["action"]) == ("reconciliation", "decided")
    assert decided["after"]["decision"] == "confirm"


# The report


def test_the_report_comes_in_pages_and_counts_its_rows(registry: Registry, staff: Staff) -> None:
    staff.bring_in_robin()
    registry.vendor().send(
        a_case_file(a_case("A-1", (OTHER_TIN, OTHER_NPI)), a_case("A-2", (TIN, OTHER_NPI)))
    )
    assert report(staff)["totals"] == {
        "unknown_tin": 1,
        "not_on_list": 2,
        "without_cases": 1,
        "several_tins": 1,
    }
    pages = staff.caller.pages(REPORT, performance_year=2024, limit=2)
    assert [[row["kind"] for row in page] for page in pages] == [
        ["unknown_tin", "not_on_list"],
        ["not_on_list", "without_cases"],
        ["several_tins"],
    ]


def test_deleted_cases_those_of_other_years_and_of_the_sandbox_are_left_out(
    registry: Registry, staff: Staff
) -> None:
    registry.practice(sandbox=True).send(a_case_file(a_case("S-1", (OTHER_TIN, NPI))))
    registry.vendor().send(
        a_case_file(a_case("A-1", (OTHER_TIN, NPI)), a_case("A-2", (TIN, NPI), day="2023-03-01"))
    )
    held = staff.caller.read("/v1/cases", practice_id=PRACTICE, status="held")["items"]
    for case in held:
        staff.caller.delete(f"/v1/cases/{case['case_id']}", reason="duplicate")
    assert report(staff)["items"] == []
    assert report(staff, performance_year=2023)["totals"] == {"not_on_list": 1}


def test_a_report_belongs_to_its_practice_and_the_registry(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    tin = {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm"}
    for caller in (
        registry.vendor(),
        registry.practice(OTHER_PRACTICE),
        registry.practice(sandbox=True),
    ):
        answer = caller.get(REPORT, performance_year=2024)
        assert problem(answer, 403) == "not-permitted"
        assert problem(try_to_decide(Staff(caller=caller), tin), 403) == "not-permitted"
    for caller in (registry.internal(), registry.admin()):
        assert caller.get(REPORT, performance_year=2024).status_code == 200
