"""Whatever breaks while a case file is taken in: an end state, and nothing half stored."""

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import URL

from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError, Submission
from app.intake.not_finished import NotFinished
from app.intake.receiving import NewSubmission
from app.jobs.housekeeping import tidy
from app.storage.database import create_database_engine
from app.storage.unit_of_work import UnitOfWork
from app.synthetic.generate import GenerationPlan, generate_case_file
from app.synthetic.practice import practice_tins
from app.web.logs import JsonFormatter
from tests.case_files import a_case_file, a_record
from tests.databases import text_of
from tests.registry import MASTER_KEY, PRACTICE, Registry
from tests.waiting import wait_for
from tests.workers import recover, work_off, working

PROJECT = Path(__file__).parents[2]
PLAN = GenerationPlan(cases=1_500, year=2024, seed=3, fault_rate=0.01, detail="small")
COUNTED_TABLES = ("cases", "case_staff", "case_payloads", "measure_outcomes", "case_versions")


@pytest.fixture(scope="module")
def large_file() -> bytes:
    return b"".join(generate_case_file(PLAN))


def rows(registry: Registry, *tables: str) -> list[int]:
    return [registry.ask_database(f"SELECT count(*) FROM {table}")[0][0] for table in tables]


def receive(registry: Registry, case_file: bytes, *, small_bytes: int = 1 << 30) -> Submission:
    """Keep a file as the service does before it processes it, or before a worker does."""
    new = NewSubmission(
        practice_id=PracticeId(PRACTICE),
        on_error=OnError.RECORD,
        sandbox=False,
        file_name=None,
        api_key=UUID(int=1),
        idempotency_key=None,
    )
    with registry.intake.blobs.writer() as file:
        file.write(case_file)
        intake = replace(registry.intake, small_bytes=small_bytes)
        return intake.receive(new, file).submission


@contextmanager
def held_up(connection: psycopg.Connection) -> Iterator[None]:
    """Keep every intake of the practice waiting for the lock on its cases."""
    with connection.transaction():
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cases of ' || %s, 0))", (PRACTICE,)
        )
        yield


def is_waiting(connection: psycopg.Connection) -> bool:
    return bool(
        connection.execute(
            "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT granted AND a.datname = current_database()"
        ).fetchone()
    )


def copying(connection: psycopg.Connection) -> list[int]:
    """Who has loaded rows of a case file and not committed them yet."""
    found = connection.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND query LIKE 'COPY%' AND xact_start IS NOT NULL"
    )
    return [row[0] for row in found]


def in_a_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def state(registry: Registry) -> list[Any]:
    """What is stored, without what differs from run to run: ids of our own and times."""
    return [
        registry.ask_database(
            "SELECT anesthesia_record_id, status, version, record_number, date_of_service, methods,"
            " age_years, weight_kg, facility_id, diagnoses, quality_codes FROM cases ORDER BY 1"
        ),
        registry.ask_database(
            "SELECT anesthesia_record_id, tin, npi, position FROM case_staff"
            " JOIN cases USING (practice_id, case_id) ORDER BY 1, 4"
        ),
        registry.ask_database("SELECT * FROM case_counts ORDER BY 2, 3, 4, 5"),
        registry.ask_database("SELECT * FROM measure_counts ORDER BY 2, 3, 4, 5, 6"),
        registry.ask_database(
            "SELECT number, line, anesthesia_record_id, outcome FROM submission_records ORDER BY 1"
        ),
        registry.ask_database("SELECT number, finding FROM submission_findings ORDER BY 1"),
        registry.ask_database(
            "SELECT status, created, held, rejected, valid, errors, warnings FROM submissions"
        ),
    ]


def test_a_connection_killed_while_a_file_is_taken_in_does_no_harm(
    registry: Registry, large_file: bytes, onlooker: psycopg.Connection
) -> None:
    registry.register(PRACTICE, *practice_tins(PRACTICE, PLAN.seed))
    practice = registry.practice()

    sending, results = in_a_thread(lambda: practice.submit(large_file))
    wait_for(lambda: copying(onlooker))
    for pid in copying(onlooker):
        onlooker.execute("SELECT pg_terminate_backend(%s)", (pid,))
    sending.join()
    answer = results[0]
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")
    assert rows(registry, *COUNTED_TABLES) == [0] * len(COUNTED_TABLES)

    make_due(onlooker)
    work_off(registry)
    receipt = practice.read(f"/v1/submissions/{answer.json()['id']}")
    assert receipt["status"] == "partially_accepted"
    assert practice.count() == receipt["records"]["created"]


def make_due(connection: psycopg.Connection) -> None:
    """Let every job that waits for a moment be done now."""
    connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")


def test_a_submission_left_behind_is_taken_up(registry: Registry) -> None:
    received = receive(registry, a_case_file(a_record("A-1"), a_record("A-2")))
    vendor = registry.vendor()
    assert vendor.read(f"/v1/submissions/{received.id}")["status"] == "processing"
    assert recover(registry) == 1
    receipt = vendor.read(f"/v1/submissions/{received.id}")
    assert (receipt["status"], receipt["records"]["created"]) == ("accepted", 2)
    assert recover(registry) == 0


def test_a_submission_that_just_came_is_left_to_whoever_received_it(registry: Registry) -> None:
    received = receive(registry, a_case_file())
    assert registry.intake.waiting.line_up_abandoned(older_than_seconds=60) == 0
    assert recover(registry) == 1
    assert registry.intake.get(received.id).status == "accepted"


def test_a_refused_submission_left_behind_is_taken_up_and_its_file_forgotten(
    registry: Registry,
) -> None:
    received = receive(registry, a_case_file(practice_id="23456"))
    assert recover(registry) == 1
    assert registry.intake.get(received.id).status == "rejected"
    assert kept(registry) == set()


@pytest.mark.parametrize(
    "error",
    [
        ServiceBusy(retry_after=10),
        psycopg.OperationalError("server closed the connection: 891234567"),
        RuntimeError("891234567"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_breaks_at_an_attempt_is_told_without_values_and_tried_again(
    registry: Registry, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    received = receive(registry, a_case_file(), small_bytes=0)
    is_over = threading.Event()

    def open_work() -> UnitOfWork:
        if not is_over.is_set():
            raise error
        return registry.open_work()

    intake = replace(registry.intake, open_work=open_work, retry_seconds=0)
    with working(registry, intake=intake):
        wait_for(lambda: len(logged(caplog, "submission is tried again later")) > 3)
        is_over.set()
        wait_for(lambda: registry.intake.get(received.id).status == "accepted")
    first = logged(caplog, "submission is tried again later")[0]
    assert first["error"].rpartition(".")[2] == type(error).__name__
    assert first["submission"] == str(received.id)
    assert "open_work" in first["raised_at"][-1]
    assert "891234567" not in json.dumps(logged(caplog))


def test_what_breaks_three_times_ends_as_failed(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    """The sender learns that it may send again, the operator where it broke."""
    received = receive(registry, a_case_file(), small_bytes=0)
    registry.intake.blobs.delete(received.sha256)
    with working(registry, intake=replace(registry.intake, retry_seconds=0)):
        wait_for(lambda: registry.intake.get(received.id).status == "failed")
    ended = registry.intake.get(received.id)
    assert ended.attempts == 3
    assert ended.failure_cause is not None
    assert ended.failure_cause.startswith("BlobMissing at ")
    assert received.sha256 not in ended.failure_cause
    (line,) = logged(caplog, "submission failed")
    assert (line["submission"], line["cause"]) == (str(received.id), ended.failure_cause)
    receipt = registry.practice().read(f"/v1/submissions/{received.id}")
    assert (receipt["status"], set(receipt["records"].values())) == ("failed", {0})
    assert "BlobMissing" not in json.dumps(receipt)


def test_a_file_that_kills_its_process_each_time_ends_as_failed(registry: Registry) -> None:
    """As one does that takes more memory than there is: nobody is left to say what broke."""
    received = receive(registry, a_case_file(), small_bytes=0)
    for _ in range(3):
        with registry.open_work() as work:
            work.unfinished.begin(received.id)
            work.commit()
    work_off(registry)
    ended = registry.intake.get(received.id)
    assert ended.status == "failed"
    assert ended.failure_cause == "its process ended without a word 3 times"
    assert registry.practice().count() == 0


def test_a_worker_looks_at_once_for_what_was_left_behind(registry: Registry) -> None:
    received = receive(registry, a_case_file())
    with working(registry):
        wait_for(lambda: registry.intake.get(received.id).status == "accepted")


@pytest.mark.parametrize("times", [1, 5], ids=["for a moment", "for long"])
def test_a_submission_waits_while_the_database_is_away(
    registry: Registry, database_url: URL, times: int
) -> None:
    received = receive(registry, a_case_file())
    nowhere = create_database_engine(text_of(database_url.set(database="there_is_none")))
    engines = chain([nowhere] * times, repeat(registry.engine))
    away = replace(
        registry.intake, open_work=lambda: UnitOfWork(next(engines), keys=registry.intake.keys)
    )
    with pytest.raises(NotFinished):
        away.process(received.id)
    assert registry.intake.get(received.id).status == "processing"
    assert recover(registry) == 1
    assert registry.intake.get(received.id).status == "accepted"


def test_files_that_no_submission_needs_are_removed_after_an_hour(registry: Registry) -> None:
    """As a process leaves them that dies after it kept a file or refused one."""
    vendor = registry.vendor()
    refused = a_case_file(practice_id="23456")
    vendor.send(refused)
    needed = vendor.send(a_case_file())["sha256"]
    left = [keep(registry, refused), keep(registry, b"never recorded")]
    fresh = keep(registry, b"about to be recorded")
    for sha256 in (*left, needed):
        make_older(registry, sha256, hours=2)
    make_older(registry, fresh, hours=0.5)

    assert tidy(registry.intake) == 2
    assert kept(registry) == {needed, fresh}


def test_a_file_is_put_into_the_store_before_anything_is_locked(
    registry: Registry, onlooker: psycopg.Connection
) -> None:
    """An upload far away would hold up others. What was removed meanwhile is put again."""
    case_file = a_case_file()
    sha256 = hashlib.sha256(case_file).hexdigest()
    with onlooker.transaction():
        onlooker.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", (sha256,))
        sending, results = in_a_thread(lambda: registry.practice().send(case_file))
        wait_for(lambda: kept(registry) and is_waiting(onlooker))
        registry.intake.blobs.delete(sha256)  # as whoever holds the lock does
    sending.join()
    assert results[0]["status"] == "accepted"
    assert kept(registry) == {sha256}


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}], ids=["by its bytes", "a key"])
def test_a_refused_file_that_is_sent_again_leaves_no_file(
    registry: Registry, headers: dict[str, str]
) -> None:
    practice = registry.practice()
    refused = a_case_file(practice_id="23456")
    answers = [practice.submit(refused, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert kept(registry) == set()


def test_of_a_file_with_a_key_that_was_used_for_another_nothing_is_kept(
    registry: Registry, onlooker: psycopg.Connection
) -> None:
    """Neither when that is seen at first sight, nor when both come at once."""
    practice = registry.practice()
    key = {"Idempotency-Key": "one"}
    files = [a_case_file(a_record(f"A-{n}")) for n in range(3)]
    with onlooker.transaction():
        onlooker.execute("LOCK TABLE idempotency_keys IN SHARE ROW EXCLUSIVE MODE")
        threads = [
            in_a_thread(lambda f=file: practice.submit(f, headers=key)) for file in files[:2]
        ]
        wait_for(lambda: len(kept(registry)) == 2)
    for thread, _ in threads:
        thread.join()
    answers = [results[0] for _, results in threads] + [practice.submit(files[2], headers=key)]
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert kept(registry) == {
        answer.json()["sha256"] for answer in answers if answer.status_code == 201
    }


def test_a_submission_waits_while_the_disk_of_its_file_is_not_mounted(registry: Registry) -> None:
    received = receive(registry, a_case_file(), small_bytes=0)
    blobs = registry.folder / "blobs"
    mounted_elsewhere = blobs.rename(registry.folder / "elsewhere")
    blobs.mkdir()
    for _ in range(5):
        with pytest.raises(NotFinished):
            registry.intake.process(received.id)
    assert not registry.intake.get(received.id).status.is_final

    blobs.rmdir()
    mounted_elsewhere.rename(blobs)
    assert registry.intake.process(received.id).status == "accepted"


def keep(registry: Registry, content: bytes) -> str:
    with registry.intake.blobs.writer() as file:
        file.write(content)
        return file.finish().sha256


def make_older(registry: Registry, sha256: str, *, hours: float) -> None:
    (path,) = (registry.folder / "blobs").rglob(f"{sha256}.zst")
    then = time.time() - hours * 3_600
    os.utime(path, (then, then))


def kept(registry: Registry) -> set[str]:
    return {path.stem for path in (registry.folder / "blobs").rglob("*.zst")}


def logged(caplog: pytest.LogCaptureFixture, message: str | None = None) -> list[dict[str, Any]]:
    """The lines as an operator reads them: those with `message`, or all."""
    as_json = JsonFormatter()
    records: list[logging.LogRecord] = list(caplog.records)
    lines = [json.loads(as_json.format(record)) for record in records]
    return [line for line in lines if message in (None, line["message"])]


def test_recovery_leaves_alone_what_another_process_works_on(
    registry: Registry, onlooker: psycopg.Connection
) -> None:
    received = receive(registry, a_case_file())
    with held_up(onlooker):
        working, _ = in_a_thread(lambda: registry.intake.process(received.id))
        wait_for(lambda: is_waiting(onlooker))
        assert recover(registry) == 0
    working.join()
    assert registry.practice().count() == 1


def test_a_process_that_is_killed_leaves_the_state_of_one_that_was_not(
    registry: Registry, large_file: bytes, database_url: URL, onlooker: psycopg.Connection
) -> None:
    registry.register(PRACTICE, *practice_tins(PRACTICE, PLAN.seed))
    received = receive(registry, large_file)
    with processing_elsewhere(database_url, registry.folder, received.id) as process:
        wait_for(lambda: copying(onlooker) or process.poll() is not None)
        assert process.poll() is None, "it ended before it could be killed"
        process.kill()
        process.wait()
    wait_for(lambda: not others(onlooker))
    assert rows(registry, *COUNTED_TABLES) == [0] * len(COUNTED_TABLES)
    assert registry.intake.get(received.id).status == "processing"

    assert recover(registry) == 1
    after_the_kill = state(registry)
    assert after_the_kill[-1][0][0] == "partially_accepted"

    onlooker.execute(
        "TRUNCATE cases, case_staff, case_payloads, measure_outcomes, case_counts,"
        " measure_counts, asc_outcomes, asc_counts, field_counts, submissions, submission_records,"
        " submission_findings"
    )
    registry.intake.process(receive(registry, large_file).id)
    assert state(registry) == after_the_kill


@contextmanager
def processing_elsewhere(
    url: URL, folder: Path, submission: UUID
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of its own that takes up `submission`, as a server would."""
    code = """
import sys
from pathlib import Path
from uuid import UUID
from app.deployment import create_intake
from app.opening import create_engine_for
from app.settings import Settings
settings = Settings(
    database_url=sys.argv[1], data_dir=Path(sys.argv[2]), secret_key=sys.argv[4]
)
create_intake(settings, create_engine_for(settings)).process(UUID(sys.argv[3]))
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, text_of(url), str(folder), str(submission), MASTER_KEY],
        cwd=PROJECT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    ) as process:
        yield process


def others(connection: psycopg.Connection) -> bool:
    """Whether anybody still has a transaction open here."""
    return bool(
        connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        ).fetchone()
    )


def test_files_of_one_practice_at_once_end_as_if_one_came_after_the_other(
    registry: Registry,
) -> None:
    practice = registry.practice()
    older = a_case_file(*(a_record(f"A-{n}", age="40") for n in range(60)))
    newer = a_case_file(*(a_record(f"A-{n}", age="50") for n in range(30, 90)))
    threads = [in_a_thread(lambda file=file: practice.send(file)) for file in (older, newer)]
    for thread, _ in threads:
        thread.join()
    receipts = [results[0]["records"] for _, results in threads]
    assert sorted(receipt["created"] for receipt in receipts) == [30, 60]
    assert sorted(receipt["replaced"] for receipt in receipts) == [0, 30]
    assert practice.count() == 90
    first_came_older = receipts[0]["created"] == 60
    ages = dict(registry.ask_database("SELECT anesthesia_record_id, age_years FROM cases"))
    assert {ages[f"A-{n}"] for n in range(30)} == {40}
    assert {ages[f"A-{n}"] for n in range(30, 60)} == {50 if first_came_older else 40}
    assert {ages[f"A-{n}"] for n in range(60, 90)} == {50}


def test_the_same_bytes_at_once_are_one_submission(registry: Registry) -> None:
    practice = registry.practice()
    case_file = a_case_file(*(a_record(f"A-{n}") for n in range(20)))
    threads = [in_a_thread(lambda: practice.submit(case_file)) for _ in range(6)]
    for thread, _ in threads:
        thread.join()
    answers = [results[0] for _, results in threads]
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert practice.count() == 20


def test_an_idempotency_key_used_at_once_for_two_files_is_used_for_one(
    registry: Registry,
) -> None:
    practice = registry.practice()
    files = [a_case_file(a_record(f"A-{n}")) for n in range(6)]
    key = {"Idempotency-Key": "one"}
    threads = [in_a_thread(lambda f=file: practice.submit(f, headers=key)) for file in files]
    for thread, _ in threads:
        thread.join()
    statuses = sorted(results[0].status_code for _, results in threads)
    assert statuses == [201] + [409] * 5
    assert practice.count() == 1


def test_a_tin_registered_while_a_file_waits_holds_nothing_back(
    registry: Registry, onlooker: psycopg.Connection
) -> None:
    """Else the cases would stay held, though their TIN is registered, until the next one is."""
    practice = registry.practice()
    file = a_case_file(a_record("A-1", staff=[("897654321", "1234567893")]))
    with held_up(onlooker):
        sending, results = in_a_thread(lambda: practice.send(file))
        wait_for(lambda: is_waiting(onlooker))
        onlooker.execute(
            "INSERT INTO practice_tins (practice_id, tin) VALUES (%s, '897654321')", (PRACTICE,)
        )
    sending.join()
    assert results[0]["records"]["created"] == 1
    assert practice.count() == 1
