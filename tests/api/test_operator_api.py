"""What an operator asks: is it alive, is it ready, how much does it do; and what it logs."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import URL, create_engine

from app.storage.database import create_database_engine
from tests.case_files import a_case_file, a_record
from tests.databases import new_database, text_of
from tests.registry import Caller, Registry, create_service


@contextmanager
def service_over(url: URL, folder: Path, portal: BlockingPortal) -> Iterator[Caller]:
    engine = create_database_engine(text_of(url))
    yield Caller(app=create_service(engine, folder), portal=portal, key="nacor_any")
    engine.dispose()


def test_a_service_with_all_it_needs_is_ready(registry: Registry) -> None:
    assert registry.anyone().read("/healthz") == {"status": "alive"}
    assert registry.anyone().read("/readyz") == {"status": "ready"}


def test_without_its_database_it_lives_and_is_not_ready(
    database_url: URL, tmp_path: Path, portal: BlockingPortal
) -> None:
    nowhere = database_url.set(database="there_is_none")
    with service_over(nowhere, tmp_path, portal) as caller:
        assert caller.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/counts?practice_id=12345&performance_year=2024"):
            answer = caller.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["type"].endswith("/docs/problems/service-busy")


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
    assert 'route="/v1/submissions"' in figures
    for telling in (receipt["id"], "12345", "891234567", "1234567893"):
        assert telling not in figures


def test_a_replayed_submission_is_not_counted_again(registry: Registry) -> None:
    vendor = registry.vendor()
    vendor.submit(a_case_file())
    vendor.submit(a_case_file())
    figures = registry.anyone().get("/metrics").text
    assert 'nacor_submissions_total{status="accepted"} 1.0' in figures


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
