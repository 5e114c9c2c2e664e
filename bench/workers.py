"""`nacor worker`, as often as it is wanted, over the benchmark's database."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from subprocess import Popen
from typing import Final

import psycopg

from app.domain.jobs import Queue
from bench.database import DATA_DIR, BenchDatabase
from bench.processes import background, child_environment, log_of, program

_START_SECONDS: Final = 60.0
_LOOK_EVERY_SECONDS: Final = 0.02


class Unfinished(Exception):
    """A submission that was to be taken in did not end well, or not at all."""


@contextmanager
def workers(
    database: BenchDatabase, number: int, **settings: str
) -> Iterator[Sequence["Popen[bytes]"]]:
    """Workers that wait for jobs; told to stop, they leave the file that they are at."""
    environment = child_environment(
        NACOR_DATA_DIR=str(DATA_DIR), NACOR_WORKER_GRACE_SECONDS="0", **settings
    )
    with ExitStack() as stack:
        started = [
            stack.enter_context(background([program("nacor"), "worker"], name, environment))
            for name in (f"worker-{each}" for each in range(1, number + 1))
        ]
        _await_registered(database, number * len(Queue))
        yield started


def await_begun(database: BenchDatabase, submission: str) -> None:
    """Return once a worker has taken it up. Raises: Unfinished."""
    _await_statuses(database, [submission], waiting={"received"}, wanted={"processing"})


def await_accepted(database: BenchDatabase, submissions: Sequence[str]) -> None:
    """Return when all of them are taken in, without an error. Raises: Unfinished."""
    waiting = {"received", "processing"}
    _await_statuses(database, submissions, waiting=waiting, wanted={"accepted"})


def is_under_way(connection: psycopg.Connection, submission: str) -> bool:
    return _statuses(connection, [submission]) == {"processing"}


def _await_statuses(
    database: BenchDatabase, submissions: Sequence[str], *, waiting: set[str], wanted: set[str]
) -> None:
    with _connected(database) as connection:
        while (statuses := _statuses(connection, submissions)) != wanted:
            if not statuses <= waiting | wanted:
                raise Unfinished(", ".join(statuses))
            time.sleep(_LOOK_EVERY_SECONDS)


def _await_registered(database: BenchDatabase, number: int) -> None:
    """Wait until the queue knows its workers: each process is one for every queue."""
    until = time.monotonic() + _START_SECONDS
    with _connected(database) as connection:
        while time.monotonic() < until:
            row = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
            if row is not None and row[0] == number:
                return
            time.sleep(_LOOK_EVERY_SECONDS)
    raise RuntimeError(f"a worker does not start; see {log_of('worker-1').parent}")


def _statuses(connection: psycopg.Connection, submissions: Sequence[str]) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT status FROM submissions WHERE id = ANY(%s::uuid[])", (list(submissions),)
    )
    return {row[0] for row in rows}


def _connected(database: BenchDatabase) -> psycopg.Connection:
    return psycopg.connect(database.conninfo("nacor"), autocommit=True)
