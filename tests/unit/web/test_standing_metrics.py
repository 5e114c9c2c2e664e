"""Figures that are read from the database when they are asked for, and not too often."""

from datetime import UTC, datetime, timedelta

from prometheus_client import generate_latest

from app.domain.errors.service import ServiceBusy
from app.domain.operations import JobsStanding, Standing, UnfinishedFiles
from app.web.metrics import Metrics
from app.web.standing_metrics import StandingFigures


class Database:
    """Answers with what waits, unless it is away, and counts how often it was asked."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0

    def __call__(self) -> Standing:
        self.asked += 1
        if self.is_away:
            raise ServiceBusy(retry_after=10)
        oldest = datetime.now(UTC) - timedelta(hours=1)
        waiting = UnfinishedFiles(status="received", files=self.asked, bytes=7, oldest=oldest)
        return Standing(
            lanes=5,
            jobs=(JobsStanding(queue="case_files", state="todo", jobs=3),),
            files=(waiting,),
            notices=(),
            backfills=(),
        )


def test_they_are_read_every_five_seconds_and_left_out_without_a_database() -> None:
    now = [100.0]
    database, metrics = Database(), Metrics()
    metrics.add(StandingFigures(database, clock=lambda: now[0]))
    assert database.asked == 0

    told = generate_latest(metrics.registry).decode()
    assert "nacor_worker_lanes 5.0" in told
    assert 'nacor_queue_jobs{queue="case_files",state="todo"} 3.0' in told
    assert 'nacor_submissions_unfinished{status="received"} 1.0' in told
    assert 'nacor_submissions_oldest_unfinished_seconds{status="received"} 36' in told

    now[0] += 4.9
    assert 'nacor_submissions_unfinished{status="received"} 1.0' in _text(metrics)
    now[0] += 0.1
    assert 'nacor_submissions_unfinished{status="received"} 2.0' in _text(metrics)
    now[0] += 5
    database.is_away = True
    assert "nacor_worker_lanes" not in _text(metrics)
    assert "nacor_http_request_duration_seconds" in _text(metrics)


def _text(metrics: Metrics) -> str:
    return metrics.as_text().decode()
