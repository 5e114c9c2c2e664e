"""Pages over many files and practices can be read on a phone, in light and dark."""

from collections.abc import Iterator

import pytest
from accessible import is_accessible
from browsers import served, visit
from phones import PHONE, is_legible
from playwright.sync_api import Browser, Page, expect

from app.domain.principals import Role
from tests.case_files import a_case_file, a_record
from tests.people import somebody_signed_in
from tests.registry import PRACTICE, Registry, create_service


@pytest.fixture
def phone(live_registry: Registry, browser: Browser) -> Iterator[Page]:
    app = create_service(live_registry.engine, live_registry.folder, cookies_without_tls=True)
    with served(app) as address, visit(browser, address, viewport=PHONE) as page:
        session = somebody_signed_in(live_registry, Role.INTERNAL).session
        assert session is not None
        page.context.add_cookies([{"name": "nacor", "value": session, "url": address}])
        yield page


def test_staff_look_at_all_practices_then_at_the_fields_of_one(
    live_registry: Registry, phone: Page
) -> None:
    many = [
        a_record(f"A-{number}", sex="Unknown" if number < 3 else "Male") for number in range(12)
    ]
    live_registry.vendor().send(a_case_file(*many, a_record("B-1", sex="male")))

    phone.goto("/home")
    phone.get_by_role("link", name="Operations").click()
    expect(phone.get_by_role("heading", name="Jobs by queue")).to_be_visible()
    is_legible(phone)
    is_accessible(phone)
    phone.goto("/vendors")
    is_legible(phone)
    is_accessible(phone)
    phone.goto("/registry?year=2024")
    expect(phone.get_by_role("link", name="Lakeside Anesthesia")).to_be_visible()
    is_legible(phone)
    is_accessible(phone)

    phone.goto(f"/practices/{PRACTICE}/data-quality?year=2024")
    expect(phone.locator("#fields-1 canvas, #fields-1 svg").first).to_be_visible()
    is_legible(phone)
    is_accessible(phone)
    phone.locator("#fields-1 summary").click()
    phone.locator("#fields-1").get_by_role("link", name="75.00").first.click()
    expect(phone.get_by_role("heading", name="without: Sex")).to_be_visible()
    expect(phone.get_by_role("link", name="of a submission")).to_have_count(3)
    is_legible(phone)
    is_accessible(phone)
