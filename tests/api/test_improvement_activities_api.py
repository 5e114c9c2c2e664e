"""Improvement activities over HTTP: attested, changed, and how far a practice is on 2024-06-01."""

from typing import Any

import pytest

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import ROBIN, Staff, seen
from tests.smokers import ABSTAINED, only_smoker

ATTESTED = f"/v1/practices/{PRACTICE}/improvement-activities"
PROGRESS = f"{ATTESTED}/progress"
BY_THE_GROUP = {
    "performance_year": 2024,
    "activity_id": "IA_PSPA_7",
    "tin": TIN,
    "starts_on": "2024-01-15",
    "ends_on": "2024-04-30",
    "clinicians": 1,
}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """Two clinicians under one TIN."""
    practice = registry.practice()
    staff = Staff(caller=practice)
    for npi in (NPI, OTHER_NPI):
        clinician = staff.add("clinicians", **{**ROBIN, "npi": npi})
        staff.employ(clinician, starts_on="2023-01-01")
    return practice


def try_to_attest(caller: Caller, **changes: Any) -> Any:
    return caller.ask("POST", ATTESTED, json={**BY_THE_GROUP, **changes})


def attest(caller: Caller, **changes: Any) -> Any:
    answer = try_to_attest(caller, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def progress(caller: Caller, **asked: Any) -> Any:
    return caller.read(PROGRESS, performance_year=2024, **asked)["entities"]


def test_the_activities_of_a_year_are_public(registry: Registry) -> None:
    anyone = registry.anyone()
    listed = anyone.read("/v1/improvement-activities", performance_year=2024)
    assert listed["needs"]["needed"] == 40
    assert (listed["needs"]["unit"], listed["needs"]["mark"]) == ("points", "assumed")
    of_2024 = {each["id"]: each for each in listed["items"]}
    assert of_2024["IA_BE_6"]["weight"] == "high"
    assert of_2024["IA_BE_6"]["mvps"] is None  # the list of the MVP in 2024 is not known
    assert of_2024["IA_PCMH"]["gives_full_credit"]
    later = anyone.read("/v1/improvement-activities", performance_year=2026)
    of_2026 = {each["id"]: each for each in later["items"]}
    assert {each for each in of_2026 if of_2026[each]["mvps"] == ["G0059"]} == {
        *("IA_BE_6", "IA_BE_22", "IA_BMH_2", "IA_CC_15", "IA_CC_19"),
        *("IA_MVP", "IA_PCMH", "IA_PSPA_1", "IA_PSPA_7", "IA_PSPA_16"),
    }
    assert of_2026["IA_BE_6"]["weight"] is None
    assert later["needs"]["needed"] == 2


def test_an_activity_of_the_group_counts(practice: Caller) -> None:
    made = attest(practice)
    assert {name: made[name] for name in BY_THE_GROUP} == BY_THE_GROUP
    assert made["attested_at"]
    [group] = progress(practice)
    assert (group["needed"], group["earned"], group["percent"]) == (40, 20, 50)  # small: twice
    [activity] = group["attested"]
    assert activity["days_so_far"] == 107
    assert (activity["clinicians_needed"], activity["standing"]) == (1, "counts")
    assert [step["rule"] for step in group["steps"]] == ["activities.credit", "activities.percent"]


def test_progress_is_told_while_an_activity_goes_on(practice: Caller) -> None:
    attest(practice, starts_on="2024-04-01", ends_on=None)
    [group] = progress(practice)
    [activity] = group["attested"]
    assert (activity["days_so_far"], activity["days_needed"]) == (62, 90)
    assert (activity["standing"], group["earned"]) == ("too_few_days", 0)


def test_before_anything_is_attested_it_says_what_is_needed(practice: Caller) -> None:
    [group] = progress(practice, program="G0059")
    assert (group["tin"], group["needed"], group["attested"]) == (TIN, 20, [])


def test_a_clinician_and_a_subgroup_attest_for_themselves(practice: Caller) -> None:
    subgroup = Staff(caller=practice).add(
        "subgroups", tin=TIN, performance_year=2024, name="Hearts", npis=[NPI, OTHER_NPI]
    )
    attest(practice)
    attest(practice, npi=NPI, clinicians=None)
    attest(practice, subgroup_id=subgroup["id"], clinicians=1)
    found = {(each["npi"], each["subgroup_id"]): each["earned"] for each in progress(practice)}
    assert found == {(None, None): 20, (NPI, None): 20, (None, subgroup["id"]): 20}


def test_attested_activities_are_part_of_the_score(practice: Caller) -> None:
    practice.send(a_case_file(*(only_smoker(f"M-{n}", ABSTAINED) for n in range(20))))
    attest(practice)
    attest(practice, activity_id="IA_BE_6")
    asked = {"practice_id": PRACTICE, "performance_year": 2024, "tin": TIN}
    [score] = practice.read("/v1/measures/scores", **asked)["scores"]
    assert score["improvement_activities"] == {"percent": 100, "earned": 60, "needed": 40}
    assert (score["final_score"], score["adjustment"]) == (100, "positive")
    assert "activities.percent" in {step["rule"] for step in score["steps"]}


REFUSED = [
    ({"activity_id": "IA_PSPA_99"}, "activity_id"),
    ({"tin": OTHER_TIN}, "tin"),
    ({"npi": "1679576722", "clinicians": None}, "npi"),
    ({"npi": NPI}, "clinicians"),
    ({"clinicians": None}, "clinicians"),
    ({"clinicians": 3}, "clinicians: the roster has 2"),
    ({"subgroup_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f31"}, "subgroup_id"),
    ({"ends_on": "2024-03-01"}, "ends_on"),
    ({"starts_on": "2023-12-01"}, "starts_on"),
    ({"starts_on": "2024-06-02", "ends_on": None}, "starts_on"),
]


@pytest.mark.parametrize(("changes", "named"), REFUSED)
def test_what_cannot_be_attested(practice: Caller, changes: dict[str, Any], named: str) -> None:
    answer = try_to_attest(practice, **changes)
    assert problem(answer, 422) == "invalid-request"
    assert answer.json()["detail"].startswith(named)
    assert not {NPI, OTHER_TIN, TIN} & set(answer.json()["detail"].split())


def test_an_activity_is_attested_once(practice: Caller) -> None:
    attest(practice)
    assert problem(try_to_attest(practice), 409) == "attestation-conflict"


def test_a_repeated_request_attests_once(practice: Caller) -> None:
    repeated = {"json": BY_THE_GROUP, "headers": {"Idempotency-Key": "ia-1"}}
    first = practice.ask("POST", ATTESTED, **repeated)
    second = practice.ask("POST", ATTESTED, **repeated)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"


def test_who_changes_it_has_seen_the_newest_version(practice: Caller) -> None:
    made = attest(practice)
    path = f"{ATTESTED}/{made['id']}"
    longer = {**BY_THE_GROUP, "ends_on": "2024-05-31", "clinicians": 2}
    assert problem(practice.ask("PUT", path, json=longer), 428) == "precondition-missing"
    changed = practice.ask("PUT", path, json=longer, headers=seen(made))
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json()["clinicians"] == 2
    late = practice.ask("PUT", path, json=longer, headers=seen(made))
    assert problem(late, 412) == "changed-meanwhile"
    assert problem(practice.ask("DELETE", path, headers=seen(made)), 412) == "changed-meanwhile"
    gone = practice.ask("DELETE", path, headers=seen(changed.json()))
    assert gone.status_code == 204
    assert problem(practice.get(path), 404) == "attestation-unknown"


def test_a_list_comes_in_pages(practice: Caller) -> None:
    ids = [attest(practice, activity_id=each)["id"] for each in ("IA_PSPA_7", "IA_BE_6")]
    pages = practice.pages(ATTESTED, performance_year=2024, limit=1)
    assert [[each["id"] for each in page] for page in pages] == [[ids[0]], [ids[1]]]
    assert practice.pages(ATTESTED, performance_year=2023) == [[]]


def test_the_audit_trail_tells_who_attested_what(registry: Registry, practice: Caller) -> None:
    made = attest(practice)
    practice.ask("DELETE", f"{ATTESTED}/{made['id']}", headers=seen(made))
    entries = practice.read("/v1/audit", practice_id=PRACTICE)["items"]
    told = [
        (each["action"], each["about_id"], each["details"])
        for each in entries
        if each["about"] == "attestation"
    ]
    details = {"activity": "IA_PSPA_7", "performance_year": "2024"}
    assert sorted(told) == [
        ("activity.attestation_removed", made["id"], details),
        ("activity.attested", made["id"], details),
    ]
    assert TIN not in str(told)
