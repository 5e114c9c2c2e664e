"""The public part of the service, as a sender without a key meets it."""

import atexit
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient, Response
from starlette.routing import BaseRoute

from app.checking.pool import CheckingPool
from app.checking.standards import load_standards
from app.measures.catalogue.catalogue import shipped_catalogue
from app.portal.router import router as portal_router
from app.web.metrics import Metrics
from app.web.metrics import router as metrics_router
from app.web.middleware import install_web
from app.web.openapi import PROBLEM_RESPONSES
from app.web.pace import BodyPace
from app.web.rate_limit import Rate, RateLimits

ADDRESS = "http://registry.example"
TODAY = date(2021, 5, 1)
XML = {"Content-Type": "application/xml"}
STANDARDS = load_standards()
SCHEMAS = STANDARDS.schemas
SAMPLES = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class PortalSettings:
    public_url: str | None = None
    hsts_seconds: int = 0
    validate_max_bytes: int = 4 << 20


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def create_test_app(
    *,
    settings: PortalSettings | None = None,
    validations_a_minute: int = 1_000,
    clock: Clock | None = None,
    extra: APIRouter | None = None,
    day: date = TODAY,
    pool: CheckingPool | None = None,
) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, routes=_routes())
    app.state.settings = settings or PortalSettings()
    app.state.standards = STANDARDS
    app.state.schemas = SCHEMAS
    app.state.measures = shipped_catalogue()
    app.state.checking_pool = pool
    app.state.metrics = Metrics()
    app.state.rate_limits = RateLimits(
        validate=Rate(requests=validations_a_minute, seconds=60),
        keys=Rate(requests=1_000, seconds=60),
        strangers=Rate(requests=1_000, seconds=60),
        sign_ins=Rate(requests=1_000, seconds=60),
        clock=clock or Clock(),
    )
    app.state.day = lambda: day
    if extra is not None:
        app.include_router(extra)
    install_web(app, app.state.metrics, BodyPace(most_seconds=60, silence_seconds=60))
    return app


@cache
def _routes() -> list[BaseRoute]:
    every = APIRouter(responses=PROBLEM_RESPONSES)
    every.include_router(portal_router)
    every.include_router(metrics_router)
    return every.routes


@cache
def _event_loop() -> BlockingPortal:
    """One for all requests, as of a server: its threads keep the schemas that they compiled."""
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(start_blocking_portal())


class Visitor:
    """Asks `app` over HTTP; `address` is where the visitor's request comes from."""

    def __init__(self, app: FastAPI | None = None, address: str = "192.0.2.1") -> None:
        self.app = app or create_test_app()
        self._transport = ASGITransport(self.app, client=(address, 40_000))

    def get(self, path: str, **request: Any) -> Response:
        return self.ask("GET", path, **request)

    def post(self, path: str, **request: Any) -> Response:
        return self.ask("POST", path, **request)

    def ask(self, method: str, path: str, **request: Any) -> Response:
        async def send() -> Response:
            async with AsyncClient(transport=self._transport, base_url=ADDRESS) as client:
                return await client.request(method, path, **request)

        return _event_loop().call(send)
