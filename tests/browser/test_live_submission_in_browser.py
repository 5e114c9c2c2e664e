"""Somebody sends a case file from a browser and watches it, with a worker at work beside."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from accessible import is_accessible
from anyio.from_thread import BlockingPortal
from browsers import served, visit
from phones import PHONE, is_legible, tab_to
from playwright.sync_api import Browser, Page, expect

from app.domain.principals import Role
from tests.case_files import a_case_file, a_record
from tests.people import somebody_signed_in
from tests.registry import PRACTICE, Registry, create_service
from tests.workers import working

LIST = f"/practices/{PRACTICE}/submissions"


@pytest.fixture
def address(live_registry: Registry) -> Iterator[str]:
    """Every file waits for a worker here."""
    app = create_service(
        live_registry.engine,
        live_registry.folder,
        cookies_without_tls=True,
        small_file_bytes=0,
    )
    live_registry.app.state.sessions = app.state.sessions
    with served(app) as address:
        yield address


@contextmanager
def somebody(browser: Browser, address: str, session: str, *, with_scripts: bool) -> Iterator[Page]:
    with visit(browser, address, viewport=PHONE, java_script_enabled=with_scripts) as page:
        page.context.add_cookies([{"name": "nacor", "value": session, "url": address}])
        yield page


def chosen(page: Page, folder: Path, name: str) -> None:
    file = folder / name
    file.write_bytes(a_case_file(a_record(f"{name}-1"), a_record(f"{name}-2", sex="female")))
    page.goto(LIST)
    page.get_by_label("Case file (XML").set_input_files(file)


def test_a_file_is_followed_to_its_results(
    live_registry: Registry,
    address: str,
    browser: Browser,
    folder: Path,
    portal: BlockingPortal,
) -> None:
    session = somebody_signed_in(live_registry, Role.PRACTICE).session
    assert session is not None
    with (
        somebody(browser, address, session, with_scripts=True) as page,
        somebody(browser, address, session, with_scripts=False) as plain,
    ):
        chosen(page, folder, "march.xml")
        is_legible(page)
        is_accessible(page)
        tab_to(page, "Send")
        page.keyboard.press("Enter")
        waits = "It is received and waits for a worker."
        expect(page.get_by_role("heading", name=waits)).to_be_visible()
        is_legible(page)
        is_accessible(page)
        chosen(plain, folder, "april.xml")
        plain.get_by_role("button", name="Send").click()
        expect(plain.get_by_role("heading", name=waits)).to_be_visible()

        page.evaluate("window.isTheSamePage = true")
        with working(live_registry):
            ended = "Some records are stored, others are rejected."
            expect(page.get_by_role("heading", name=ended)).to_be_visible()
            expect(plain.get_by_role("heading", name=ended)).to_be_visible()
        assert page.evaluate("window.isTheSamePage")
        expect(page.get_by_role("status")).to_have_text(ended)
        expect(page.get_by_role("link", name="AR201")).to_be_visible()
        is_legible(page)
        is_accessible(page)
        page.goto(LIST)
        expect(page.get_by_role("link", name="20")).to_have_count(2)
        is_legible(page)
        is_accessible(page)
