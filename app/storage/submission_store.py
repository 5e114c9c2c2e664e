"""Submissions, their records' outcomes and their findings."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import PracticeId
from app.domain.submissions import (
    FindingCounts,
    FindingKinds,
    OnError,
    RecordCounts,
    RecordOutcome,
    RecordResult,
    Submission,
    SubmissionStatus,
)
from app.storage.copying import copy_json, copy_rows, copy_text
from app.storage.database import driver_connection
from app.storage.locks import BYTES_OF_A_FILE
from app.storage.tables import (
    submission_finding_counts,
    submission_findings,
    submission_records,
    submissions,
)


class SubmissionStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_bytes(self, sha256: str) -> None:
        """Let one transaction at a time keep these bytes or give up the file that holds them."""
        hashed = func.hashtextextended(sha256, BYTES_OF_A_FILE)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def add(self, submission: Submission, *, api_key: UUID) -> None:
        self._connection.execute(
            insert(submissions).values(
                practice_id=submission.practice_id,
                id=submission.id,
                sandbox=submission.sandbox,
                status=submission.status.value,
                on_error=submission.on_error.value,
                file_name=submission.file_name,
                sha256=submission.sha256,
                bytes=submission.bytes,
                api_key_id=api_key,
                received_at=submission.received_at,
            )
        )

    def same_bytes(
        self, practice: PracticeId, sha256: str, *, on_error: OnError, sandbox: bool
    ) -> Submission | None:
        """The first submission of these bytes that would end alike today.

        One that failed would not, nor one refused because its version was closed on that day.
        """
        row = self._connection.execute(
            select(submissions)
            .where(
                submissions.c.practice_id == practice,
                submissions.c.sha256 == sha256,
                submissions.c.on_error == on_error.value,
                submissions.c.sandbox == sandbox,
                submissions.c.status != SubmissionStatus.FAILED.value,
                not_(_refused_for_its_day()),
            )
            .order_by(submissions.c.received_at, submissions.c.id)
            .limit(1)
        ).first()
        return None if row is None else _submission(row)

    def lock_unfinished(self, submission_id: UUID) -> Submission | None:
        """Lock a submission for processing; None when another process finished it meanwhile."""
        row = self._connection.execute(
            select(submissions)
            .where(submissions.c.id == submission_id, submissions.c.finished_at.is_(None))
            .with_for_update()
        ).first()
        return None if row is None else _submission(row)

    def find_abandoned(self) -> UUID | None:
        """An unfinished submission that nobody works on: whoever works on one has locked it."""
        return self._connection.execute(
            select(submissions.c.id)
            .where(submissions.c.finished_at.is_(None))
            .order_by(submissions.c.received_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()

    def add_results(
        self, practice: PracticeId, submission: UUID, results: Sequence[RecordResult]
    ) -> None:
        copy_rows(
            driver_connection(self._connection),
            "submission_records",
            (
                "practice_id",
                "submission_id",
                "number",
                "line",
                "anesthesia_record_id",
                "outcome",
                "case_id",
            ),
            (
                f"{practice}\t{submission}\t{result.number}\t{result.line}"
                f"\t{copy_text(result.anesthesia_record_id)}\t{result.outcome.value}"
                f"\t{result.case_id or copy_text(None)}"
                for result in results
            ),
        )

    def add_findings(
        self, practice: PracticeId, submission: UUID, findings: Iterable[Finding]
    ) -> None:
        copy_rows(
            driver_connection(self._connection),
            "submission_findings",
            ("practice_id", "submission_id", "number", "finding", "acceptance_id"),
            (
                f"{practice}\t{submission}\t{number}\t{copy_json(_stored(finding))}"
                f"\t{finding.acceptance or copy_text(None)}"
                for number, finding in enumerate(findings, start=1)
            ),
        )

    def add_kinds(self, practice: PracticeId, submission: UUID, kinds: FindingKinds) -> None:
        copy_rows(
            driver_connection(self._connection),
            "submission_finding_counts",
            ("practice_id", "submission_id", "code", "severity", "findings", "accepted"),
            (
                f"{practice}\t{submission}\t{code.value}\t{severity.value}"
                f"\t{number}\t{kinds.accepted.get((severity, code), 0)}"
                for (severity, code), number in kinds.found.items()
            ),
        )

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
    ) -> None:
        """Give the submission its end state. `failure_cause` is for the operator only."""
        counts, found = records or RecordCounts(), findings or FindingCounts()
        self._connection.execute(
            update(submissions)
            .where(
                submissions.c.practice_id == submission.practice_id,
                submissions.c.id == submission.id,
            )
            .values(
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
            )
        )

    def get(self, submission_id: UUID) -> Submission | None:
        row = self._connection.execute(
            select(submissions).where(submissions.c.id == submission_id)
        ).first()
        return None if row is None else _submission(row)

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
        return [_submission(row) for row in rows]

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
        return [_finding(row.finding, row.acceptance_id) for row in rows]

    def kinds_of(self, submission: Submission) -> FindingKinds:
        """Of all findings, also of those above the number that is kept."""
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

    def results_of(self, submission: Submission, *, after: int, limit: int) -> list[RecordResult]:
        rows = self._connection.execute(
            select(submission_records)
            .where(
                submission_records.c.practice_id == submission.practice_id,
                submission_records.c.submission_id == submission.id,
                submission_records.c.number > after,
            )
            .order_by(submission_records.c.number)
            .limit(limit)
        )
        return [
            RecordResult(
                number=row.number,
                line=row.line,
                anesthesia_record_id=row.anesthesia_record_id,
                outcome=RecordOutcome(row.outcome),
                case_id=row.case_id,
            )
            for row in rows
        ]

    def keeps_bytes(self, sha256: str) -> bool:
        """Whether any submission but rejected ones still needs these bytes."""
        return bool(self.kept_among([sha256]))

    def kept_among(self, hashes: Sequence[str]) -> set[str]:
        """Those of `hashes` whose bytes any submission but rejected ones still needs."""
        rows = self._connection.execute(
            select(submissions.c.sha256)
            .where(
                submissions.c.sha256.in_(hashes),
                submissions.c.status != SubmissionStatus.REJECTED.value,
            )
            .distinct()
        )
        return set(rows.scalars())


def _refused_for_its_day() -> ColumnElement[bool]:
    closed = (
        select(submission_findings.c.number)
        .where(
            submission_findings.c.practice_id == submissions.c.practice_id,
            submission_findings.c.submission_id == submissions.c.id,
            submission_findings.c.finding["code"].astext == FindingCode.VERSION_CLOSED.value,
        )
        .exists()
    )
    return and_(submissions.c.status == SubmissionStatus.REJECTED.value, closed)


def _submission(row: Row[Any]) -> Submission:
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
    )


_STORED: Final = tuple(each.name for each in fields(Finding) if each.name != "acceptance")


def _stored(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _STORED}


def _finding(stored: dict[str, Any], acceptance: UUID | None) -> Finding:
    return Finding(
        **{
            **stored,
            "code": FindingCode(stored["code"]),
            "severity": Severity(stored["severity"]),
            "scope": Scope(stored["scope"]),
            "expected": tuple(stored["expected"]),
        },
        acceptance=acceptance,
    )
