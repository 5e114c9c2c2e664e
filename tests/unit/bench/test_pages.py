"""Every page is asked for, or named with the reason; and judged by the most that it took."""

from fastapi.routing import APIRoute, iter_route_contexts

from app.dashboard.router import router
from app.domain.identifiers import Npi, PracticeId
from bench.pages_asking import AskedPage, NotAsked
from bench.pages_listed import every_page
from bench.pages_people import Who
from bench.pages_report import PagesMeasured, markdown
from bench.pages_reports import Made
from bench.pages_subjects import OPENED_REPORT, Subjects

SUBJECTS = Subjects(
    practice=PracticeId("20001"),
    npi=Npi("1000000000"),
    facility="F-1",
    values={"practice_id": "20001", "entry_id": "c-1", "measure_id": "424", "case_id": None},
    entries={"tins": "t-1", "facilities": None},
)


def page(*, cpu: list[float], statements: int = 3, what: str = "/home") -> AskedPage:
    return AskedPage(
        what=what,
        who=Who.STAFF,
        address="/home",
        bytes=12_345,
        cpu=cpu,
        database=[1.0],
        wall=[300.0],
        statements=statements,
    )


def measured(*asked: AskedPage, own_assets: int = 30_000) -> PagesMeasured:
    return PagesMeasured(
        command="python -m bench.pages",
        practices=200,
        day="2025-01-31",
        year=2024,
        rounds=5,
        facts=[("day", "2026-01-01")],
        asked=asked,
        not_asked=[NotAsked(route="/sign-in/code", why="nobody is on the way there")],
        own_assets={"/home": own_assets},
        reports=[Made(what="as PDF", milliseconds=488.4, bytes=208_900)],
    )


def test_no_page_of_the_dashboards_is_forgotten() -> None:
    routes = {
        each.path
        for each in iter_route_contexts(router.routes)
        if isinstance(each.original_route, APIRoute) and "GET" in (each.methods or ())
    }
    asked = {
        each.route.replace("/tins", "/{path}").replace("/roster/facilities", "/roster/{path}")
        for each in every_page(SUBJECTS)
    }
    assert len(routes) > 40
    assert asked == routes | {OPENED_REPORT}


def test_a_page_is_about_what_the_data_have() -> None:
    pages = {each.route: each for each in every_page(SUBJECTS)}
    root = "/practices/{practice_id}"
    assert pages[f"{root}/dashboard"].address == "/practices/20001/dashboard?year=2024"
    clinician = pages[f"{root}/dashboard/clinicians/{{entry_id}}"]
    assert clinician.path == "/practices/20001/dashboard/clinicians/c-1"
    facility = pages[f"{root}/dashboard/facilities/facility"]
    assert facility.address.endswith("?facility=F-1&year=2024")
    assert pages[f"{root}/roster/tins/{{entry_id}}"].path == "/practices/20001/roster/tins/t-1"
    assert pages[f"{root}/roster/facilities/{{entry_id}}"].path is None
    assert pages["/cases/{case_id}/measures"].path is None


def test_one_slow_answer_or_one_question_too_many_misses_the_target() -> None:
    assert page(cpu=[2.0, 200.0], statements=10).meets_target
    assert not page(cpu=[2.0, 200.1]).meets_target
    assert not page(cpu=[2.0], statements=11).meets_target


def test_the_page_of_figures_tells_what_was_measured_and_what_was_not() -> None:
    told = markdown(measured(page(cpu=[10.0, 20.0]), page(cpu=[201.0], what="/registry")))
    rest = "300.0 | 300.0 | 3 | 12.3 | 30.0"
    assert f"| /home | registry staff | 10.0 | 20.0 | 1.0 | {rest} | yes |" in told
    assert f"| /registry | registry staff | 201.0 | 201.0 | 1.0 | {rest} | no |" in told
    assert "| as PDF | 488 | 208.9 |" in told
    assert "| /sign-in/code | nobody is on the way there |" in told
    assert "about all 200 of them" in told


def test_too_many_assets_miss_the_target() -> None:
    told = markdown(measured(page(cpu=[1.0]), own_assets=100_000))
    assert "| 12.3 | 100.0 | no |" in told
