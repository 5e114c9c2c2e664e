"""The one place that joins the parts into a service."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Final

from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy import Engine

from app.access.dependencies import find_key
from app.access.session_service import utc_now
from app.checking.settling import settle_process
from app.dashboard.router import install_dashboard
from app.deployment import (
    create_intake,
    create_purges,
    create_webhooks,
    create_worker,
    retention_within,
)
from app.intake.admission import Admission
from app.intake.service import Intake
from app.intake.standing import read_standing
from app.jobs.worker import BackgroundWorker
from app.opening import create_engine_for
from app.routers import ROUTES
from app.settings import Settings
from app.sign_in import (
    create_local_accounts,
    create_provider_accounts,
    create_sessions,
    create_users,
)
from app.storage.unit_of_work import UnitOfWork
from app.web.logs import configure_logging
from app.web.metrics import Metrics
from app.web.middleware import install_web
from app.web.pace import BodyPace
from app.web.rate_limit import Rate, RateLimits
from app.web.standing_metrics import StandingFigures
from app.web.streams import Streams

_DESCRIPTION: Final = """
Intake of an open registry for anesthesia cases: case files in, receipts, case counts and quality
measure results out. Start with `POST /v1/validate`, which stores nothing and needs no key.
"""

WORKER_VARIABLE: Final = "NACOR_WITH_JOBS"
_SIGN_IN_SECONDS: Final = 15 * 60

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(settings: Settings, engine: Engine, *, worker: bool = False) -> FastAPI:
    """The service over a database at head. With `worker` it also does the background jobs."""
    metrics = Metrics()
    intake = create_intake(settings, engine, on_finished=metrics.count_finished)
    jobs = BackgroundWorker(create_worker(settings, engine, intake)) if worker else None
    app = FastAPI(
        title="Anesthesia registry",
        description=_DESCRIPTION,
        version="1",
        lifespan=_lifespan(intake, jobs),
        docs_url=None,  # FastAPI's page loads its script from elsewhere
        redoc_url=None,
        routes=ROUTES,
    )
    app.state.metrics = metrics
    app.state.streams = Streams()
    metrics.add(StandingFigures(partial(read_standing, open_work=intake.open_work)))
    app.state.rate_limits = _rate_limits(settings)
    _serve_cases(app, settings, engine, intake)
    install_web(app, metrics, _body_pace(settings))
    _let_people_in(app, settings, engine)
    return app


def _lifespan(intake: Intake, jobs: BackgroundWorker | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if jobs is not None:
            jobs.start()
        yield
        if jobs is not None:
            await to_thread.run_sync(jobs.stop)
        if intake.pool is not None:
            await to_thread.run_sync(intake.pool.close)

    return lifespan


def _serve_cases(app: FastAPI, settings: Settings, engine: Engine, intake: Intake) -> None:
    app.state.settings = settings
    app.state.day = intake.day
    app.state.now = utc_now
    app.state.find_key = partial(find_key, open_work=intake.open_work)
    app.state.open_within = partial(UnitOfWork, engine, keys=intake.keys)
    app.state.intake = intake
    app.state.notices = intake.notices
    app.state.webhooks_within = create_webhooks(settings)
    app.state.retention_within = retention_within(settings)
    app.state.purges = create_purges(settings, engine)
    app.state.admission = Admission(
        at_once=settings.submissions_at_once, waiting=settings.submissions_waiting
    )
    app.state.standards = intake.library.standards
    app.state.schemas = intake.library.standards.schemas
    app.state.checking_pool = intake.pool
    app.state.measures = intake.library.measures


def _let_people_in(app: FastAPI, settings: Settings, engine: Engine) -> None:
    sessions = create_sessions(settings, engine)
    limits: RateLimits = app.state.rate_limits
    app.state.sessions = sessions
    app.state.users = create_users(settings, engine)
    app.state.local_accounts = create_local_accounts(settings, sessions, limits.accounts.take)
    app.state.provider_accounts = create_provider_accounts(settings, sessions)
    install_dashboard(app)


def _rate_limits(settings: Settings) -> RateLimits:
    return RateLimits(
        validate=Rate(requests=settings.validate_rate, seconds=60),
        keys=Rate(requests=settings.key_rate, seconds=60),
        strangers=Rate(requests=settings.stranger_rate, seconds=60),
        sign_ins=Rate(requests=settings.sign_in_rate, seconds=_SIGN_IN_SECONDS),
    )


def _body_pace(settings: Settings) -> BodyPace:
    return BodyPace(
        most_seconds=settings.body_max_seconds, silence_seconds=settings.body_silence_seconds
    )


def app_from_environ() -> FastAPI:
    """What a server process imports: NACOR_DATABASE_URL is set and its database at head."""
    configure_logging()
    settings = Settings.from_environ(os.environ)
    with_jobs = os.environ.get(WORKER_VARIABLE) == "yes"
    app = create_app(settings, create_engine_for(settings), worker=with_jobs)
    settle_process()
    return app
