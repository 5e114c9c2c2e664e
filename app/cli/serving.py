"""`nacor serve`, `worker`, `migrate` and what else needs the deployment's database."""

import os
import signal
import threading

import typer

from app.checking.settling import settle_process
from app.deployment import create_engine_for, create_intake
from app.jobs.recovery import recover_until
from app.rules.loading import load_rule_book
from app.settings import PREFIX, Settings
from app.storage.database import migrate_to_head
from app.storage.embedded import embedded_database_url
from app.storage.embedded import stop_embedded as stop_embedded_database
from app.storage.unit_of_work import UnitOfWork
from app.web.logs import configure_logging


def settings() -> Settings:
    return Settings.from_environ(os.environ)


def database_url() -> str:
    chosen = settings()
    return chosen.database_url or embedded_database_url(chosen.data_dir)


def run_server(*, host: str, port: int, workers: int, with_jobs: bool) -> None:
    import uvicorn

    from app.main import WORKER_VARIABLE

    load_rule_book(settings().rules_file)  # said here once, not by each server process for ever
    configure_logging()
    migrate_database()
    # The server processes are started afresh and read the environment, as any deployment does.
    os.environ[f"{PREFIX}DATABASE_URL"] = database_url()
    os.environ[WORKER_VARIABLE] = "yes" if with_jobs else "no"
    uvicorn.run(
        "app.main:app_from_environ",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_config=None,
    )


def run_worker() -> None:
    chosen = settings()
    load_rule_book(chosen.rules_file)
    configure_logging()
    intake = create_intake(chosen, create_engine_for(chosen))
    settle_process()
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    recover_until(stop, intake, chosen.recovery_seconds)


def migrate_database() -> None:
    engine = create_engine_for(settings())
    migrate_to_head(engine)
    engine.dispose()


def verify_totals() -> bool:
    """Print whether the totals agree with a recount and return it."""
    with UnitOfWork(create_engine_for(settings())) as work:
        check = work.verify_totals()
    typer.echo(
        f"case_counts: {check.case_counts} rows differ; "
        f"measure_counts: {check.measure_counts} rows differ"
    )
    return check.agree


def stop_database() -> None:
    stopped = stop_embedded_database(settings().data_dir)
    typer.echo("The embedded database is stopped." if stopped else "There was none to stop.")
