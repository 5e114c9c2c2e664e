"""Every page is opened, and every address on it and of it is searched for a TIN and an NPI."""

import logging
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html

from app.domain.principals import Role
from app.web.logs import JsonFormatter
from tests.case_files import a_case_file
from tests.people import Browser, browser_of
from tests.registry import PRACTICE, Registry
from tests.rosters import Staff
from tests.smokers import SMOKED, smoker

TIN, HELD_TIN = "917482639", "918263547"
NPI, NPI_OFF_THE_LIST = "1528374600", "1730561981"
MARKS = (TIN, HELD_TIN, NPI, NPI_OFF_THE_LIST)
BOARD = f"/practices/{PRACTICE}/dashboard"
MUST_BE_SEEN = {
    BOARD,
    f"{BOARD}/clinicians",
    f"{BOARD}/clinicians/*",
    f"{BOARD}/me",
    f"{BOARD}/measures/*",
    f"/practices/{PRACTICE}/reconciliation",
    f"/practices/{PRACTICE}/roster/tins/*",
    f"/practices/{PRACTICE}/my-consent",
    f"/practices/{PRACTICE}/retention",
    "/users",
    "/cases/*/measures",
    "/registry",
}
_ALIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/measures/)\w+|(?<=/data-quality/)\w+")
_LINKS, _OTHERS = "//@href", "//@src | //@action | //@formaction"
_NOT_OF_PEOPLE = ("/static/", "/docs", "/v1/", "/sign-out", "/openapi", "/validator")


@dataclass
class Walk:
    """All pages that links lead to; of those that differ by an id, a measure or a year, one."""

    browser: Browser
    addresses: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)

    def from_home(self) -> None:
        waiting = deque(["/home"])
        while waiting:
            address = waiting.popleft()
            path = _ALIKE.sub("*", urlsplit(address).path)
            kind = f"{path}?{sorted(re.findall('[?&]([a-z_]+)=', address))}"
            if kind not in self.seen:
                self.seen.add(kind)
                waiting.extend(sorted(self.look_at(self.browser.get(address))))

    def look_at(self, answer: Response) -> set[str]:
        """Note all addresses of an answer, and return those of pages that it leads to."""
        assert answer.status_code < 500, answer.text
        links, others = set(), {answer.headers.get("location", "")}
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = html.fromstring(answer.text)
            self.texts.append(page.text_content())
            links = {str(address) for address in page.xpath(_LINKS)}
            others |= {str(address) for address in page.xpath(_OTHERS)}
            asked = page.xpath("//form[not(@method) or @method='get']//@name")
            assert not {"tin", "npi", "tins", "npis", "words"}.intersection(asked)
        self.addresses |= links | others
        return {each for each in links if each[:1] == "/" and not each.startswith(_NOT_OF_PEOPLE)}

    @property
    def paths(self) -> set[str]:
        return {kind.split("?")[0] for kind in self.seen}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, logger="nacor"):
        yield caplog


@pytest.fixture
def marked(registry: Registry) -> Registry:
    """Cases of somebody on the list, of somebody who is not, and of a TIN that is unknown."""
    registry.register(PRACTICE, TIN)
    staff = Staff(caller=registry.practice())
    robin = staff.add("clinicians", npi=NPI, name="Robin Example", credentials="Anesthesiologist")
    staff.employ(robin, tin=TIN, starts_on="2023-01-01")
    for npi in (NPI, NPI_OFF_THE_LIST):
        registry.vendor().send(a_case_file(smoker(f"M-{npi[-1]}", SMOKED, staff=[(TIN, npi)])))
    registry.vendor().send(a_case_file(smoker("H-1", SMOKED, staff=[(HELD_TIN, NPI)])))
    return registry


def test_no_address_of_a_page_has_a_tin_or_an_npi(
    marked: Registry, portal: BlockingPortal, log: pytest.LogCaptureFixture
) -> None:
    walks = [
        Walk(browser_of(marked, portal, Role.PRACTICE)),
        Walk(browser_of(marked, portal, Role.CLINICIAN, npi=NPI)),
        Walk(browser_of(marked, portal, Role.INTERNAL)),
    ]
    for walk in walks:
        walk.from_home()
    search_and_ask(walks[0])
    assert set().union(*(walk.paths for walk in walks)) >= MUST_BE_SEEN
    shown = " ".join(text for walk in walks for text in walk.texts)
    assert all(mark in shown for mark in MARKS), "pages tell them whom they belong to"
    addresses = set().union(*(walk.addresses for walk in walks))
    assert [each for each in addresses if any(mark in unquote(each) for mark in MARKS)] == []
    lines = [JsonFormatter().format(record) for record in log.records]
    assert any(f'"{BOARD.replace(PRACTICE, "{practice_id}")}"' in line for line in lines)
    assert [line for line in lines if any(mark in line for mark in MARKS)] == []


def search_and_ask(walk: Walk) -> None:
    """What is looked for and asked for by a form stands in no address afterwards."""
    browser, root = walk.browser, f"/practices/{PRACTICE}"
    lists = f"{root}/roster/clinicians"
    walk.look_at(browser.fill_in(browser.get(lists), f"{lists}/search", words=NPI))
    feedback = browser.get(f"{root}/feedback")
    asked = {"quarter": "2024-Q1", "tin": TIN, "npi": NPI}
    made = browser.fill_in(feedback, f"{root}/feedback", **asked)
    assert made.status_code == 303, made.text
    walk.look_at(made)
    walk.look_at(browser.follow(made))
    for kind, values in (("tins", {"tin": "917482640"}), ("facilities", {"npi": NPI})):
        new = f"{root}/roster/{kind}/new"
        walk.look_at(browser.fill_in(browser.get(new), new, **values))
