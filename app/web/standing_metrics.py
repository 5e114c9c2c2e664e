"""Figures of the registry as a whole, read from the database when Prometheus asks for them."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.domain.operations import Standing

_GOOD_FOR_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 2.0


class StandingFigures(Collector):
    """Every process tells the same. Where the database is away or slow they are left out.

    They are read at most every five seconds, for whoever asks needs no key; and nobody waits for
    them longer than two, for the other figures are needed most when the database is not well.
    """

    def __init__(
        self, read: Callable[[], Standing], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._readers = ThreadPoolExecutor(1)
        self._reading: Future[Standing] | None = None
        self._read_at = 0.0

    def describe(self) -> list[Metric]:
        """None: else they would be read when they are registered, before there is a database."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            standing = self._newest().result(timeout=_PATIENCE_SECONDS)
        except Exception:  # a database may be away in many ways
            return
        yield from _gauges(standing, datetime.now(UTC))

    def _newest(self) -> Future[Standing]:
        with self._lock:
            known, now = self._reading, self._clock()
            is_old = now - self._read_at >= _GOOD_FOR_SECONDS
            if known is None or (known.done() and is_old):
                known = self._reading = self._readers.submit(self._read)
                self._read_at = now
            return known


def _gauges(standing: Standing, now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "nacor_worker_lanes", "Queues that a living worker watches", value=standing.lanes
    )
    jobs = _labeled("nacor_queue_jobs", "Jobs in the queue", ("queue", "state"))
    for job in standing.jobs:
        jobs.add_metric((job.queue, job.state), job.jobs)
    yield jobs
    files = _labeled("nacor_submissions_unfinished", "Submissions without an end", ("status",))
    ages = _labeled(
        "nacor_submissions_oldest_unfinished_seconds", "The age of the oldest of them", ("status",)
    )
    for each in standing.files:
        files.add_metric((each.status,), each.files)
        ages.add_metric((each.status,), (now - each.oldest).total_seconds())
    yield files
    yield ages
    notices = _labeled("nacor_notices", "Notices, as long as they are kept", ("kind", "state"))
    for notice in standing.notices:
        notices.add_metric((notice.kind, notice.state), notice.notices)
    yield notices
    backfills = _labeled("nacor_backfills", "Backfills that have not ended", ("status",))
    left = _labeled("nacor_backfill_cases_left", "Cases that they have before them", ("status",))
    for backfill in standing.backfills:
        backfills.add_metric((backfill.status,), backfill.backfills)
        left.add_metric((backfill.status,), backfill.cases_left)
    yield backfills
    yield left


def _labeled(name: str, about: str, labels: tuple[str, ...]) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, labels=labels)
