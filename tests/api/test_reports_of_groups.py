"""Feedback reports of subgroups and virtual groups: for whom their results are, with their cases.

Robin and Alex do two cases together and two each alone, Kim does three. Alex's own patients smoked.
"""

from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from app.domain.jobs import Queue
from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file
from tests.feedback import REPORTS, asked, made, rate_of
from tests.people import browser_of, somebody_signed_in, text_of
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.rosters import Staff, confirm_group
from tests.smokers import ABSTAINED, SMOKED, smoker
from tests.workers import work_off

ROBIN, ALEX, KIM = NPI, OTHER_NPI, "1000000004"
WHOSE = {"practice_id": PRACTICE}
TEAM = {"tin": TIN, "performance_year": 2024, "name": "Cardiac team", "npis": [ROBIN, ALEX]}
LAKES = {"performance_year": 2024, "name": "Northern Lakes", "tins": [TIN, OTHER_TIN]}
RESULTS = {**WHOSE, "performance_year": 2024, "measure_id": "404"}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    practice = registry.practice()
    for npi in (ROBIN, ALEX, KIM):
        Staff(caller=practice).add(
            "clinicians", npi=npi, name="Somebody", credentials="Anesthesiologist"
        )
    practice.send(
        a_case_file(
            *(smoker(f"T-{n}", ABSTAINED, staff=[(TIN, ROBIN), (TIN, ALEX)]) for n in range(2)),
            *(smoker(f"R-{n}", ABSTAINED, staff=[(TIN, ROBIN)]) for n in range(2)),
            *(smoker(f"A-{n}", SMOKED, staff=[(TIN, ALEX)]) for n in range(2)),
            *(smoker(f"K-{n}", ABSTAINED, staff=[(TIN, KIM)]) for n in range(3)),
        )
    )
    return practice


@pytest.fixture
def neighbor(registry: Registry) -> Caller:
    """Another practice with three cases, which is in the same virtual group, and confirmed."""
    registry.register(OTHER_PRACTICE, OTHER_TIN)
    neighbor = registry.practice(OTHER_PRACTICE)
    neighbor.send(
        a_case_file(
            *(smoker(f"O-{n}", SMOKED, staff=[(OTHER_TIN, KIM)]) for n in range(3)),
            practice_id=OTHER_PRACTICE,
        ),
        practice_id=OTHER_PRACTICE,
    )
    entered = neighbor.ask("POST", f"/v1/practices/{OTHER_PRACTICE}/virtual-groups", json=LAKES)
    confirm_group(registry, entered.json(), of=OTHER_PRACTICE)
    return neighbor


def records_in(opened: Any) -> set[str]:
    """Those that failed measure 404."""
    return {each["anesthesia_record_id"] for each in opened["cases"] if each["measure_id"] == "404"}


def test_a_subgroup_has_a_report_with_the_results_of_the_subgroup(
    registry: Registry, practice: Caller
) -> None:
    team = Staff(caller=practice).add("subgroups", **TEAM)
    report = made(registry, practice, tin=None, subgroup_id=team["id"])
    assert (report["level"], report["tin"], report["npi"]) == ("subgroup", TIN, None)
    assert (report["subgroup_id"], report["group_name"]) == (team["id"], "Cardiac team")
    opened = practice.read(report["links"]["self"], cases="true")
    rate = rate_of(opened["figures"], "404")
    [result] = practice.read(
        "/v1/measures/results", **RESULTS, level="subgroup", subgroup_id=team["id"]
    )["results"]
    assert sum(rate["counts"].values()) == result["eligible_population"] == 6
    assert rate["performance_rate"] == result["performance_rate"] == 66.67
    assert (opened["figures"]["cases"], opened["figures"]["score"]) == (6, None)
    assert records_in(opened) == {"A-0", "A-1"}
    for name in ("html", "csv"):
        assert "Cardiac team" in practice.get(report["links"][name]).text
    assert practice.get(report["links"]["pdf"]).content.startswith(b"%PDF")
    listed = {
        level: len(practice.read(REPORTS, **WHOSE, level=level)["items"])
        for level in ("group", "individual", "subgroup", "virtual_group")
    }
    assert listed == {"group": 0, "individual": 0, "subgroup": 1, "virtual_group": 0}
    clinician = somebody_signed_in(registry, Role.CLINICIAN)
    assert problem(clinician.get(report["links"]["self"]), 403) == "not-permitted"
    body = {"quarter": "2024-Q1", "subgroup_id": team["id"]}
    assert problem(clinician.ask("POST", REPORTS, params=WHOSE, json=body), 403) == "not-permitted"
    assert clinician.read(REPORTS, **WHOSE)["items"] == []


def test_a_virtual_group_is_told_to_who_reaches_every_practice_in_it(
    registry: Registry, practice: Caller, neighbor: Caller
) -> None:
    lakes = Staff(caller=practice).add("virtual-groups", **LAKES)
    body = {"quarter": "2024-Q1", "virtual_group_id": lakes["id"]}

    def refusal(caller: Caller, status: int) -> str:
        return problem(caller.ask("POST", REPORTS, params=WHOSE, json=body), status)

    staff = registry.internal()
    assert refusal(staff, 409) == "virtual-group-unconfirmed"
    entry = confirm_group(registry, lakes)
    assert refusal(practice, 403) == "not-permitted"
    report = made(registry, staff, tin=None, virtual_group_id=lakes["id"])
    assert (report["level"], report["tin"]) == ("virtual_group", None)
    opened = staff.read(report["links"]["self"], cases="true")
    rate = rate_of(opened["figures"], "404")
    assert sum(rate["counts"].values()) == opened["figures"]["cases"] == 12
    assert rate["performance_rate"] == 58.33
    assert records_in(opened) == {"A-0", "A-1"}, "others list their own"
    page = staff.get(report["links"]["self"], format="html", cases="true").text
    assert "Northern Lakes" in page
    assert "the cases listed are of this one alone" in page
    both = registry.practice(PRACTICE, OTHER_PRACTICE)
    assert both.get(report["links"]["pdf"]).status_code == 200
    assert problem(practice.get(report["links"]["self"]), 403) == "not-permitted"
    assert neighbor.get(report["links"]["self"]).status_code == 404

    # The neighbor leaves: from then on the group is the practice's own, this report is not.
    [theirs] = [
        each
        for page in staff.pages("/v1/virtual-groups", performance_year=2024)
        for each in page
        if each["practice_id"] == OTHER_PRACTICE
    ]
    confirm_group(registry, theirs, of=OTHER_PRACTICE, word="withdraw-confirmation")
    own = made(registry, practice, tin=None, virtual_group_id=entry["id"])
    assert practice.read(own["links"]["self"])["figures"]["cases"] == 9
    assert problem(practice.get(report["links"]["self"]), 403) == "not-permitted"


def test_a_report_of_a_group_that_is_gone_meanwhile_says_so(
    registry: Registry, practice: Caller
) -> None:
    staff = Staff(caller=practice)
    team = staff.add("subgroups", **TEAM)
    request = asked(practice, tin=None, subgroup_id=team["id"])
    assert staff.try_to_remove("subgroups", team).status_code == 204
    work_off(registry, only=Queue.REPORTS)
    failed = practice.read(request["links"]["self"])
    assert (failed["status"], failed["failure"]) == ("failed", "no_cases")
    body = {"quarter": "2024-Q1", "subgroup_id": team["id"]}
    for more, status in (({}, 404), ({"tin": TIN}, 422), ({"npi": ROBIN}, 422)):
        answer = practice.ask("POST", REPORTS, params=WHOSE, json={**body, **more})
        assert answer.status_code == status, more


def test_the_page_asks_for_a_group_of_the_roster(
    registry: Registry, practice: Caller, portal: BlockingPortal
) -> None:
    team = Staff(caller=practice).add("subgroups", **TEAM)
    path = f"/practices/{PRACTICE}/feedback"
    browser = browser_of(registry, portal, Role.PRACTICE)
    page = browser.get(path)
    assert "Subgroup Cardiac team, 2024" in text_of(page)
    wrong = browser.fill_in(page, path, quarter="2024-Q1", group="everybody")
    assert (wrong.status_code, "choose a group" in wrong.text) == (422, True)
    asked_for = {"quarter": "2024-Q1", "group": f"subgroup:{team['id']}"}
    waiting = browser.follow(browser.fill_in(browser.get(path), path, **asked_for))
    assert f"Subgroup Cardiac team, under TIN {TIN}" in text_of(waiting)
    work_off(registry, only=Queue.REPORTS)
    [report] = practice.read(REPORTS, **WHOSE, level="subgroup")["items"]
    assert report["links"]["html"] in browser.get(path).text
    own = browser_of(registry, portal, Role.CLINICIAN).get(path)
    assert "Cardiac team" not in own.text
