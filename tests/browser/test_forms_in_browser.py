"""Somebody fills in the registration form on a phone, by the keyboard and without scripts."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from browsers import served, visit
from phones import PHONE, is_legible, tab_to
from playwright.sync_api import Browser, Page, expect

from tests.billing import OF_PRACTICE, employ, enter_prices
from tests.people import PASSWORD, invitation
from tests.registry import PRACTICE, Registry, create_service

EMAIL = "kim@lakeside.example"
REQUIRED = {
    "Cases": "5000",
    "Physician anesthesiologists, ASA members": "2",
}
OF_PEOPLE = {
    "representative.name": "Robin Example",
    "representative.title": "Director",
    "representative.signed_on": "2024-02-01",
    "ordered_by.name": "Kim Sample",
    "ordered_by.mail": EMAIL,
    "billing_contact.name": "Kim Sample",
    "billing_contact.mail": EMAIL,
}


@pytest.fixture
def phone(live_registry: Registry, browser: Browser, portal: BlockingPortal) -> Iterator[Page]:
    app = create_service(
        live_registry.engine, live_registry.folder, cookies_without_tls=True, secret_key="k" * 32
    )
    with (
        served(app) as address,
        visit(browser, address, viewport=PHONE, java_script_enabled=False) as page,
    ):
        yield page


def test_a_year_is_ordered_by_keyboard_on_a_phone(live_registry: Registry, phone: Page) -> None:
    employ(live_registry, 2, members=1)
    enter_prices(live_registry)
    phone.goto(invitation(live_registry, EMAIL))
    phone.get_by_label("New password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Home")).to_be_visible()
    phone.goto(f"/practices/{PRACTICE}/registration?year=2024")
    is_legible(phone)
    tab_to(phone, "Fill in the registration form")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Registration form 2024")).to_be_visible()

    phone.get_by_label("a renewal").focus()
    phone.keyboard.press("Space")
    phone.get_by_label("Quality Reporting").focus()
    phone.keyboard.press("Space")
    for label, words in REQUIRED.items():
        phone.get_by_label(label, exact=True).fill(words)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("fields need another look")
    expect(phone.get_by_label("Cases", exact=True)).to_have_value("5000")
    is_legible(phone)

    tab_to(phone, "Reporting option: is required")
    phone.keyboard.press("Enter")
    phone.get_by_label("Group, by a qualified registry (QR)").focus()
    phone.keyboard.press("Space")
    for name, words in OF_PEOPLE.items():
        phone.locator(f'[id="{name}"]').fill(words)
    phone.get_by_label("I have read this").focus()
    phone.keyboard.press("Space")
    tab_to(phone, "Show the price")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("1,625.00")).to_be_visible()
    is_legible(phone)

    tab_to(phone, "Order and register")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("The order is placed.")
    is_legible(phone)
    [order] = live_registry.practice().read(f"{OF_PRACTICE}/orders")["items"]
    assert (order["total"], order["state"]) == (5_000, "placed")

    for page in (
        *("consents?year=2024", "invoices?year=2024", "details", "registration/reporting"),
        "cms?year=2024",
    ):
        phone.goto(f"/practices/{PRACTICE}/{page}")
        is_legible(phone)
