"""A report is asked for, and a worker makes it: once, again after a fault, or not at all."""

import json
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from lxml import html

from app.domain.jobs import Queue
from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, TIN, a_case_file
from tests.feedback import REPORTS, asked, made, smokers_of
from tests.people import Browser, browser_of, location_of, somebody_signed_in, text_of
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.sealing import execute
from tests.waiting import wait_for
from tests.workers import work_off, working

WHOSE = {"practice_id": PRACTICE}
PAGE = f"/practices/{PRACTICE}/feedback"
BREAKS = "ALTER TABLE feedback_reports ADD CONSTRAINT broken CHECK (false) NOT VALID"
MENDED = "ALTER TABLE feedback_reports DROP CONSTRAINT broken"


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """One case of the first quarter is in."""
    registry.vendor().send(a_case_file(smokers_of(1, abstained=1, smoked=0)))
    return registry.practice()


def try_again(registry: Registry, request: Any) -> Any:
    """Do the job that waits for its next attempt, as if the pause were over."""
    execute(registry, "UPDATE procrastinate_jobs SET scheduled_at = NULL")
    work_off(registry, only=Queue.REPORTS)
    return registry.practice().read(request["links"]["self"])


def states_on_page(browser: Browser) -> list[list[str]]:
    """The rows of what is asked for and not made: quarter, of whom, state."""
    rows = html.fromstring(browser.get(PAGE).text).xpath("//section[@aria-labelledby='asked']//td")
    cells = [each.text_content().strip() for each in rows]
    return [[*cells[at : at + 2], cells[at + 3]] for at in range(0, len(cells), 4)]


def test_what_is_asked_for_twice_is_made_once(registry: Registry, practice: Caller) -> None:
    first = asked(practice)
    assert (first["status"], first["finished_at"], first["links"]["report"]) == (
        "waiting",
        None,
        None,
    )
    assert asked(practice) == first
    assert asked(registry.internal()) == first
    assert asked(practice, npi=NPI)["id"] != first["id"]
    work_off(registry, only=Queue.REPORTS)
    done = practice.read(first["links"]["self"])
    assert (done["status"], done["failure"]) == ("done", None)
    of_clinician, of_tin = practice.read(REPORTS, **WHOSE)["items"]
    assert (of_tin["npi"], of_clinician["npi"]) == (None, NPI)
    assert done["links"]["report"] == of_tin["links"]["self"]
    assert of_tin["made_by"] == first["asked_by"]
    assert asked(practice)["id"] != first["id"]  # it has ended: this is another one
    trail = registry.admin().read("/v1/audit", **WHOSE)["items"]
    told = [each["action"] for each in trail if each["action"].startswith("feedback.")]
    assert sorted(told) == ["feedback.asked"] * 3 + ["feedback.made"] * 2
    assert [mark for mark in (TIN, NPI) if mark in str(trail)] == []


def test_one_that_breaks_is_tried_three_times(registry: Registry, practice: Caller) -> None:
    request = asked(practice)
    execute(registry, BREAKS)
    work_off(registry, only=Queue.REPORTS)
    assert practice.read(request["links"]["self"])["status"] == "running"
    assert asked(practice)["id"] == request["id"]
    execute(registry, MENDED)
    assert try_again(registry, request)["status"] == "done"

    hopeless = asked(practice)
    execute(registry, BREAKS)
    work_off(registry, only=Queue.REPORTS)
    assert try_again(registry, hopeless)["status"] == "running"
    failed = try_again(registry, hopeless)
    execute(registry, MENDED)
    assert (failed["status"], failed["failure"]) == ("failed", "fault")
    assert failed["finished_at"] is not None
    assert len(practice.read(REPORTS, **WHOSE)["items"]) == 1
    assert made(registry, practice)["tin"] == TIN


def test_one_whose_worker_was_killed_each_time_ends_and_the_page_says_so(
    registry: Registry, practice: Caller, portal: BlockingPortal
) -> None:
    browser = browser_of(registry, portal, Role.PRACTICE)
    request = asked(practice)
    execute(registry, "UPDATE feedback_requests SET status = 'running', attempts = 3")
    work_off(registry, only=Queue.REPORTS)
    failed = practice.read(request["links"]["self"])
    assert (failed["status"], failed["failure"]) == ("failed", "fault")
    told = "It could not be made, through a fault of the registry."
    assert states_on_page(browser) == [["2024-Q1", f"TIN {TIN}", told]]
    assert "Ask for it again" in browser.get(f"{PAGE}/requests/{request['id']}").text
    made(registry, practice)
    assert states_on_page(browser) == []


def test_one_whose_job_is_lost_is_made_when_somebody_asks_again(
    registry: Registry, practice: Caller
) -> None:
    request = asked(practice)
    execute(registry, "DELETE FROM procrastinate_jobs")
    assert asked(practice) == request
    work_off(registry, only=Queue.REPORTS)
    assert practice.read(request["links"]["self"])["status"] == "waiting"
    execute(registry, "UPDATE feedback_requests SET asked_at = asked_at - interval '61 minutes'")
    assert asked(practice)["id"] == request["id"]
    work_off(registry, only=Queue.REPORTS)
    assert practice.read(request["links"]["self"])["status"] == "done"


def test_one_whose_cases_are_gone_meanwhile_says_so(registry: Registry, practice: Caller) -> None:
    request = asked(practice)
    [case] = practice.read("/v1/cases", **WHOSE)["items"]
    assert practice.delete(f"/v1/cases/{case['case_id']}", reason="a test").status_code == 200
    work_off(registry, only=Queue.REPORTS)
    failed = practice.read(request["links"]["self"])
    assert (failed["status"], failed["failure"]) == ("failed", "no_cases")
    nothing = practice.ask("POST", REPORTS, params=WHOSE, json={"quarter": "2024-Q1", "tin": TIN})
    assert problem(nothing, 404) == "feedback-report-unknown"


def test_the_page_follows_a_report_until_it_is_made(
    registry: Registry, practice: Caller, portal: BlockingPortal
) -> None:
    browser = browser_of(registry, portal, Role.PRACTICE)
    form = browser.get(PAGE)
    wrong = browser.fill_in(form, PAGE, quarter="2024-Q1", tin="89")
    assert (wrong.status_code, "nine digits" in wrong.text) == (422, True)
    nobody = browser.fill_in(form, PAGE, quarter="2024-Q1", tin=TIN, npi=OTHER_NPI)
    assert nobody.status_code == 404
    sent = browser.fill_in(browser.get(PAGE), PAGE, quarter="2024-Q1", tin=TIN)
    address = location_of(sent)
    waiting = browser.follow(sent)
    assert "It waits for a worker." in text_of(waiting)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting.text
    assert states_on_page(browser) == [["2024-Q1", f"TIN {TIN}", "It waits for a worker."]]

    with working(registry):
        wait_for(lambda: "It is made." in browser.get(address).text)
        news = browser.get(f"{address}/events")
    assert "event: ended" in news.text
    ended = browser.get(address)
    [report] = html.fromstring(ended.text).xpath("//div[@id='live']//a[text()='Page']/@href")
    assert f"TIN {TIN}" in browser.get(report).text
    assert report in json.loads(news.text.split("data: ")[1].splitlines()[0])["html"]
    assert "http-equiv" not in ended.text
    assert states_on_page(browser) == []


def test_who_sees_what_was_asked_for(
    registry: Registry, practice: Caller, portal: BlockingPortal
) -> None:
    registry.register(OTHER_PRACTICE)
    of_tin, of_clinician = asked(practice), asked(practice, npi=NPI)
    clinician = somebody_signed_in(registry, Role.CLINICIAN)
    assert clinician.read(of_clinician["links"]["self"]) == of_clinician
    assert problem(clinician.get(of_tin["links"]["self"]), 403) == "not-permitted"
    for other in (registry.practice(OTHER_PRACTICE), registry.practice(sandbox=True)):
        assert other.get(of_tin["links"]["self"]).status_code == 404
    own = browser_of(registry, portal, Role.CLINICIAN, email="own@x.example")
    assert [row[1] for row in states_on_page(own)] == [f"NPI {NPI}, under TIN {TIN}"]
    staff = browser_of(registry, portal, Role.INTERNAL)
    elsewhere = f"/practices/{OTHER_PRACTICE}/feedback/requests/{of_tin['id']}"
    assert staff.get(elsewhere).status_code == 404
    assert own.get(f"{PAGE}/requests/{of_tin['id']}/events").status_code == 403
