"""Databases for tests: one cluster a run, a migrated database in it, emptied for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, Engine, make_url, text

from app.storage.database import create_database_engine, migrate_to_head, with_driver
from app.storage.embedded import embedded_database_url, embedded_home, stop_embedded
from app.storage.tables import metadata

VARIABLE = "NACOR_TEST_DATABASE_URL"
"""A PostgreSQL to test against, with a role that may create databases. Absent: the embedded one."""


@contextmanager
def running_cluster() -> Iterator[URL]:
    given = os.environ.get(VARIABLE)
    if given:
        yield make_url(with_driver(given))
        return
    # Not in pytest's folder: as root the server runs under an account that cannot go there.
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="nacor-tests-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        url = make_url(embedded_database_url(folder))
        _do_not_wait_for_disks(url)
        try:
            yield url
        finally:
            home = embedded_home(folder)
            stop_embedded(folder)
            if home is not None:
                shutil.rmtree(home)


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
    deletions = "; ".join(
        f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)
    )
    with engine.begin() as connection:
        connection.execute(text(deletions))
    return engine


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
        connection.execute("SELECT pg_reload_conf()")
