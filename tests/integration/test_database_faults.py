"""A database without room, and watchdogs that died: nothing is lost, and it goes on by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.case_files import a_case_file, a_record
from tests.registry import Caller, Registry
from tests.waiting import wait_for
from tests.workers import work_off, working

FILE = a_case_file(a_record("A-1"), a_record("A-2"))


@pytest.fixture
def practice(registry: Registry) -> Caller:
    return registry.practice()


@contextmanager
def no_room_for(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """PostgreSQL says that its disk is full when a new row of `table` is committed."""
    connection.execute(
        """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               RAISE 'could not extend file' USING ERRCODE = 'disk_full';
           END $$"""
    )
    try:
        connection.execute(
            f"""CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()""".encode()
        )
        yield
    finally:
        connection.execute("DROP FUNCTION no_room CASCADE")


def test_no_room_for_the_receipt_sends_the_sender_away_and_keeps_nothing(
    registry: Registry, practice: Caller, onlooker: psycopg.Connection
) -> None:
    with no_room_for(onlooker, "submissions"):
        refused = practice.submit(FILE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert practice.read("/v1/submissions", practice_id="12345")["items"] == []
    assert practice.send(FILE)["records"]["created"] == 2


@pytest.mark.parametrize("small_bytes", [0, 1 << 20], ids=["by a worker", "within the request"])
def test_no_room_for_the_cases_lets_the_file_wait_for_it(
    registry: Registry, practice: Caller, onlooker: psycopg.Connection, small_bytes: int
) -> None:
    """However long it takes: it is no fault of the file, so no attempt counts."""
    sender = registry.with_settings(practice, small_file_bytes=small_bytes)
    with no_room_for(onlooker, "cases"):
        answer = sender.submit(FILE)
        assert answer.status_code == 202
        for _ in range(5):
            make_due(onlooker)
            work_off(registry)
    assert registry.ask_database("SELECT attempts, finished_at FROM submissions") == [(0, None)]
    make_due(onlooker)
    work_off(registry)
    assert practice.read(f"/v1/submissions/{answer.json()['id']}")["records"]["created"] == 2


def test_watchdogs_that_died_keep_no_file_from_being_taken_up(
    registry: Registry, practice: Caller, onlooker: psycopg.Connection
) -> None:
    """As after some crashes in a row: the worker died with each."""
    waiting = registry.with_settings(practice, small_file_bytes=0)
    onlooker.execute(
        """WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)
                         VALUES (now() - interval '1 hour') RETURNING id)
           INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id)
           SELECT 'errands', 'look_after', 'look_after', 'doing', id
           FROM dead, generate_series(1, 20)"""
    )
    assert waiting.submit(FILE).status_code == 202
    onlooker.execute(
        """UPDATE procrastinate_jobs SET status = 'doing', worker_id =
               (SELECT worker_id FROM procrastinate_jobs WHERE worker_id IS NOT NULL LIMIT 1)
           WHERE task_name = 'process_submission'"""
    )
    with working(registry):
        wait_for(lambda: practice.count() == 2)
    assert registry.ask_database("SELECT FROM procrastinate_jobs WHERE status = 'failed'") == []


def make_due(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
