"""Databases for tests: one cluster a run, in it a database a process, emptied for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, Connection, Engine, make_url, text

from app.storage.database import create_database_engine, with_driver
from app.storage.embedded.database import embedded_database_url, embedded_home, stop_embedded
from app.storage.migrating import migrate_to_head
from app.storage.tables import metadata

VARIABLE = "NACOR_TEST_DATABASE_URL"
"""A PostgreSQL to test against, as a role that may make databases and roles. Absent: embedded."""


def running_cluster(folder: Path) -> URL:
    """Return the cluster that the processes of a run share; the first that asks starts it."""
    given = os.environ.get(VARIABLE)
    if given:
        return make_url(with_driver(given))
    url = make_url(embedded_database_url(folder))
    _do_not_wait_for_disks(url)
    _let_sessions_be_ended(url)
    return url


def remove_cluster(folder: Path) -> None:
    home = embedded_home(folder)
    stop_embedded(folder)
    if home is not None:
        shutil.rmtree(home)
    shutil.rmtree(folder, ignore_errors=True)  # what was made in it may have been its home


@contextmanager
def migrated_database(cluster: URL) -> Iterator[URL]:
    with new_database(cluster) as url:
        engine = create_database_engine(text_of(url))
        migrate_to_head(engine)
        engine.dispose()
        yield url


@contextmanager
def new_database(cluster: URL) -> Iterator[URL]:
    """A database without a table; dropped in the end, whoever uses it."""
    name = f"nacor_test_{uuid4().hex}"
    _execute(cluster, f'CREATE DATABASE "{name}"')
    try:
        yield cluster.set(database=name)
    finally:
        _execute(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')


def emptied(engine: Engine) -> Engine:
    """Deleting a few rows takes a quarter of the time of TRUNCATE, which makes new files."""
    queue = ("procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
    tables = (*queue, *(table.name for table in reversed(metadata.sorted_tables)))
    deletions = "; ".join(f'DELETE FROM "{table}"' for table in tables)
    with engine.begin() as connection, audit_trail_unguarded(connection):
        connection.execute(text(deletions))
    return engine


@contextmanager
def audit_trail_unguarded(connection: Connection) -> Iterator[None]:
    """Let the audit trail be changed, as who owns the tables of a database can."""
    for change in ("DISABLE", "ENABLE"):
        for table in ("audit_entries", "audit_heads"):
            connection.execute(text(f"ALTER TABLE {table} {change} TRIGGER USER"))
        if change == "DISABLE":
            yield


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def connect(url: URL) -> psycopg.Connection:
    """A connection besides those of the service, to look on and to interfere."""
    return psycopg.connect(text_of(url.set(drivername="postgresql")), autocommit=True)


def _execute(cluster: URL, statement: str) -> None:
    with connect(cluster) as connection:
        connection.execute(statement.encode())


def _do_not_wait_for_disks(url: URL) -> None:
    """What a crash of this machine would lose here is thrown away anyway."""
    with connect(url.set(username="postgres")) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


def _let_sessions_be_ended(url: URL) -> None:
    """Or a database cannot be dropped while the server itself tidies it up."""
    with connect(url.set(username="postgres")) as connection:
        connection.execute(f'GRANT pg_signal_backend TO "{url.username}"'.encode())
