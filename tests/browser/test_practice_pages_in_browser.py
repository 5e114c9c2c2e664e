"""Pages of a practice on a phone, by the keyboard and without scripts."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from browsers import served, visit
from phones import PHONE, is_legible, tab_to
from playwright.sync_api import Browser, Page, expect

from tests.case_files import NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.people import PASSWORD, invitation
from tests.registry import PRACTICE, Registry, create_service

EMAIL = "kim@lakeside.example"


@pytest.fixture
def phone(live_registry: Registry, browser: Browser, portal: BlockingPortal) -> Iterator[Page]:
    app = create_service(live_registry.engine, live_registry.folder, cookies_without_tls=True)
    with (
        served(app) as address,
        visit(browser, address, viewport=PHONE, java_script_enabled=False) as page,
    ):
        yield page


def test_held_cases_are_released_by_keyboard_on_a_phone(
    live_registry: Registry, phone: Page
) -> None:
    live_registry.vendor().send(
        a_case_file(a_record("A-1", staff=[(TIN, NPI)]), a_record("A-2", staff=[(OTHER_TIN, NPI)]))
    )
    phone.goto(invitation(live_registry, EMAIL))
    phone.get_by_label("New password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Home")).to_be_visible()
    tab_to(phone, "Overview")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text(f"TIN {OTHER_TIN} is not registered")).to_be_visible()
    is_legible(phone)

    tab_to(phone, "1 held case")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Unknown TINs 1")).to_be_visible()
    is_legible(phone)

    phone.get_by_role("checkbox", name=f"TIN {OTHER_TIN}", exact=True).focus()
    phone.keyboard.press("Space")
    tab_to(phone, "", of="why-unknown_tin")
    phone.keyboard.press("Enter")  # decides nothing
    tab_to(phone, "It is ours: register it")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("1 held case is released.")
    is_legible(phone)

    tab_to(phone, "Correct…")
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("First day")).to_be_visible()
    is_legible(phone)

    [case, _] = live_registry.practice().read("/v1/cases", practice_id=PRACTICE)["items"]
    phone.goto(f"/practices/{PRACTICE}/dashboard/measures/AQI48?year=2024")
    expect(phone.get_by_role("link", name="A-1")).to_be_visible()
    is_legible(phone)
    phone.goto(f"/cases/{case['case_id']}/measures?measure_id=463")
    is_legible(phone)
    tab_to(phone, "1 step to it")
    phone.keyboard.press("Enter")  # what is asked for alone is open; this closes it
    expect(phone.get_by_text("age between")).to_be_hidden()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("age between")).to_be_visible()

    for page in ("roster/clinicians", "roster/tins", "roster/clinicians/new", "provider-list"):
        phone.goto(f"/practices/{PRACTICE}/{page}")
        is_legible(phone)
