"""The dashboards as people see them: desk and phone, by keyboard, in print, without scripts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pytest
from accessible import is_accessible
from browsers import served, visit
from phones import PHONE, is_legible, tab_to
from playwright.sync_api import Browser, Locator, Page, expect
from screenshots import keep_screenshot

from app.access.session_service import Browser as BrowserName
from app.domain.principals import Role
from tests.case_files import OTHER_NPI, TIN, a_case_file, a_record
from tests.people import new_user
from tests.registry import PRACTICE, Registry, create_service
from tests.rosters import Staff
from tests.smokers import ABSTAINED, SMOKED, smoker

ROOT = f"/practices/{PRACTICE}"
BOARD = f"{ROOT}/dashboard"
DESK = {"width": 1280, "height": 900}
DASHBOARDS = {
    "practice": f"{BOARD}?year=2024",
    "score": f"{BOARD}/score?year=2024",
    "clinicians": f"{BOARD}/clinicians?year=2024",
    "facilities": f"{BOARD}/facilities?year=2024",
    "facility": f"{BOARD}/facilities/facility?facility=F-01&year=2025",
}


class SignedIn(Protocol):
    def __call__(self, role: Role = ..., **options: Any) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="module")
def registry(live_registry: Registry) -> Registry:
    """With a clinician, a center, and cases of three years."""
    registry = live_registry
    staff = Staff(caller=registry.practice())
    staff.bring_in_robin()
    staff.add("facilities", facility_id="F-01", name="Northgate Day Surgery", place_of_service=24)
    answers = [ABSTAINED] * 18 + [SMOKED] * 4
    registry.vendor().send(
        a_case_file(
            *(smoker(f"S-{number}", answer) for number, answer in enumerate(answers)),
            a_record("B-1", start="2023-05-01T07:30:00", end="2023-05-01T08:30:00"),
            a_record("C-1", start="2025-02-01T07:30:00", end="2025-02-01T08:30:00"),
            a_record("D-1", staff=[(TIN, OTHER_NPI)]),
            a_record("E-1", sex="X"),
        )
    )
    return registry


@pytest.fixture(scope="module")
def signed_in(registry: Registry, browser: Browser) -> Iterator[SignedIn]:
    """Makes pages of somebody in a role; each session is that of the same person."""
    app = create_service(registry.engine, registry.folder, cookies_without_tls=True)
    secrets = {}
    for role in (Role.PRACTICE, Role.CLINICIAN):
        user = new_user(registry, role)
        with registry.open_work() as work:
            secrets[role] = app.state.sessions.begin(user, BrowserName(), work, by="password")
            work.commit()
    with served(app) as address:

        def page_of(role: Role = Role.PRACTICE, **options: Any) -> AbstractContextManager[Page]:
            return visit(browser, address, session=secrets[role], **options)

        yield page_of


def charts_of(page: Page) -> Locator:
    return page.locator("[data-chart] svg")


def test_every_dashboard_can_be_looked_at_and_listened_to(signed_in: SignedIn) -> None:
    with signed_in(viewport=DESK) as page:
        for name, path in DASHBOARDS.items():
            page.goto(path)
            is_drawn(page)
            is_accessible(page)
            keep_screenshot(page, f"dashboard-{name}-desk-light")
    with signed_in(viewport=PHONE) as page:
        for name, path in DASHBOARDS.items():
            page.goto(path)
            is_drawn(page)
            is_legible(page)  # and leaves it dark
            keep_screenshot(page, f"dashboard-{name}-phone-dark")
    with signed_in(Role.CLINICIAN, viewport=PHONE) as page:
        page.goto("/home")
        page.get_by_role("link", name="Dashboard").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Robin Example")
        is_drawn(page)
        is_accessible(page)
        is_legible(page)
        keep_screenshot(page, "dashboard-clinician-phone-dark")


def test_a_chart_that_follows_late_does_not_widen_the_page(signed_in: SignedIn) -> None:
    with signed_in(viewport=DESK) as page:
        page.add_init_script("window.ResizeObserver = class { observe() {} }")
        page.goto(DASHBOARDS["facility"])
        is_drawn(page)
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def is_drawn(page: Page) -> None:
    holders = page.locator("[data-chart]")
    expect(charts_of(page)).to_have_count(holders.count())
    for holder in holders.all():
        expect(holder).to_be_visible()
        assert holder.get_attribute("aria-label"), "a chart says what there is to see"


def test_by_keyboard_the_table_the_file_and_the_link_are_come_to(signed_in: SignedIn) -> None:
    with signed_in(viewport=PHONE, reduced_motion="reduce") as page:
        page.goto(DASHBOARDS["practice"])
        figure = page.locator("#cases-by-month")
        expect(figure.get_by_role("table")).to_be_hidden()
        tab_to(page, "", of="cases-by-month-table")
        page.keyboard.press("Enter")
        expect(figure.get_by_role("row", name="Mar 23 0")).to_be_visible()
        tab_to(page, "", of="cases-by-month-csv")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "cases-by-month-2024.csv"
        assert b"Mar,23,0" in download.value.path().read_bytes()
        tab_to(page, "", of="cases-by-month-link")
        page.keyboard.press("Enter")
        expect(page).to_have_url(
            f"{page.url.split('/practices')[0]}{BOARD}?year=2024#cases-by-month"
        )
        is_legible(page)


def test_without_scripts_and_in_print_the_tables_are_open(signed_in: SignedIn) -> None:
    with signed_in(java_script_enabled=False) as page:
        page.goto(DASHBOARDS["practice"])
        expect(page.get_by_role("row", name="Mar 23 0").first).to_be_visible()
        expect(page.locator("[data-chart]").first).to_be_hidden()
    with signed_in(color_scheme="dark") as page:
        page.goto(DASHBOARDS["practice"])
        expect(charts_of(page).first).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Dashboards")).to_be_hidden()
        expect(page.get_by_role("link", name="CSV of Cases by month")).to_be_hidden()
        expect(page.get_by_role("row", name="Mar 23 0").first).to_be_visible()
        expect(charts_of(page).first).to_be_visible()
        assert charts_of(page).first.bounding_box()["width"] <= 700, "it fits a sheet of paper"
