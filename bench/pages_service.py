"""The service over a kept database, in this very process and on any day, and a client of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from sqlalchemy import create_engine

from app.checking.settling import settle_process
from app.intake.service import Intake
from app.main import create_app
from app.settings import Settings
from app.storage.unit_of_work import UnitOfWork
from bench.database import BenchDatabase
from bench.pages_statements import Statements

ADDRESS: Final = "https://registry.example"
_NO_LIMIT: Final = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class PagesService:
    """`client` keeps no cookies: whoever asks brings their own."""

    app: FastAPI
    client: httpx.Client
    statements: Statements

    @property
    def intake(self) -> Intake:
        intake: Intake = self.app.state.intake
        return intake

    def open_work(self) -> AbstractContextManager[UnitOfWork]:
        return self.intake.open_work()

    def on(self, day: date) -> None:
        """Let it be noon of `day` for the service from now on."""
        noon = datetime.combine(day, time(12), tzinfo=UTC)
        self.app.state.intake = replace(self.intake, day=lambda: day)
        self.app.state.day = self.app.state.intake.day
        self.app.state.now = lambda: noon


@contextmanager
def pages_service(database: BenchDatabase) -> Iterator[PagesService]:
    statements = Statements()
    engine = create_engine(
        database.engine.url, connect_args={"cursor_factory": statements.cursor_class()}
    )
    app = create_app(_settings(database), engine)
    settle_process()  # as a server does
    with start_blocking_portal() as portal:
        client = httpx.Client(transport=_InProcess(app, portal), base_url=ADDRESS)
        yield PagesService(app=app, client=client, statements=statements)
    engine.dispose()


def _settings(database: BenchDatabase) -> Settings:
    """No pool of processes, and nobody is told to come later."""
    rates = dict.fromkeys(("key_rate", "stranger_rate", "sign_in_rate"), _NO_LIMIT)
    return Settings(data_dir=database.data_dir, processes=1, **rates)


class _InProcess(httpx.BaseTransport):
    """Hands each request to the service, and its whole answer back."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self._transport = httpx.ASGITransport(app)
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._portal.call(self._answered, request)

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        body = b"".join([part async for part in answer.stream])
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)
