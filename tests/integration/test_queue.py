"""Large files wait for a worker: nothing is lost, nobody starves, everything ends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from procrastinate import App
from sqlalchemy import create_engine, text

from app.domain.identifiers import PracticeId
from app.domain.jobs import Queue, Task
from app.domain.submissions import Progress, Submission, SubmissionStatus
from app.intake import watching
from app.intake.lining_up import place_in_line
from app.intake.service import Intake
from app.intake.watching import Watch
from app.jobs.queue import queue_over
from app.jobs.worker import BackgroundWorker, Worker
from app.storage.blobs import BlobStore
from app.storage.database import plain_url
from app.storage.queue_schema import is_up
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import TIN, a_case_file, a_record
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.waiting import PATIENCE_SECONDS, wait_for
from tests.workers import services_of, work_off, worker_of, working

MIB = 1 << 20
_LISTENING_FOR_ERRANDS = """
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%#errands%'
"""


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    """Sends for two practices, and every file is too large to be waited for."""
    registry.register(OTHER_PRACTICE, TIN)
    vendor = registry.vendor(PRACTICE, OTHER_PRACTICE)
    return registry.with_settings(vendor, small_file_bytes=0)


def altered(kind: type[Intake], intake: Intake) -> Intake:
    """The same intake as an instance of another class."""
    return kind(**{name: getattr(intake, name) for name in intake.__dataclass_fields__})


def queue(vendor: Caller, *records: str, practice_id: str = PRACTICE) -> Any:
    file = a_case_file(*(a_record(name) for name in records), practice_id=practice_id)
    answer = vendor.submit(file, practice_id=practice_id)
    assert answer.status_code == 202, answer.text
    return answer.json()


def test_a_large_file_is_answered_at_once_and_taken_in_by_a_worker(
    registry: Registry, vendor: Caller
) -> None:
    answer = vendor.submit(a_case_file(a_record("A-1"), a_record("A-2")))
    receipt = answer.json()
    assert (answer.status_code, receipt["status"]) == (202, "received")
    assert answer.headers["Location"] == receipt["links"]["self"]
    assert receipt["progress"] == {"records_read": 0, "bytes_read": 0}
    assert vendor.get(f"/v1/submissions/{receipt['id']}/file").status_code == 200

    work_off(registry)
    ended = vendor.read(f"/v1/submissions/{receipt['id']}")
    assert (ended["status"], ended["records"]["created"], ended["progress"]) == (
        "accepted",
        2,
        None,
    )


def test_a_small_file_behind_a_large_one_of_its_practice_waits_for_its_turn(
    registry: Registry,
) -> None:
    """Else the older file, read later, would replace what the newer one says."""
    practice = registry.practice()
    older = a_case_file(*(a_record(f"A-{n}", age="40") for n in range(9)))
    newer = a_case_file(a_record("A-1", age="50"))
    between = registry.with_settings(practice, small_file_bytes=len(newer) + 1)
    assert between.submit(older).status_code == 202
    assert between.submit(newer).status_code == 202
    work_off(registry)
    found = registry.ask_database(
        "SELECT age_years, version FROM cases WHERE anesthesia_record_id = 'A-1'"
    )
    assert found == [(50, 2)]


def test_the_same_bytes_sent_again_while_they_wait_are_the_same_submission(
    registry: Registry, vendor: Caller
) -> None:
    first = queue(vendor, "A-1")
    again = vendor.submit(a_case_file(a_record("A-1")))
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    work_off(registry)
    assert registry.practice().count() == 1


def test_a_backlog_of_one_practice_lets_the_files_of_others_pass(
    registry: Registry, vendor: Caller, onlooker: psycopg.Connection
) -> None:
    """A year of one practice in a hundred files, then one of another: it is not the last."""
    backlog = [queue(vendor, f"A-{n}") for n in range(6)]
    onlooker.execute("UPDATE submissions SET bytes = %s", (500 * MIB,))
    late = queue(vendor, "B-1", practice_id=OTHER_PRACTICE)
    more = queue(vendor, "A-99")  # of the practice that has six large files waiting
    work_off(registry)
    order = [
        str(row[0])
        for row in registry.ask_database("SELECT id FROM submissions ORDER BY finished_at")
    ]
    assert order.index(late["id"]) < order.index(more["id"])
    assert order[-1] == more["id"]
    assert {receipt["id"] for receipt in backlog} < set(order)


def test_files_of_one_practice_are_taken_in_in_the_order_in_which_they_came(
    registry: Registry, vendor: Caller, onlooker: psycopg.Connection
) -> None:
    """Also where the first stood far back in line, behind one that was quickly done."""
    huge = queue(vendor, "A-0")
    onlooker.execute("UPDATE submissions SET bytes = %s", (6_000 * MIB,))
    assert vendor.submit(a_case_file(a_record("A-1", age="40"))).status_code == 202
    registry.intake.process(UUID(huge["id"]))
    assert vendor.submit(a_case_file(a_record("A-1", age="50"))).status_code == 202
    work_off(registry)
    found = registry.ask_database(
        "SELECT age_years, version FROM cases WHERE anesthesia_record_id = 'A-1'"
    )
    assert found == [(50, 2)]


def test_nobody_who_comes_later_passes_what_has_stood_in_line_for_long() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    behind_a_gigabyte = place_in_line(now=monday, bytes_before=1 << 30)
    soon_after = place_in_line(now=monday + timedelta(seconds=30), bytes_before=0)
    much_later = place_in_line(now=monday + timedelta(minutes=5), bytes_before=0)
    assert soon_after > behind_a_gigabyte > much_later


def test_two_files_of_one_practice_are_never_taken_in_at_once(
    registry: Registry, vendor: Caller
) -> None:
    for name in ("A-1", "A-2", "A-3"):
        queue(vendor, name)
    queue(vendor, "B-1", practice_id=OTHER_PRACTICE)
    at_work: list[str] = []
    together: list[tuple[str, ...]] = []
    lock = threading.Lock()

    class Noted(Intake):
        def process(self, submission_id: UUID, **how: Any) -> Submission:
            practice = self.get(submission_id).practice_id
            with lock:
                at_work.append(practice)
                together.append(tuple(at_work))
            ended = super().process(submission_id, **how)
            with lock:
                at_work.remove(practice)
            return ended

    with working(registry, intake=altered(Noted, registry.intake)):
        wait_for(lambda: unfinished(registry) == 0)
    assert len(together) == 4
    assert all(len(set(practices)) == len(practices) for practices in together)


def test_a_full_queue_sends_files_away_before_they_are_read(
    registry: Registry, vendor: Caller
) -> None:
    narrow = registry.with_settings(
        vendor, small_file_bytes=0, queue_files=3, queue_files_of_practice=2
    )
    queue(narrow, "A-1")
    queue(narrow, "A-2")

    class Unread:
        async def __aiter__(self) -> Any:
            raise AssertionError("the body was read")
            yield b""

    refused = narrow.ask(
        "POST",
        f"/v1/submissions?practice_id={PRACTICE}",
        content=Unread(),
        headers={"Content-Type": "application/xml"},
    )
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    queue(narrow, "B-1", practice_id=OTHER_PRACTICE)  # the other practice has room
    full = narrow.submit(a_case_file(a_record("B-2")), practice_id=OTHER_PRACTICE)
    assert full.status_code == 503

    work_off(registry)
    queue(narrow, "A-3")
    work_off(registry)
    assert registry.practice().count() == 3


def test_the_receipt_tells_how_far_a_file_is_read(registry: Registry, vendor: Caller) -> None:
    receipt = queue(vendor, "A-1", "A-2")
    submission = registry.intake.get(UUID(receipt["id"]))
    with registry.open_work() as work:
        work.unfinished.note_progress(submission, Progress(records_read=1, bytes_read=900))
        work.unfinished.note_progress(submission, Progress(records_read=2, bytes_read=1_700))
        work.commit()
    address = f"/v1/submissions/{receipt['id']}"
    assert vendor.read(address)["progress"] == {"records_read": 2, "bytes_read": 1_700}
    work_off(registry)
    assert vendor.read(address)["progress"] is None


def test_a_file_is_taken_in_where_its_progress_cannot_be_told(
    registry: Registry, vendor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = queue(vendor, "A-1", "A-2")
    monkeypatch.setattr(watching, "_NOTE_EVERY_SECONDS", 0.0)
    no_second = create_engine(registry.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    busy = replace(
        registry.intake, open_work=lambda: UnitOfWork(no_second, keys=registry.intake.keys)
    )
    try:
        ended = busy.process(UUID(receipt["id"]))
    finally:
        no_second.dispose()
    assert (ended.status, ended.records.created) == (SubmissionStatus.ACCEPTED, 2)


def test_progress_is_noted_once_a_second() -> None:
    noted: list[Progress] = []
    times = iter([0.0, 0.4, 0.9, 1.1, 1.1, 1.5, 2.2, 2.2])
    watch = Watch(noted.append, clock=lambda: next(times))
    source = watch.over(BytesIO(b"x" * 100))
    for records in range(1, 6):
        source.read(10)
        watch.saw(records)
    assert noted == [
        Progress(records_read=3, bytes_read=30),
        Progress(records_read=5, bytes_read=50),
    ]


class HaltedFiles:
    """The files of a store; reading one halts at its first bytes until it may go on."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    @contextmanager
    def open(self, sha256: str) -> Iterator["HaltedFiles"]:
        with self._blobs.open(sha256) as self._file:
            yield self

    def read(self, size: int, /) -> bytes:
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE_SECONDS)
        return self._file.read(size)


def test_a_worker_told_to_stop_interrupts_a_file_and_another_one_takes_it_in(
    registry: Registry, vendor: Caller
) -> None:
    receipt = queue(vendor, *(f"A-{number}" for number in range(30)))
    address = f"/v1/submissions/{receipt['id']}"
    files: Any = HaltedFiles(registry.intake.blobs)
    intake = replace(registry.intake, blobs=files)
    worker = worker_of(registry, intake=intake, grace_seconds=0)
    worker.start()
    assert files.begun.wait(PATIENCE_SECONDS)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    stopping.join(1)
    assert stopping.is_alive()  # nothing of the file is lost to a thread that is cut off
    files.may_go_on.set()
    stopping.join(PATIENCE_SECONDS)
    assert not stopping.is_alive()
    assert vendor.read(address)["status"] == "processing"
    assert registry.ask_database("SELECT count(*) FROM cases") == [(0,)]
    assert registry.intake.get(UUID(receipt["id"])).attempts == 0  # it was no fault of the file

    with working(registry):
        wait_for(lambda: vendor.read(address)["status"] == "accepted")
    assert registry.practice().count() == 30


def test_a_worker_told_to_stop_while_it_breaks_off_for_a_fault_stops_too(
    registry: Registry, vendor: Caller, onlooker: psycopg.Connection
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    class Slow(Intake):
        def process(self, submission_id: UUID, **how: Any) -> Submission:
            begun.set()
            may_go_on.wait()
            return super().process(submission_id, **how)

    worker = worker_of(registry, intake=altered(Slow, registry.intake))
    worker.start()
    queue(vendor, "A-1")
    assert begun.wait(PATIENCE_SECONDS)
    wait_for(lambda: onlooker.execute(_LISTENING_FOR_ERRANDS).fetchall())
    onlooker.execute("DELETE FROM procrastinate_workers")  # it can fetch no errand any more
    wait_for(lambda: not onlooker.execute(_LISTENING_FOR_ERRANDS).fetchall())
    stopping = threading.Thread(target=worker.stop, daemon=True)
    stopping.start()
    stopping.join(0.2)
    may_go_on.set()
    stopping.join(PATIENCE_SECONDS)
    assert not stopping.is_alive()
    work_off(registry)


def test_a_queue_that_breaks_again_and_again_leaves_the_files_alone(
    registry: Registry, vendor: Caller
) -> None:
    class WithoutErrands(Worker):
        async def _one(self, app: App, name: Queue, at_once: int) -> None:
            if name is Queue.ERRANDS:
                raise ConnectionResetError
            await super()._one(app, name, at_once)

    receipt = queue(vendor, "A-1")
    worker = WithoutErrands(
        database_url=plain_url(registry.engine),
        services=services_of(registry),
        files_at_once=1,
        grace_seconds=20,
    )
    beside = BackgroundWorker(worker)
    beside.start()
    wait_for(lambda: unfinished(registry) == 0)
    beside.stop()
    assert registry.intake.get(UUID(receipt["id"])).attempts == 1


def test_a_job_that_is_lost_is_made_anew(
    registry: Registry, vendor: Caller, onlooker: psycopg.Connection
) -> None:
    queue(vendor, "A-1")
    onlooker.execute("DELETE FROM procrastinate_jobs")
    with working(registry):
        wait_for(lambda: unfinished(registry) == 0)
    assert registry.practice().count() == 1


def test_the_tables_of_the_queue_are_those_of_the_installed_library(
    onlooker: psycopg.Connection,
) -> None:
    """If not: a migration that calls `bring_up` is missing beside the newer library."""
    assert is_up(onlooker)


def unfinished(registry: Registry) -> int:
    number: int = registry.ask_database(
        "SELECT count(*) FROM submissions WHERE finished_at IS NULL"
    )[0][0]
    return number


def test_every_job_that_can_be_put_into_the_queue_has_a_task(registry: Registry) -> None:
    """Else a worker would take it, not know it, and drop it."""
    tasks = queue_over(plain_url(registry.engine), services_of(registry)).tasks
    assert {each.value for each in Task} <= set(tasks)


def test_a_small_file_behind_one_in_line_waits_for_its_turn_when_the_large_one_has_ended(
    registry: Registry,
) -> None:
    practice = registry.practice()
    large = a_case_file(*(a_record(f"A-{n}", age="40") for n in range(9)))
    older = a_case_file(a_record("A-1", age="50"))
    newer = a_case_file(a_record("A-1", age="60"))
    between = registry.with_settings(practice, small_file_bytes=len(newer) + 1)
    first = between.submit(large).json()
    assert between.submit(older).status_code == 202
    registry.intake.process(UUID(first["id"]))
    assert between.submit(newer).status_code == 202
    work_off(registry)
    found = registry.ask_database(
        "SELECT age_years, version FROM cases WHERE anesthesia_record_id = 'A-1'"
    )
    assert found == [(60, 3)]


def test_a_practice_whose_cases_are_being_changed_holds_up_nobody_else(
    registry: Registry,
) -> None:
    """As `nacor rebuild` does for minutes: its senders wait in line, not in each other's way."""
    registry.register(OTHER_PRACTICE, TIN)
    vendor = registry.vendor(PRACTICE, OTHER_PRACTICE)
    narrow = registry.with_settings(vendor, submissions_at_once=1)
    narrow.app.state.intake = replace(narrow.app.state.intake, patience_seconds=0.1)
    with registry.open_work() as work:
        work.practices.lock(PracticeId(PRACTICE))
        waits = narrow.submit(a_case_file(a_record("A-1")))
        assert waits.status_code == 202
        other = a_case_file(a_record("B-1"), practice_id=OTHER_PRACTICE)
        assert narrow.submit(other, practice_id=OTHER_PRACTICE).status_code == 201
    assert registry.intake.get(UUID(waits.json()["id"])).attempts == 0  # no fault of the file
    with registry.engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    work_off(registry)
    assert vendor.read(f"/v1/submissions/{waits.json()['id']}")["status"] == "accepted"
