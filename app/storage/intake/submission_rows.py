"""Rows of the submissions, turned into submissions."""

from typing import Any

from app.domain.identifiers import PracticeId
from app.domain.periods import parse_period
from app.domain.replacements import Replacement
from app.domain.submissions import (
    FindingCounts,
    OnError,
    RecordCounts,
    Submission,
    SubmissionStatus,
)


def submission_of(row: Any) -> Submission:  # noqa: ANN401 - of SQLAlchemy or of psycopg
    """Of a replacement it has the period alone: `with_replacements` tells the rest."""
    return Submission(
        id=row.id,
        practice_id=PracticeId(row.practice_id),
        sandbox=row.sandbox,
        status=SubmissionStatus(row.status),
        on_error=OnError(row.on_error),
        file_name=row.file_name,
        sha256=row.sha256,
        bytes=row.bytes,
        received_at=row.received_at,
        schema_version=row.schema_version,
        finished_at=row.finished_at,
        records=RecordCounts(
            created=row.created,
            replaced=row.replaced,
            unchanged=row.unchanged,
            held=row.held,
            rejected=row.rejected,
        ),
        valid_records=row.valid,
        findings=FindingCounts(
            error=row.errors,
            warning=row.warnings,
            accepted=row.findings_accepted,
            total=row.findings_total,
        ),
        failure_cause=row.failure_cause,
        attempts=row.attempts,
        purged_at=row.purged_at,
        replacement=_replacement(row.replace_period),
    )


def _replacement(name: str | None) -> Replacement | None:
    return None if name is None else Replacement(period=parse_period(name))
