"""The one place that joins the parts into a service."""

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import Engine

from app.billing.router import router as billing_router
from app.checking.settling import settle_process
from app.deployment import create_engine_for, create_intake
from app.domain.errors import ServiceBusy
from app.intake.acceptance_router import router as acceptance_router
from app.intake.admission import Admission
from app.intake.case_router import router as case_router
from app.intake.router import router as intake_router
from app.intake.service import Intake
from app.jobs.recovery import recover_until
from app.measures.router import router as measures_router
from app.portal.router import router as portal_router
from app.settings import Settings
from app.web.logs import configure_logging
from app.web.metrics import Metrics
from app.web.metrics import router as metrics_router
from app.web.middleware import install_web
from app.web.openapi import PROBLEM_RESPONSES
from app.web.rate_limit import Rate, RateLimits

_DESCRIPTION = """
Intake of an open registry for anesthesia cases: case files in, receipts, case counts and quality
measure results out. Start with `POST /v1/validate`, which stores nothing and needs no key.
"""

WORKER_VARIABLE = "NACOR_WITH_JOBS"
_RETRY_SECONDS = 10

health_router = APIRouter(tags=["operator"])


def create_app(settings: Settings, engine: Engine, *, worker: bool = False) -> FastAPI:
    """The service over a database at head. With `worker` it also does the background jobs."""
    metrics = Metrics()
    intake = create_intake(settings, engine, on_finished=metrics.count_finished)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        if worker:
            recovery = threading.Thread(
                target=recover_until, args=(stop, intake, settings.recovery_seconds), daemon=True
            )
            recovery.start()
        yield
        stop.set()
        if intake.pool is not None:
            await to_thread.run_sync(intake.pool.close)

    app = FastAPI(
        title="Anesthesia registry",
        description=_DESCRIPTION,
        version="1",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's page loads its script from elsewhere
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
    )
    app.state.settings = settings
    app.state.open_work = intake.open_work
    app.state.intake = intake
    app.state.admission = Admission(
        at_once=settings.submissions_at_once, waiting=settings.submissions_waiting
    )
    app.state.standards = intake.library.standards
    app.state.schemas = intake.library.standards.schemas
    app.state.measures = intake.library.measures
    app.state.metrics = metrics
    app.state.rate_limits = RateLimits(
        validate=Rate(requests=settings.validate_rate, seconds=60),
        keys=Rate(requests=settings.key_rate, seconds=60),
    )
    install_web(app, metrics)
    for router in (
        portal_router,
        intake_router,
        case_router,
        acceptance_router,
        billing_router,
        measures_router,
        health_router,
        metrics_router,
    ):
        app.include_router(router)
    return app


def app_from_environ() -> FastAPI:
    """What a server process imports: NACOR_DATABASE_URL is set and its database at head."""
    configure_logging()
    settings = Settings.from_environ(os.environ)
    with_jobs = os.environ.get(WORKER_VARIABLE) == "yes"
    app = create_app(settings, create_engine_for(settings), worker=with_jobs)
    settle_process()
    return app


@health_router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Whether this process answers, also when every thread of it is at work."""
    return {"status": "alive"}


@health_router.get("/readyz")
def is_ready(request: Request) -> dict[str, str]:
    """Whether case files can be taken in: database reached and at head, blob store writable."""
    intake: Intake = request.app.state.intake
    try:
        with intake.open_work() as work:
            at_head = work.is_at_head()
        intake.blobs.check()
    except OSError as error:
        raise ServiceBusy(retry_after=_RETRY_SECONDS) from error
    if not at_head:
        raise ServiceBusy(retry_after=_RETRY_SECONDS)
    return {"status": "ready"}
