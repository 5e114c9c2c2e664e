"""The one place that joins the parts into a service."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import Engine

from app.access.audit_router import router as audit_router
from app.access.dependencies import find_key
from app.access.grant_router import organization_router
from app.access.grant_router import router as grant_router
from app.access.key_router import router as key_router
from app.access.user_router import router as user_router
from app.billing.count_router import router as frozen_count_router
from app.billing.invoice_router import router as invoice_router
from app.billing.order_router import router as order_router
from app.billing.price_router import router as price_router
from app.billing.router import router as billing_router
from app.billing.year_router import router as program_year_router
from app.checking.settling import settle_process
from app.dashboard.router import install_dashboard
from app.deployment import (
    create_engine_for,
    create_intake,
    create_local_accounts,
    create_provider_accounts,
    create_sessions,
    create_users,
    create_webhooks,
    create_worker,
    retention_within,
)
from app.domain.errors import ServiceBusy
from app.exports.router import router as export_router
from app.intake.acceptance_router import router as acceptance_router
from app.intake.admission import Admission
from app.intake.asc_router import router as asc_case_router
from app.intake.backfill_router import router as backfill_router
from app.intake.case_measures_router import router as case_measures_router
from app.intake.case_router import router as case_router
from app.intake.receipt_router import router as receipt_router
from app.intake.replacement_router import router as replacement_router
from app.intake.router import router as intake_router
from app.intake.service import Intake
from app.jobs.worker import BackgroundWorker
from app.measures.activities.router import inventory_router
from app.measures.activities.router import router as activities_router
from app.measures.asc.router import router as asc_router
from app.measures.peer_router import router as peer_router
from app.measures.router import router as measures_router
from app.measures.scoring_router import router as scoring_router
from app.notices.mail_domain_router import router as mail_domain_router
from app.notices.webhook_router import router as webhook_router
from app.portal.router import router as portal_router
from app.reporting.consent_router import router as consent_router
from app.reporting.router import router as reporting_router
from app.retention.router import router as retention_router
from app.roster.entry_router import router as roster_entry_router
from app.roster.list_router import router as provider_file_router
from app.roster.peer_choice_router import router as peer_choice_router
from app.roster.practice_router import router as practice_router
from app.roster.provider_list_router import router as provider_list_router
from app.roster.reconciliation_router import router as reconciliation_router
from app.settings import Settings
from app.storage.unit_of_work import UnitOfWork
from app.web.logs import configure_logging
from app.web.metrics import Metrics
from app.web.metrics import router as metrics_router
from app.web.middleware import install_web
from app.web.openapi import PROBLEM_RESPONSES
from app.web.pace import BodyPace
from app.web.rate_limit import Rate, RateLimits

_DESCRIPTION = """
Intake of an open registry for anesthesia cases: case files in, receipts, case counts and quality
measure results out. Start with `POST /v1/validate`, which stores nothing and needs no key.
"""

WORKER_VARIABLE = "NACOR_WITH_JOBS"
_RETRY_SECONDS = 10
_SIGN_IN_SECONDS = 15 * 60

health_router = APIRouter(tags=["operator"])


def create_app(settings: Settings, engine: Engine, *, worker: bool = False) -> FastAPI:
    """The service over a database at head. With `worker` it also does the background jobs."""
    metrics = Metrics()
    intake = create_intake(settings, engine, on_finished=metrics.count_finished)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        beside = BackgroundWorker(create_worker(settings, engine, intake)) if worker else None
        if beside is not None:
            beside.start()
        yield
        if beside is not None:
            await to_thread.run_sync(beside.stop)
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
    app.state.find_key = partial(find_key, open_work=intake.open_work)
    app.state.open_within = partial(UnitOfWork, engine, keys=intake.keys)
    app.state.intake = intake
    app.state.notices = intake.notices
    app.state.webhooks_within = create_webhooks(settings)
    app.state.retention_within = retention_within(settings)
    app.state.admission = Admission(
        at_once=settings.submissions_at_once, waiting=settings.submissions_waiting
    )
    app.state.standards = intake.library.standards
    app.state.schemas = intake.library.standards.schemas
    app.state.checking_pool = intake.pool
    app.state.measures = intake.library.measures
    app.state.metrics = metrics
    app.state.rate_limits = RateLimits(
        validate=Rate(requests=settings.validate_rate, seconds=60),
        keys=Rate(requests=settings.key_rate, seconds=60),
        strangers=Rate(requests=settings.stranger_rate, seconds=60),
        sign_ins=Rate(requests=settings.sign_in_rate, seconds=_SIGN_IN_SECONDS),
    )
    _let_people_in(app, settings, engine)
    install_web(
        app,
        metrics,
        BodyPace(
            most_seconds=settings.body_max_seconds, silence_seconds=settings.body_silence_seconds
        ),
    )
    for router in (
        portal_router,
        intake_router,
        receipt_router,
        replacement_router,
        case_router,
        asc_case_router,
        case_measures_router,
        backfill_router,
        acceptance_router,
        mail_domain_router,
        webhook_router,
        practice_router,
        peer_choice_router,
        provider_file_router,
        provider_list_router,
        reconciliation_router,
        roster_entry_router,
        reporting_router,
        consent_router,
        retention_router,
        export_router,
        key_router,
        organization_router,
        grant_router,
        user_router,
        audit_router,
        billing_router,
        scoring_router,  # before the measures, whose ids would be taken for its path
        peer_router,  # before what takes "peers" for the id of a measure
        frozen_count_router,
        price_router,
        order_router,
        invoice_router,
        program_year_router,
        measures_router,
        asc_router,
        inventory_router,
        activities_router,
        health_router,
        metrics_router,
    ):
        app.include_router(router)
    return app


def _let_people_in(app: FastAPI, settings: Settings, engine: Engine) -> None:
    sessions = create_sessions(settings, engine)
    limits: RateLimits = app.state.rate_limits
    app.state.sessions = sessions
    app.state.users = create_users(settings, engine)
    app.state.local_accounts = create_local_accounts(settings, sessions, limits.accounts.take)
    app.state.provider_accounts = create_provider_accounts(settings, sessions)
    install_dashboard(app)


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
    """Whether case files can be taken in.

    The database is reached and at head, the master keys open what is stored, and the blob store
    takes files.
    """
    intake: Intake = request.app.state.intake
    try:
        with intake.open_work() as work:
            if not work.is_at_head():
                raise ServiceBusy(retry_after=_RETRY_SECONDS)
        intake.keys.check()
        intake.blobs.check()
    except OSError as error:
        raise ServiceBusy(retry_after=_RETRY_SECONDS) from error
    return {"status": "ready"}
