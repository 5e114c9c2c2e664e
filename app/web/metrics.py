"""Figures for Prometheus. No label holds a path, an id or a value: only templates and codes."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.registry import Collector

from app.domain.findings import FindingCode
from app.domain.submissions import RecordOutcome, Submission, SubmissionStatus
from app.web.observed import Observation

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_KNOWN_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Metrics:
    """Counts of one process, in a registry of its own: two applications do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "nacor_http_request_duration_seconds",
            "HTTP requests and how long they took",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._records = Counter(
            "nacor_records", "Records of submissions", ("outcome",), registry=self.registry
        )
        self._findings = Counter(
            "nacor_findings", "Findings in submissions", ("code",), registry=self.registry
        )
        self._submissions = Counter(
            "nacor_submissions", "Submissions that ended", ("status",), registry=self.registry
        )

    def add(self, figures: Collector) -> None:
        self.registry.register(figures)

    def observe(self, seen: Observation) -> None:
        method = seen.method if seen.method in _KNOWN_METHODS else "other"
        self._requests.labels(method, seen.route, str(seen.status)).observe(seen.seconds)

    def count_finished(self, submission: Submission, findings: Mapping[FindingCode, int]) -> None:
        self.count_submission(submission.status)
        for outcome, number in submission.records.by_outcome().items():
            self.count_records(outcome, number)
        for code, number in findings.items():
            self.count_findings(code, number)

    def count_records(self, outcome: RecordOutcome, number: int = 1) -> None:
        self._records.labels(outcome.value).inc(number)

    def count_findings(self, code: FindingCode, number: int = 1) -> None:
        self._findings.labels(code.value).inc(number)

    def count_submission(self, status: SubmissionStatus) -> None:
        self._submissions.labels(status.value).inc()

    def as_text(self) -> bytes:
        return generate_latest(self.registry)


router = APIRouter(tags=["operator"])


@router.get("/metrics", response_class=Response, include_in_schema=False)
def read_metrics(request: Request) -> Response:
    """Figures of this process in the text format of Prometheus."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.as_text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
