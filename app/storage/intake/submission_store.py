"""Submissions, their records' outcomes and their findings."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from app.domain.findings import Finding, FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.domain.submissions import (
    FindingCounts,
    FindingKinds,
    OnError,
    Progress,
    RecordCounts,
    RecordResult,
    Submission,
    SubmissionStatus,
)
from app.storage.copying import FEW_ROWS, Rows, copy_json, copy_text, load_rows
from app.storage.database import driver_connection
from app.storage.intake.finding_rows import finding_of, stored_finding
from app.storage.intake.replacement_rows import with_replacements
from app.storage.intake.same_bytes import SAME_BYTES
from app.storage.intake.submission_rows import submission_of
from app.storage.intake.submission_statements import ADD, FINISH, FORGET_PROGRESS, GET
from app.storage.tables.submissions import (
    submission_finding_counts,
    submission_findings,
    submission_progress,
    submissions,
)


class SubmissionStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, submission: Submission, *, api_key: UUID, software: str | None = None) -> None:
        """`software`: the program that sent it, as it names itself."""
        ADD.ask(
            self._connection,
            practice_id=submission.practice_id,
            id=submission.id,
            sandbox=submission.sandbox,
            status=submission.status.value,
            on_error=submission.on_error.value,
            replace_period=_name_of(submission.replaced_period),
            file_name=submission.file_name,
            sha256=submission.sha256,
            bytes=submission.bytes,
            api_key_id=api_key,
            received_at=submission.received_at,
            attempts=submission.attempts,
            software=software,
        )

    def same_bytes(
        self,
        practice: PracticeId,
        sha256: str,
        *,
        on_error: OnError,
        sandbox: bool,
        replacing: Period | None,
    ) -> Submission | None:
        """The first submission of these bytes that would end alike today.

        One that failed would not, nor one refused because its version was closed on that day, nor
        the replacement of a period that was given up or undone, nor one that was purged.
        """
        row = SAME_BYTES.ask(
            self._connection,
            practice=practice,
            hash=sha256,
            when_wrong=on_error.value,
            in_sandbox=sandbox,
            period=_name_of(replacing),
        ).fetchone()
        return None if row is None else self._whole(submission_of(row))

    def add_results(
        self, practice: PracticeId, submission: UUID, results: Sequence[RecordResult]
    ) -> None:
        self._load(
            "submission_records",
            ("number", "line", "anesthesia_record_id", "outcome", "case_id"),
            [
                f"{practice}\t{submission}\t{result.number}\t{result.line}"
                f"\t{copy_text(result.anesthesia_record_id)}\t{result.outcome.value}"
                f"\t{result.case_id or copy_text(None)}"
                for result in results
            ],
        )

    def add_findings(
        self, practice: PracticeId, submission: UUID, findings: Iterable[Finding]
    ) -> None:
        self._load(
            "submission_findings",
            ("number", "finding", "acceptance_id"),
            [
                f"{practice}\t{submission}\t{number}\t{copy_json(stored_finding(finding))}"
                f"\t{finding.acceptance or copy_text(None)}"
                for number, finding in enumerate(findings, start=1)
            ],
        )

    def add_kinds(self, practice: PracticeId, submission: UUID, kinds: FindingKinds) -> None:
        self._load(
            "submission_finding_counts",
            ("code", "severity", "findings", "accepted"),
            [
                f"{practice}\t{submission}\t{code.value}\t{severity.value}"
                f"\t{number}\t{kinds.accepted.get((severity, code), 0)}"
                for (severity, code), number in kinds.found.items()
            ],
        )

    def _load(self, table: str, columns: tuple[str, ...], lines: list[str]) -> None:
        rows = Rows(table=table, columns=("practice_id", "submission_id", *columns), lines=lines)
        load_rows(driver_connection(self._connection), rows, few=len(lines) <= FEW_ROWS)

    def finish(
        self,
        submission: Submission,
        *,
        status: SubmissionStatus,
        schema_version: str | None = None,
        records: RecordCounts | None = None,
        valid_records: int = 0,
        findings: FindingCounts | None = None,
        failure_cause: str | None = None,
    ) -> Submission:
        """Give the submission its end state, and return it as `submission_of` does.

        `failure_cause` is for the operator only.
        """
        counts, found = records or RecordCounts(), findings or FindingCounts()
        row = FINISH.ask(
            self._connection,
            practice=submission.practice_id,
            submission=submission.id,
            status=status.value,
            schema_version=schema_version,
            finished_at=datetime.now(UTC),
            **asdict(counts),
            valid=valid_records,
            errors=found.error,
            warnings=found.warning,
            findings_accepted=found.accepted,
            findings_total=found.total,
            failure_cause=failure_cause,
        ).fetchone()
        return submission_of(row)

    def get(self, submission_id: UUID) -> Submission | None:
        row = GET.ask(self._connection, submission=submission_id).fetchone()
        if row is None:
            return None
        submission = self._whole(submission_of(row))
        if submission.status.is_final:
            return submission
        return replace(submission, progress=self._progress_of(submission))

    def _whole(self, submission: Submission) -> Submission:
        return with_replacements(self._connection, [submission])[0]

    def _progress_of(self, submission: Submission) -> Progress | None:
        told = submission_progress.c
        row = self._connection.execute(
            select(told.records_read, told.bytes_read).where(
                told.practice_id == submission.practice_id, told.submission_id == submission.id
            )
        ).first()
        if row is None:
            return None
        return Progress(records_read=row.records_read, bytes_read=row.bytes_read)

    def of_practice(
        self, practice: PracticeId, *, sandbox: bool, before: UUID | None, limit: int
    ) -> list[Submission]:
        """Newest first: ids are UUIDv7 and grow with time."""
        query = select(submissions).where(
            submissions.c.practice_id == practice, submissions.c.sandbox == sandbox
        )
        if before is not None:
            query = query.where(submissions.c.id < before)
        rows = self._connection.execute(query.order_by(submissions.c.id.desc()).limit(limit))
        return with_replacements(self._connection, [submission_of(row) for row in rows])

    def findings_of(
        self, submission: Submission, *, accepted: bool | None = None, limit: int | None = None
    ) -> list[Finding]:
        """The first ones of those that are kept: all, or those that are accepted, or the others."""
        kept = submission_findings.c
        query = select(kept.finding, kept.acceptance_id).where(
            kept.practice_id == submission.practice_id, kept.submission_id == submission.id
        )
        if accepted is not None:
            query = query.where(kept.acceptance_id.is_not(None) == accepted)
        rows = self._connection.execute(query.order_by(kept.number).limit(limit))
        return [finding_of(row.finding, row.acceptance_id) for row in rows]

    def kinds_of(self, submission: Submission) -> FindingKinds:
        """Of all findings, also of those above the number that is kept."""
        if submission.findings.total == 0:
            return FindingKinds(found={}, accepted={})
        counted = submission_finding_counts.c
        rows = self._connection.execute(
            select(counted.severity, counted.code, counted.findings, counted.accepted).where(
                counted.practice_id == submission.practice_id,
                counted.submission_id == submission.id,
            )
        ).all()
        kinds = [(Severity(row.severity), FindingCode(row.code)) for row in rows]
        return FindingKinds(
            found={kind: row.findings for kind, row in zip(kinds, rows, strict=True)},
            accepted={kind: row.accepted for kind, row in zip(kinds, rows, strict=True)},
        )


def forget_progress(connection: Connection, submission: Submission) -> None:
    FORGET_PROGRESS.ask(connection, practice=submission.practice_id, submission=submission.id)


def _name_of(period: Period | None) -> str | None:
    return None if period is None else period.name
