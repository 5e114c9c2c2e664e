"""Asks for every page as a browser does, and notes what each takes."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import httpx
from lxml import html

from bench.database import computed_milliseconds
from bench.fixed import SEED
from bench.pages_listed import Page
from bench.pages_people import People, Who, in_turn
from bench.pages_statements import Statements

TARGET_MS: Final = 200.0
MOST_STATEMENTS: Final = 10
ROUNDS: Final = 5
_CSV_LINKS: Final = "//a[contains(@href, 'format=csv&figure=')]/@href"
_ASSETS: Final = "//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAsked:
    """A page that nobody was shown: `why`."""

    route: str
    why: str


@dataclass(slots=True, kw_only=True)
class AskedPage:
    """`what` it is called, milliseconds and statements of each time, bytes of its newest answer.

    `cpu` is what the service computed, and the processes of the database that work for it; the
    share of the latter is `database`. `assets` are the addresses of what it loads. `slowest`: the
    statements of the time that was computed longest, with milliseconds by the clock.
    """

    what: str
    who: Who
    address: str
    bytes: int = 0
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    statements: int = 0
    assets: frozenset[str] = frozenset()
    slowest: Sequence[tuple[str, float]] = ()

    def forget(self) -> None:
        for times in (self.cpu, self.database, self.wall):
            times.clear()
        self.slowest = ()

    @property
    def meets_target(self) -> bool:
        return max(self.cpu) <= TARGET_MS and self.statements <= MOST_STATEMENTS


@dataclass(frozen=True, kw_only=True)
class Asking:
    people: People
    statements: Statements

    def find(self, pages: Sequence[Page]) -> tuple[list[AskedPage], list[NotAsked]]:
        """Who is shown which page; of one that has figures also that whose CSV takes longest."""
        asked: list[AskedPage] = []
        not_asked: list[NotAsked] = []
        for page in pages:
            found = self._first_shown(page)
            if isinstance(found, NotAsked):
                not_asked.append(found)
            else:
                asked += found
        return asked, not_asked

    def measure(self, pages: Sequence[AskedPage]) -> None:
        """In no order, after a round that is not counted."""
        again = [page for page in pages for _ in range(ROUNDS)]
        random.Random(SEED).shuffle(again)  # noqa: S311 - an order, no secret
        for page in pages:
            self._ask(page)
            page.forget()
        for page in again:
            self._ask(page)

    def _first_shown(self, page: Page) -> list[AskedPage] | NotAsked:
        if page.path is None:
            return NotAsked(route=page.route, why="the data have nothing that it is about")
        told: dict[Who, str] = {}
        for who in in_turn(of_practice=page.is_of_practice):
            answer = self.people.get(who, page.address)
            if answer.status_code == HTTPStatus.OK:
                shown = AskedPage(what=page.route, who=who, address=page.address)
                return [shown, *self._csv_of(shown, answer)]
            told[who] = HTTPStatus(answer.status_code).phrase
        words = ", ".join(dict.fromkeys(told.values()))
        return NotAsked(route=page.route, why=f"whoever asks is answered: {words}")

    def _csv_of(self, page: AskedPage, answer: httpx.Response) -> Iterator[AskedPage]:
        links = [str(each) for each in _found(answer, _CSV_LINKS)]
        figures = [AskedPage(what="", who=page.who, address=link) for link in links]
        for each in figures:
            self._ask(each)
        if figures:
            slowest = max(figures, key=lambda each: each.cpu[0])
            key = httpx.URL(slowest.address).params["figure"]
            slowest.what = f"{page.what}: {key} as CSV, of {len(figures)}"
            yield slowest

    def _ask(self, page: AskedPage) -> None:
        """Raises: httpx.HTTPStatusError."""
        self.statements.taken()
        before = self._computed()
        started, computed = time.perf_counter(), time.process_time()
        answer = self.people.get(page.who, page.address)
        own = (time.process_time() - computed) * 1000
        page.wall.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
        database = self._computed() - before
        run = self.statements.taken()
        page.statements = max(page.statements, len(run))
        if own + database > max(page.cpu, default=0.0):
            page.slowest = run
        page.cpu.append(own + database)
        page.database.append(database)
        page.bytes = len(answer.content)
        page.assets = frozenset(str(each) for each in _found(answer, _ASSETS))

    def _computed(self) -> float:
        return sum(computed_milliseconds(each) for each in self.statements.backends)


def _found(answer: httpx.Response, path: str) -> list[str]:
    is_page = answer.headers["content-type"].startswith("text/html")
    return html.fromstring(answer.text).xpath(path) if is_page else []
