"""What an operator asks: is it alive, is it ready, how much does it do; and what it logs."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from anyio import fail_after, run, to_thread
from anyio.from_thread import BlockingPortal
from httpx import ASGITransport, AsyncClient
from sqlalchemy import URL, create_engine

from app.domain.errors.service import ServiceBusy
from app.storage.database import create_database_engine
from app.storage.locks import CASES_OF_A_PRACTICE
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import a_case_file, a_record
from tests.databases import connect, new_database, text_of
from tests.registry import ADDRESS, MASTER_KEY, Caller, Registry, create_service
from tests.waiting import PATIENCE_SECONDS, wait_for
from tests.workers import recover


@contextmanager
def service_over(url: URL, folder: Path, portal: BlockingPortal) -> Iterator[Caller]:
    engine = create_database_engine(text_of(url))
    yield Caller(app=create_service(engine, folder), portal=portal, key="nacor_any")
    engine.dispose()


def test_a_service_with_all_it_needs_is_ready(registry: Registry) -> None:
    assert registry.anyone().read("/healthz") == {"status": "alive"}
    assert registry.anyone().read("/readyz") == {"status": "ready"}


def test_without_its_database_it_lives_and_is_not_ready(
    database_url: URL, tmp_path: Path, portal: BlockingPortal, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = database_url.set(database="there_is_none")
    with service_over(nowhere, tmp_path, portal) as caller:
        assert caller.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/counts?practice_id=12345&performance_year=2024"):
            answer = caller.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["type"].endswith("/docs/problems/service-busy")
    assert 'database "there_is_none" does not exist' in caplog.text, "the operator is told why"


def test_with_a_database_that_was_not_migrated_it_is_not_ready(
    cluster: URL, tmp_path: Path, portal: BlockingPortal
) -> None:
    with new_database(cluster) as url, service_over(url, tmp_path, portal) as caller:
        assert caller.get("/readyz").status_code == 503
        assert caller.get("/healthz").status_code == 200


def test_with_no_connection_free_it_is_busy(
    database_url: URL, tmp_path: Path, portal: BlockingPortal
) -> None:
    engine = create_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    caller = Caller(app=create_service(engine, tmp_path), portal=portal, key="nacor_any")
    with engine.connect():
        answer = caller.get("/v1/counts?practice_id=12345&performance_year=2024")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert caller.get("/readyz").status_code == 503
    assert caller.get("/readyz").status_code == 200
    engine.dispose()


def test_with_a_blob_store_that_takes_nothing_it_is_not_ready(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("where a folder should be")
    blocked = registry.anyone(blob_url=str(tmp_path / "a-file"))
    assert blocked.get("/readyz").status_code == 503


def test_metrics_count_submissions_and_records_and_name_nobody(registry: Registry) -> None:
    vendor = registry.vendor()
    vendor.send(a_case_file(a_record("A-1"), a_record("A-2", sex="female"), a_record("A-3")))
    receipt = vendor.send(a_case_file(a_record("A-4", sex="female")))
    figures = registry.anyone().get("/metrics").text
    assert 'nacor_submissions_total{status="partially_accepted"} 1.0' in figures
    assert 'nacor_submissions_total{status="rejected"} 1.0' in figures
    assert 'nacor_records_total{outcome="created"} 2.0' in figures
    assert 'nacor_records_total{outcome="rejected"} 2.0' in figures
    assert 'nacor_findings_total{code="AR201"} 2.0' in figures
    assert 'route="/v1/submissions"' in figures
    for telling in (receipt["id"], "12345", "891234567", "1234567893"):
        assert telling not in figures


def test_a_replayed_submission_is_not_counted_again(registry: Registry) -> None:
    vendor = registry.vendor()
    vendor.submit(a_case_file())
    vendor.submit(a_case_file())
    figures = registry.anyone().get("/metrics").text
    assert 'nacor_submissions_total{status="accepted"} 1.0' in figures


def test_a_submission_that_recovery_brings_to_its_end_is_counted_once(registry: Registry) -> None:
    registry.app.state.intake = replace(registry.intake, open_work=OnlyOnce(registry))
    assert registry.vendor().submit(a_case_file(a_record(sex="female"))).status_code == 202
    assert recover(registry) == 1
    assert recover(registry) == 0
    figures = registry.anyone().get("/metrics").text
    assert 'nacor_submissions_total{status="rejected"} 1.0' in figures
    assert 'nacor_findings_total{code="AR201"} 1.0' in figures


class OnlyOnce:
    """A database that is reached to see that there is room for a file, and not to take it in."""

    def __init__(self, registry: Registry) -> None:
        self._times = iter([registry.open_work])

    def __call__(self) -> UnitOfWork:
        for open_work in self._times:
            return open_work()
        raise ServiceBusy(retry_after=1)


def test_more_files_than_there_are_places_are_told_to_come_later(
    registry: Registry, database_url: URL
) -> None:
    vendor = registry.with_settings(registry.vendor(), submissions_at_once=2, submissions_waiting=3)
    files = [a_case_file(a_record(f"A-{number}")) for number in range(5)]

    def received() -> int:
        return int(registry.ask_database("SELECT count(*) FROM submissions")[0][0])

    with ThreadPoolExecutor(6) as senders, connect(database_url) as operator:
        with operator.transaction():
            operator.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('cases of 12345', %s))",
                (CASES_OF_A_PRACTICE,),
            )
            sending = [senders.submit(vendor.submit, file) for file in files]
            wait_for(lambda: received() == 5)
            assert at_work(operator) <= 2

            unread = Unread()
            one_more = senders.submit(
                vendor.ask,
                "POST",
                "/v1/submissions?practice_id=12345",
                content=unread,
                headers={"Content-Type": "application/xml"},
            )
            refused = one_more.result(timeout=PATIENCE_SECONDS)
            assert refused.status_code == 503
            assert int(refused.headers["Retry-After"]) > 0
            assert refused.json()["type"].endswith("/docs/problems/service-busy")
            assert not unread.was_read
            assert vendor.get("/healthz").status_code == 200
        receipts = [each.result().json() for each in sending]
    assert [receipt["status"] for receipt in receipts] == ["accepted"] * 5
    assert vendor.send(a_case_file(a_record("A-9")))["status"] == "accepted"


def at_work(connection: psycopg.Connection) -> int:
    """How many wait for the lock on the cases of a practice."""
    found = connection.execute(
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE NOT granted AND a.datname = current_database()"
    ).fetchone()
    assert found is not None
    return int(found[0])


class Unread:
    """A body that notices whether anybody asks for it."""

    def __init__(self) -> None:
        self.was_read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.was_read = True
        yield b"<AnesthesiaRecords/>"


def test_every_thread_at_work_does_not_keep_it_from_being_alive(registry: Registry) -> None:
    async def ask_with_no_thread_left() -> int:
        limiter = to_thread.current_default_thread_limiter()
        tokens = limiter.total_tokens
        limiter.total_tokens = 0
        try:
            with fail_after(PATIENCE_SECONDS):
                async with AsyncClient(
                    transport=ASGITransport(registry.app), base_url=ADDRESS
                ) as client:
                    return (await client.get("/healthz")).status_code
        finally:
            limiter.total_tokens = tokens

    assert run(ask_with_no_thread_left) == 200


def test_each_process_of_a_server_logs_as_json(database_url: URL) -> None:
    code = """
import logging
from app.main import app_from_environ
app_from_environ()
logging.getLogger("nacor.test").info("said")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={
            **os.environ,
            "NACOR_DATABASE_URL": text_of(database_url),
            "NACOR_SECRET_KEY": MASTER_KEY,
        },
        capture_output=True,
        check=True,
    )
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["logger"], last["message"]) == ("nacor.test", "said")


@pytest.mark.parametrize(
    "path", ["/healthz", "/v1/counts", "/v1/nothing", "/v1/schemas/2020V1.0.xsd", "/docs"]
)
def test_every_answer_has_a_request_id_and_keeps_the_one_offered(
    registry: Registry, path: str
) -> None:
    visitor = registry.anyone()
    made = visitor.get(path).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    offered = "0af7651916cd43dd8448eb211c80319c"
    answer = visitor.ask("GET", path, headers={"X-Request-Id": offered})
    assert answer.headers["X-Request-Id"] == offered


def test_the_access_log_has_the_route_and_not_the_address(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    practice = registry.practice()
    receipt = practice.send(a_case_file())
    with caplog.at_level(logging.INFO, logger="nacor.access"):
        practice.get(receipt["links"]["report"], max_findings=7)
    (line,) = (each for each in caplog.records if each.name == "nacor.access")
    fields = vars(line)["nacor_fields"]
    assert fields["route"] == "/v1/submissions/{submission_id}/report"
    assert (fields["method"], fields["status"]) == ("GET", 200)
    assert receipt["id"] not in str(vars(line))
    assert "max_findings" not in str(vars(line))
