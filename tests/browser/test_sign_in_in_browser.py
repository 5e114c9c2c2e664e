"""Somebody signs in on a phone, and by the keyboard alone."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal
from browsers import served, visit
from phones import PHONE, is_legible, tab_to
from playwright.sync_api import Browser, Page, expect

from tests.people import PASSWORD, invitation
from tests.registry import Registry, create_service

EMAIL = "robin@lakeside.example"


@pytest.fixture
def phone(live_registry: Registry, browser: Browser, portal: BlockingPortal) -> Iterator[Page]:
    app = create_service(
        live_registry.engine, live_registry.folder, cookies_without_tls=True, secret_key="k" * 32
    )
    with served(app) as address, visit(browser, address, viewport=PHONE) as page:
        yield page


def test_by_keyboard_on_a_phone(live_registry: Registry, phone: Page) -> None:
    phone.goto(invitation(live_registry, EMAIL))
    expect(phone.get_by_role("heading", name="Welcome, Robin Example")).to_be_visible()
    phone.get_by_label("New password").focus()
    phone.keyboard.type(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Home")).to_be_visible()
    is_legible(phone)

    tab_to(phone, "Robin Example")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    is_legible(phone)

    tab_to(phone, "Set up an app")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("img", name="QR code for an authenticator app")).to_be_visible()
    is_legible(phone)

    tab_to(phone, "Sign out")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="You are signed out")).to_be_visible()

    tab_to(phone, "Sign in again")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    tab_to(phone, "", of="email")
    phone.keyboard.type(EMAIL)
    phone.keyboard.press("Tab")
    phone.keyboard.type("some other password")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("is not right")
    is_legible(phone)
    tab_to(phone, "", of="password")
    phone.keyboard.type(PASSWORD)
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Home")).to_be_visible()
    expect(phone.get_by_role("heading", name="Lakeside Anesthesia")).to_be_visible()
