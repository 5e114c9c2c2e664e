"""Replacements of periods: previewed, confirmed, ended, undone."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.replacements import Preview, ReplacementEnd, UndoCounts
from app.domain.submissions import FindingCounts, Submission, SubmissionStatus
from app.storage.database import driver_connection
from app.storage.intake.replacement_cases import ReplacementCases
from app.storage.intake.replacement_rows import with_replacements
from app.storage.intake.submission_rows import submission_of
from app.storage.intake.submission_store import forget_progress
from app.storage.tables.replacements import period_replacements
from app.storage.tables.submissions import (
    submission_finding_counts,
    submission_findings,
    submissions,
)

_NOT_YET: dict[str, Any] = {"confirmed_at": None, "confirmed_by": None, "above_limit": False}


class ReplacementStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, submission_id: UUID) -> Submission:
        """Let one transaction at a time decide about a submission, and return it as it is."""
        row = self._connection.execute(
            select(submissions).where(submissions.c.id == submission_id).with_for_update()
        ).one()
        return with_replacements(self._connection, [submission_of(row)])[0]

    def cases(self, submission: Submission) -> ReplacementCases:
        return ReplacementCases(driver_connection(self._connection), submission)

    def confirmed_by(self, submission: Submission) -> UUID:
        row = self._connection.execute(
            select(period_replacements.c.confirmed_by).where(*_of(submission))
        )
        key: UUID = row.scalar_one()
        return key

    def undo_asked_by(self, submission: Submission) -> UUID:
        row = self._connection.execute(
            select(period_replacements.c.undo_asked_by).where(*_of(submission))
        )
        key: UUID = row.scalar_one()
        return key

    def keep_preview(
        self,
        submission: Submission,
        preview: Preview,
        *,
        schema_version: str | None,
        valid_records: int,
        findings: FindingCounts,
    ) -> None:
        """In place of an earlier one and its confirmation. The submission waits for another."""
        forget_progress(self._connection, submission)
        self._set(
            submission,
            status=SubmissionStatus.AWAITING_CONFIRMATION.value,
            schema_version=schema_version,
            valid=valid_records,
            errors=findings.error,
            warnings=findings.warning,
            findings_accepted=findings.accepted,
            findings_total=findings.total,
        )
        told = {**asdict(preview), **_NOT_YET}
        self._connection.execute(
            insert(period_replacements)
            .values(practice_id=submission.practice_id, submission_id=submission.id, **told)
            .on_conflict_do_update(index_elements=["practice_id", "submission_id"], set_=told)
        )

    def confirm(self, submission: Submission, *, by: UUID, above_limit: bool, at: datetime) -> None:
        """The submission waits for a worker again, with all its attempts before it."""
        self._change(submission, confirmed_at=at, confirmed_by=by, above_limit=above_limit)
        self._set(submission, status=SubmissionStatus.RECEIVED.value, attempts=0)

    def forget_findings(self, submission: Submission) -> None:
        """Those of a preview, before the file is read again."""
        for table in (submission_findings, submission_finding_counts):
            self._connection.execute(
                delete(table).where(
                    table.c.practice_id == submission.practice_id,
                    table.c.submission_id == submission.id,
                )
            )

    def end(self, submission: Submission, end: ReplacementEnd, *, by: UUID | None = None) -> None:
        deleted_at = func.now() if end is ReplacementEnd.REPLACED else None
        self._change(submission, end=end.value, ended_by=by, deleted_at=deleted_at)

    def ask_undo(self, submission: Submission, *, by: UUID, at: datetime) -> None:
        self._change(submission, undo_asked_at=at, undo_asked_by=by)

    def record_undo(self, submission: Submission, counts: UndoCounts, *, at: datetime) -> None:
        self._change(submission, undone_at=at, **asdict(counts))

    def lock_expired(self, *, made_before: datetime) -> Submission | None:
        """One whose preview is older, which nobody confirmed and nobody decides about now."""
        row = self._connection.execute(
            select(submissions)
            .join(
                period_replacements,
                (period_replacements.c.practice_id == submissions.c.practice_id)
                & (period_replacements.c.submission_id == submissions.c.id),
            )
            .where(
                submissions.c.finished_at.is_(None),
                submissions.c.status == SubmissionStatus.AWAITING_CONFIRMATION.value,
                period_replacements.c.made_at < made_before,
            )
            .limit(1)
            .with_for_update(of=submissions, skip_locked=True)
        ).first()
        if row is None:
            return None
        return with_replacements(self._connection, [submission_of(row)])[0]

    def _set(self, submission: Submission, **values: object) -> None:
        self._connection.execute(
            update(submissions)
            .where(
                submissions.c.practice_id == submission.practice_id,
                submissions.c.id == submission.id,
            )
            .values(**values)
        )

    def _change(self, submission: Submission, **values: object) -> None:
        self._connection.execute(
            update(period_replacements).where(*_of(submission)).values(**values)
        )


def _of(submission: Submission) -> tuple[Any, Any]:
    kept = period_replacements.c
    return kept.practice_id == submission.practice_id, kept.submission_id == submission.id
