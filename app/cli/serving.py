"""`nacor serve`, `worker`, `migrate` and what else needs the deployment's database."""

import logging
import os
import signal
from collections.abc import Callable

import typer

from app.domain.errors.service import KeysMissing, ServiceBusy
from app.opening import create_data_keys, create_engine_for
from app.settings import PREFIX, Settings
from app.storage.embedded.database import embedded_database_url
from app.storage.embedded.database import stop_embedded as stop_embedded_database
from app.storage.migrating import migrate_to_head
from app.storage.sealing.data_keys import DataKeys
from app.web.logs import configure_logging

_NICENESS = 10
_log = logging.getLogger(__name__)


def settings() -> Settings:
    return Settings.from_environ(os.environ)


def database_url() -> str:
    chosen = settings()
    return chosen.database_url or embedded_database_url(chosen.data_dir)


def run_server(*, host: str, port: int, workers: int, with_jobs: bool) -> None:
    import uvicorn

    from app.main import WORKER_VARIABLE
    from app.rules.loading import load_rule_book
    from app.web.http_server import server_options

    chosen = settings()
    load_rule_book(chosen.rules_file)  # said here once, not by each server process for ever
    configure_logging()
    migrate_database()
    require_keys()
    # The server processes are started afresh and read the environment, as any deployment does.
    os.environ[f"{PREFIX}DATABASE_URL"] = database_url()
    os.environ[WORKER_VARIABLE] = "yes" if with_jobs else "no"
    uvicorn.run(
        "app.main:app_from_environ",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        **server_options(trusted_proxies=chosen.trusted_proxies),
    )


def run_worker() -> None:
    from app.checking.settling import settle_process
    from app.deployment import create_intake, create_worker
    from app.rules.loading import load_rule_book

    chosen = settings()
    load_rule_book(chosen.rules_file)
    configure_logging()
    engine = create_engine_for(chosen)
    intake = create_intake(chosen, engine)
    _require(intake.keys)
    settle_process()
    _give_way()
    create_worker(chosen, engine, intake).run(on_started=_stop_on_signals)
    if intake.pool is not None:
        intake.pool.close()


def _give_way() -> None:
    """Let servers on the same machine go first: their senders wait. Not the database: it is up."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def _stop_on_signals(stop: Callable[[], None]) -> None:
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop())


def require_keys() -> None:
    """Raises: KeysMissing when the master keys do not open what is stored."""
    chosen = settings()
    engine = create_engine_for(chosen)
    _require(create_data_keys(chosen, engine))
    engine.dispose()


def _require(keys: DataKeys) -> None:
    try:
        keys.check()
    except KeysMissing:
        raise
    except ServiceBusy:  # the database is away: nothing is sealed before it is back and was asked
        _log.warning("it is not known whether the master keys open what is stored")


def migrate_database() -> None:
    engine = create_engine_for(settings())
    migrate_to_head(engine)
    engine.dispose()


def stop_database() -> None:
    stopped = stop_embedded_database(settings().data_dir)
    typer.echo("The embedded database is stopped." if stopped else "There was none to stop.")
