"""People of the demonstration look at a page of each kind that links lead them to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import pytest
from accessible import is_accessible
from anyio.from_thread import BlockingPortal
from browsers import served, visit
from phones import PHONE, is_legible, is_readable
from playwright.sync_api import Browser, Page, expect
from screenshots import keep_screenshot

from app.demo.plan import PEOPLE, Person
from app.demo.stage import Stage, Staged, set_stage
from app.storage.unit_of_work import UnitOfWork
from tests.clear_http import client_in_clear
from tests.registry import TODAY, Registry, create_service

CASES_OF_A_YEAR = 48
DESK = {"width": 1280, "height": 900}
MOST_WAITING = 40
ANY = re.compile(
    r"(?<=/)([0-9a-f-]{36}|\d{4,10})(?=/|$)"
    r"|(?<=/roster/)[a-z-]+|(?<=/measures/)\w+|(?<=/invoices/)[\d-]+"
)
"""Parts of a path by which pages of one kind differ."""


@dataclass(frozen=True)
class Show:
    """`known` are the kinds of pages that somebody has looked at, or is about to."""

    address: str
    staged: Staged
    known: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def show(live_registry: Registry, portal: BlockingPortal) -> Iterator[Show]:
    app = create_service(live_registry.engine, live_registry.folder, cookies_without_tls=True)
    with served(app) as address, client_in_clear(base_url=address, timeout=120) as client:
        stage = Stage(app=app, client=client, open_work=partial(UnitOfWork, live_registry.engine))
        staged = set_stage(stage, cases=CASES_OF_A_YEAR, today=TODAY, followed=unfollowed)
        yield Show(address, staged)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person.role))
def test_every_page_that_somebody_finds_is_legible(
    person: Person, show: Show, browser: Browser
) -> None:
    with visit(browser, show.address, viewport=DESK) as page:
        sign_in(person, show.staged.password, page)
        seen = [look_at(page, person) for _ in pages_from(page, show.known)]
    assert seen


def unfollowed(_: str, __: int) -> tuple[object, object]:
    return (lambda *_: None), (lambda *_: None)


def sign_in(person: Person, password: str, page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def pages_from(page: Page, known: set[str]) -> Iterator[str]:
    """Go to where one is, and to a page of each kind that nobody knows, the nearest first."""
    waiting = [urlsplit(page.url).path]
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        yield path
        for link in links_on(page):
            kind = ANY.sub("*", urlsplit(link).path)
            if kind not in known and len(waiting) < MOST_WAITING:
                known.add(kind)
                waiting.append(link)


def links_on(page: Page) -> list[str]:
    """Those that lead to pages for people who are signed in; the others are tested elsewhere."""
    found = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    return [each for each in found if is_page(each)]


def is_page(link: str) -> bool:
    elsewhere = ("/v1/", "/docs", "/validator", "/static", "/schemas", "/samples")
    parts = urlsplit(link)
    return (
        link.startswith("/")
        and len(link) > 1
        and not link.startswith(elsewhere)
        and "format=" not in parts.query
        and not re.search(r"\.\w+$|/provider-list$", parts.path)
    )


def look_at(page: Page, person: Person) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    name = ANY.sub("any", urlsplit(page.url).path).strip("/").replace("/", "-")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    # axe-core takes three quarters of its time for contrast, and sees that of one scheme.
    is_accessible(page, but="color-contrast")
    keep_screenshot(page, f"demo-{person.role}-{name}-light")
    is_readable(page)
    page.set_viewport_size(PHONE)
    is_legible(page)  # ends with the dark scheme
    keep_screenshot(page, f"demo-{person.role}-{name}-phone-dark")
    return name
