"""The pages of a practice: what waits there, and the reconciliation as somebody goes through it."""

import re
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.routing import APIRoute
from httpx import Response
from lxml import html

from app.dashboard.router import ROUTERS
from app.domain.identifiers import parse_npi
from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.people import Browser, browser_of, fields_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry, create_service
from tests.rosters import ROSTER, Staff

ROOT = f"/practices/{PRACTICE}"
REPORT = f"{ROOT}/reconciliation"
DECIDE = f"{REPORT}?year=2024"
INVALID_NPI = "1234567890"
PAGES = (
    "",
    "/dashboard",
    "/dashboard/score",
    "/dashboard/clinicians",
    "/dashboard/facilities",
    "/registration",
    "/registration/form",
    "/registration/reporting",
    "/consents",
    "/invoices",
    "/details",
    "/retention",
    "/reconciliation",
    "/provider-list",
    "/roster/clinicians",
    "/roster/clinicians/new",
    "/roster/tins",
    "/roster/facilities",
    "/roster/employments",
    "/roster/subgroups",
    "/roster/virtual-groups",
    "/roster/agreements",
)


@pytest.fixture
def robin(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def a_case(record: str, *staff: tuple[str, str], day: str = "2024-03-01") -> str:
    return a_record(record, staff=staff, start=f"{day}T07:30:00", end=f"{day}T09:30:00")


def tick(page: Response, decision: str, *rows: str, **typed: str) -> dict[str, Any]:
    """The form of `page` with these rows ticked and one of its buttons pressed."""
    form = {**fields_of(page, DECIDE), **typed, "decision": decision}
    return {**form, "row": list(rows)}


def row_keys(page: Response) -> list[str]:
    return [str(each) for each in html.fromstring(page.text).xpath("//input[@name='row']/@value")]


# The story of a TIN


def test_cases_of_an_unknown_tin_are_seen_confirmed_and_counted(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    staff.bring_in_robin()
    registry.vendor().send(
        a_case_file(
            a_case("A-1", (TIN, NPI)),
            a_case("A-2", (OTHER_TIN, NPI)),
            a_case("A-3", (OTHER_TIN, NPI), day="2024-03-05"),
        )
    )
    assert staff.caller.count() == 1

    overview = text_of(robin.get(ROOT))
    assert f"2 held cases: TIN {OTHER_TIN} is not registered" in overview

    page = robin.get(REPORT)
    assert "1 case of 2024 counts" in text_of(page)
    assert "Unknown TINs 1" in text_of(page)
    assert "2, 2 held" in text_of(page)
    [row] = [key for key in row_keys(page) if key.startswith("unknown_tin")]
    answer = robin.post(DECIDE, tick(page, "confirm", row))

    assert OTHER_TIN not in location_of(answer)
    told = text_of(robin.follow(answer))
    assert "1 row is decided. 1 TIN is registered. 2 held cases are released." in told
    assert "Cases that count: 1 before, 3 now." in told
    assert "Unknown TINs" not in told
    assert staff.caller.count() == 3
    assert staff.caller.read(f"{ROSTER}/reconciliation", performance_year=2024)["totals"] == {
        "not_on_list": 1,
        "several_tins": 1,
    }
    assert "held" not in text_of(robin.get(ROOT))


def test_several_rows_are_decided_at_once(registry: Registry, staff: Staff, robin: Browser) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI)), a_case("A-2", (TIN, OTHER_NPI))))
    page = robin.get(REPORT)
    told = text_of(robin.follow(robin.post(DECIDE, tick(page, "confirm", *row_keys(page)))))
    assert "2 rows are decided. 2 clinicians joined the list. 2 employments were added." in told
    assert "Cases and roster agree." in told
    assert len(staff.listed("clinicians")) == 2


def test_a_rejected_row_stays_with_its_reason(registry: Registry, robin: Browser) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, INVALID_NPI))))
    page = robin.get(REPORT)
    [row] = row_keys(page)
    answer = robin.post(DECIDE, tick(page, "reject", row, reason="A digit is wrong."))
    told = text_of(robin.follow(answer))
    assert "rejected" in told
    assert "A digit is wrong." in told


def test_a_row_is_corrected_in_a_form_of_its_own(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, OTHER_NPI))))
    page = robin.get(REPORT)
    [row] = row_keys(page)
    form = robin.post(DECIDE, {**fields_of(page, DECIDE), "correct": row})
    action = f"{REPORT}/correction?year=2024"
    wrong = robin.fill_in(form, action, name="Kim Sample", starts_on="2024-02-30")
    assert wrong.status_code == 422
    assert "Kim Sample" in wrong.text
    told = robin.follow(
        robin.fill_in(
            wrong, action, credentials="Surgeon", starts_on="2024-02-01", ends_on="2024-12-31"
        )
    )
    assert "1 clinician joined the list." in text_of(told)
    [clinician] = staff.listed("clinicians")
    assert (clinician["name"], clinician["credentials"]) == ("Kim Sample", "Surgeon")
    [job] = staff.listed("employments")
    assert (job["starts_on"], job["ends_on"]) == ("2024-02-01", "2024-12-31")


def test_whoever_comes_second_is_told_and_changes_nothing(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI))))
    page, other_window = robin.get(REPORT), robin.get(REPORT)
    form = tick(page, "confirm", *row_keys(page))
    first = robin.post(DECIDE, form)
    assert location_of(robin.post(DECIDE, form)) == location_of(first), "a double click"
    form = tick(other_window, "confirm", *row_keys(other_window))
    second = robin.post(DECIDE, form)
    assert second.status_code == 409
    assert "the report has no such row any more" in text_of(second)
    assert len(staff.listed("clinicians")) == 1
    correcting = robin.post(DECIDE, {**form, "correct": form["row"][0]})
    assert correcting.status_code == 409
    changed = robin.post(DECIDE, {**tick(page, "reject"), "row": form["row"]})
    assert "This form was sent before and said something else then." in text_of(changed)


def test_nothing_ticked_and_nonsense_are_told(registry: Registry, robin: Browser) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI))))
    page = robin.get(REPORT)
    none = robin.post(DECIDE, tick(page, "confirm"))
    assert (none.status_code, "Tick a row first." in none.text) == (422, True)
    for nonsense in ("x", "not_on_list:1:2", "never:heard:of"):
        assert robin.post(DECIDE, tick(page, "confirm", nonsense)).status_code == 422
    assert robin.post(DECIDE, tick(page, "burn", *row_keys(page))).status_code == 422


def test_a_locked_list_says_when_it_opens(registry: Registry, staff: Staff, robin: Browser) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI))))
    locked = registry.internal().ask(
        "POST",
        "/v1/provider-lists/2024/lock",
        json={"reason": "Results go to CMS this month.", "opens_on": "2024-07-01"},
    )
    assert locked.status_code == 200
    page = robin.get(REPORT)
    assert "It opens again on 2024-07-01." in text_of(page)
    assert "It opens again on 2024-07-01." in text_of(robin.get(ROOT))
    refused = robin.post(DECIDE, tick(page, "confirm", *row_keys(page)))
    assert refused.status_code == 409
    assert "The provider list of 2024 opens again on 2024-07-01." in text_of(refused)
    assert staff.listed("clinicians") == []


def test_a_long_report_comes_in_pages(registry: Registry, robin: Browser) -> None:
    npis = [f"{number:010}" for number in range(1_000, 1_120)]
    invalid = [npi for npi in npis if not _is_valid(npi)][:60]
    registry.vendor().send(
        a_case_file(*(a_case(f"A-{place}", (TIN, npi)) for place, npi in enumerate(invalid)))
    )
    page = robin.get(REPORT)
    assert "Rows 1 to 50." in text_of(page)
    assert len(row_keys(page)) == 50
    [link] = html.fromstring(page.text).xpath("//section//a[@rel='next']/@href")
    rest = robin.get(str(link))
    assert len(row_keys(rest)) == 10
    assert not set(row_keys(page)) & set(row_keys(rest))


def _is_valid(npi: str) -> bool:
    try:
        parse_npi(npi)
    except ValueError:
        return False
    return True


# What waits


def test_the_overview_says_what_is_missing_and_how_the_practice_reports(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    staff.bring_in_robin()
    page = text_of(robin.get(ROOT))
    assert "No business associate agreement is in force today" in page
    assert "Reporting not registered" in page
    assert "1 further row of the reconciliation" in page
    registry.internal().ask(
        "PUT",
        f"{ROSTER}/registrations/2024",
        json={
            "option": "individual_qr",
            "is_renewal": False,
            "representative": {"name": "Robin", "title": "Director", "signed_on": "2024-02-01"},
        },
    )
    page = text_of(robin.get(ROOT))
    assert "Reporting individual, QR" in page
    assert "0 of 1 signed" in page
    assert "individual, QR" not in text_of(robin.get(ROOT, params={"year": "2023"}))


# Who may


@pytest.fixture
def doors(registry: Registry) -> list[str]:
    registry.register(OTHER_PRACTICE)
    return [f"/practices/{{}}{page}" for page in PAGES]


@pytest.mark.parametrize("role", Role)
def test_who_gets_the_pages(
    registry: Registry, portal: BlockingPortal, doors: list[str], role: Role
) -> None:
    browser = browser_of(registry, portal, role)
    own, other = (
        {browser.get(door.format(practice)).status_code for door in doors}
        for practice in (PRACTICE, OTHER_PRACTICE)
    )
    expected = {
        Role.ADMIN: ({200}, {200}),
        Role.INTERNAL: ({200}, {200}),
        Role.PRACTICE: ({200}, {403}),
        Role.VENDOR: ({403}, {403}),
        Role.CLINICIAN: ({403}, {403}),
    }
    assert (own, other) == expected[role]


def test_every_page_of_a_practice_asks_for_the_way_in(registry: Registry, robin: Browser) -> None:
    stranger = Browser(registry.app, robin.portal)
    asked = [route for route in pages_of_practices() if "POST" not in route[0]]
    assert len(asked) >= 6
    for _, path in asked:
        answer = stranger.get(path)
        assert answer.status_code == 303, path
        assert location_of(answer).startswith("/sign-in?next=")


def test_every_form_of_a_practice_wants_its_token(
    registry: Registry, robin: Browser, portal: BlockingPortal
) -> None:
    forms = [path for methods, path in pages_of_practices() if "POST" in methods]
    assert len(forms) >= 7
    for path in forms:
        assert robin.post(path, {"row": "x"}).status_code == 403, path
    vendor = browser_of(registry, portal, Role.VENDOR)
    for path in forms:
        token = fields_of(vendor.get("/account"), "/sign-out")
        assert vendor.post(path, token).status_code == 403, path


def pages_of_practices() -> list[tuple[set[str], str]]:
    """The methods and the path of each page of a practice, with the id of no entry."""
    named = {
        "{practice_id}": PRACTICE,
        "{path}": "clinicians",
        "{field}": "weight",
        "{entry_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{measure_id}": "404",
        "{consent_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{document_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{order_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{request_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{hold_id}": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "{number}": "2024-000001",
    }
    routes = [route for each in ROUTERS for route in each.router.routes]
    return [
        (route.methods, re.sub(r"\{\w+\}", lambda name: named[name[0]], route.path))
        for route in routes
        if isinstance(route, APIRoute) and route.path.startswith("/practices/")
    ]


def test_a_form_from_another_site_is_refused(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    registry.vendor().send(a_case_file(a_case("A-1", (TIN, NPI))))
    page = robin.get(REPORT)
    form = tick(page, "confirm", *row_keys(page))
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert robin.post(DECIDE, form, **headers).status_code == 403
    assert robin.post(DECIDE, {**form, "form_token": "x"}).status_code == 403
    assert staff.listed("clinicians") == []


def test_people_have_as_many_requests_as_keys(registry: Registry, robin: Browser) -> None:
    robin.app = create_service(registry.engine, registry.folder, key_rate=1)
    first, second = robin.get(ROOT), robin.get("/home")
    assert (first.status_code, second.status_code) == (200, 429)
    assert 0 < int(second.headers["Retry-After"]) <= 60
    assert "To your practices" in second.text


def test_a_practice_or_page_that_is_not_is_told_on_a_page(
    registry: Registry, portal: BlockingPortal
) -> None:
    admin = browser_of(registry, portal, Role.ADMIN)
    for path, status in (
        ("/practices/99999", 404),
        ("/practices/nonsense", 422),
        (f"{ROOT}/reconciliation?year=x", 422),
        (f"{ROOT}/roster/clinicians/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23", 404),
        (f"{ROOT}/roster/clinicians?cursor=x", 400),
    ):
        answer = admin.get(path)
        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("text/html"), path
        assert "To your practices" in answer.text
    for nowhere in (f"{ROOT}/roster/nonsense", f"{ROOT}/nonsense", "/nonsense"):
        answer = admin.get(nowhere, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
    for path in ("/nonsense", "/v1/nonsense"):
        answer = admin.get(path, headers={"Accept": "application/json"})
        assert answer.headers["Content-Type"] == "application/problem+json"
