"""The provider list of a year is locked by windows and by the registry; who did it is kept."""

from datetime import date
from typing import Any

from httpx import Response

from tests.case_files import NPI, OTHER_NPI, TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import PRACTICE, Registry
from tests.rosters import ROBIN, ROSTER, Staff

LIST_OF_2024 = "/v1/provider-lists/2024"
REASON = "Results go to CMS this month."


def order(registry: Registry, what: str, year: int = 2024, **values: Any) -> Response:
    return registry.internal().ask(
        "POST", f"/v1/provider-lists/{year}/{what}", json={"reason": REASON, **values}
    )


def test_a_window_locks_the_list_of_2019_until_6_april_2020(
    registry: Registry, staff: Staff
) -> None:
    robin = staff.add("clinicians", **ROBIN)
    registry.on_day(date(2020, 3, 1))
    state = staff.caller.read("/v1/provider-lists/2019")
    assert (state["state"], state["opens_on"]) == ("locked", "2020-04-06")
    assert state["window"]["assumed"]
    late = {"clinician_id": robin["id"], "tin": TIN, "starts_on": "2019-07-01"}
    refused = staff.try_to_add("employments", **late)
    assert problem(refused, 409) == "provider-list-locked"
    told = refused.json()
    assert (told["performance_year"], told["opens_on"]) == (2019, "2020-04-06")
    assert told["detail"] == "The provider list of 2019 opens again on 2020-04-06."
    registry.on_day(date(2020, 4, 6))
    assert staff.caller.read("/v1/provider-lists/2019")["state"] == "open"
    assert staff.try_to_add("employments", **late).status_code == 201


def test_what_leaves_the_locked_list_as_it_is_stays_possible(
    registry: Registry, staff: Staff
) -> None:
    staff.bring_in_robin()
    assert order(registry, "lock", opens_on="2024-07-01").status_code == 200
    [robin], [job] = staff.listed("clinicians"), staff.listed("employments")
    robin = staff.change("clinicians", robin, asa_member_years=[2023])
    staff.add("facilities", facility_id="F-01", name="Harbor Hospital")
    kim = staff.add("clinicians", **{**ROBIN, "npi": OTHER_NPI})
    staff.employ(kim, starts_on="2025-01-01")
    alterations = [
        staff.try_to_change("employments", job, ends_on="2024-05-31"),
        staff.try_to_remove("employments", job),
        staff.try_to_change("clinicians", robin, name="Robin Sample"),
        staff.try_to_change("clinicians", robin, asa_member_years=[2023, 2024]),
        staff.try_to_add(
            "subgroups", tin=TIN, performance_year=2024, name="Cardiac team", npis=[NPI]
        ),
    ]
    assert {problem(answer, 409) for answer in alterations} == {"provider-list-locked"}
    staff.change("employments", job, ends_on="2025-05-31")


def test_a_locked_list_is_altered_neither_by_a_file_nor_by_a_reconciliation(
    registry: Registry, staff: Staff
) -> None:
    registry.vendor().send(a_case_file(a_record("A-1", staff=[(TIN, NPI)])))
    order(registry, "lock")
    joins = {"kind": "not_on_list", "tin": TIN, "npi": NPI, "decision": "confirm"}
    decided = staff.caller.ask(
        "POST", f"{ROSTER}/reconciliation", json={"performance_year": 2024, "decisions": [joins]}
    )
    assert problem(decided, 409) == "provider-list-locked"
    content = (
        "npi,name,credentials,asa_member_years,tin,starts_on,ends_on\n"
        f"{NPI},Robin Example,Anesthesiologist,,{TIN},2024-01-01,\n"
    )
    for dry_run in ("true", "false"):
        answer = staff.caller.ask(
            "POST",
            f"{ROSTER}/clinicians/import",
            params={"dry_run": dry_run},
            content=content.encode(),
            headers={"Content-Type": "text/csv"},
        )
        assert problem(answer, 409) == "provider-list-locked"
        assert answer.json()["opens_on"] is None
    assert staff.listed("clinicians") == []


def test_the_registry_locks_and_unlocks_a_list_and_says_why(registry: Registry) -> None:
    assert order(registry, "lock", opens_on="2024-07-01").json()["state"] == "locked"
    opened = order(registry, "unlock").json()
    assert (opened["state"], opened["opens_on"]) == ("open", None)
    unlocked, locked = opened["orders"]
    assert (locked["locks"], locked["opens_on"]) == (True, "2024-07-01")
    assert (unlocked["locks"], unlocked["reason"]) == (False, REASON)
    assert unlocked["by"]["role"] == "internal"
    assert registry.practice().read(LIST_OF_2024) == opened


def test_an_order_opens_a_window_early(registry: Registry) -> None:
    registry.on_day(date(2020, 3, 1))
    assert order(registry, "unlock", 2019).json()["state"] == "open"


def test_a_lock_ends_on_its_day_by_itself(registry: Registry) -> None:
    order(registry, "lock", opens_on="2024-07-01")
    registry.on_day(date(2024, 7, 1))
    assert registry.practice().read(LIST_OF_2024)["state"] == "open"


def test_an_order_needs_a_reason_and_a_day_to_come(registry: Registry) -> None:
    assert problem(order(registry, "lock", opens_on="2024-06-01"), 422) == "invalid-request"
    assert problem(order(registry, "lock", reason="so"), 422) == "invalid-request"


def test_only_the_registry_locks_lists(registry: Registry) -> None:
    for caller in (registry.practice(), registry.vendor(), registry.practice(sandbox=True)):
        for what in ("lock", "unlock"):
            answer = caller.ask("POST", f"{LIST_OF_2024}/{what}", json={"reason": REASON})
            assert problem(answer, 403) == "not-permitted"
    assert problem(registry.vendor().get(LIST_OF_2024), 403) == "not-permitted"
    assert registry.practice().read(LIST_OF_2024)["orders"] == []
    assert registry.practice().count(practice_id=PRACTICE) == 0
