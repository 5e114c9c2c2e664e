"""What an organization has sent: with which keys, and what became of it."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy import text as sql

from app.domain.findings import FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.sent_files import SentFile
from app.domain.submissions import FindingKind, RecordCounts, SubmissionStatus
from app.storage.uuid_times import first_id_at

_SENDERS: Final = sql("""
    SELECT id FROM api_keys WHERE organization_id = :organization
    UNION SELECT id FROM users WHERE organization_id = :organization
""")
_ORGANIZATION: Final = sql("SELECT organization_id FROM users WHERE id = :user")
# A row for each kind of finding of a file, those of a file together; one without for a file that
# has none.
_SENT: Final = sql("""
    WITH sent AS MATERIALIZED (
        SELECT practice_id, id, received_at, status, software, schema_version,
               created, replaced, unchanged, held, rejected
        FROM submissions
        WHERE api_key_id = ANY(:senders) AND id >= :first AND NOT sandbox
          AND finished_at IS NOT NULL
          AND (CAST(:within AS text[]) IS NULL OR practice_id = ANY(CAST(:within AS text[])))
        ORDER BY id DESC LIMIT :limit
    )
    SELECT s.*, c.severity, c.code, c.findings
    FROM sent s LEFT JOIN submission_finding_counts c
        ON c.practice_id = s.practice_id AND c.submission_id = s.id
    ORDER BY s.id DESC
""")


_ID: Final = 1
_SEVERITIES: Final = {each.value: each for each in Severity}
_CODES: Final = {each.value: each for each in FindingCode}
_STATUSES: Final = {each.value: each for each in SubmissionStatus}
"""Looked up, as there are tens of thousands: asking the class takes five times as long."""


class SenderQueries:
    def __init__(
        self, connection: Connection, unbound: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._unbound = unbound

    def organization_of(self, user_id: UUID) -> UUID | None:
        """Of somebody who is signed in: requests cannot look at users."""
        with self._unbound():
            return self._connection.execute(_ORGANIZATION, {"user": user_id}).scalar()

    def senders_of(self, organization_id: UUID) -> frozenset[UUID]:
        """The ids of its keys and users, also of those that have ended."""
        with self._unbound():
            found = self._connection.execute(_SENDERS, {"organization": organization_id})
            return frozenset(found.scalars())

    def sent_by(
        self,
        senders: Collection[UUID],
        *,
        within: frozenset[PracticeId] | None,
        since: datetime,
        limit: int,
    ) -> list[SentFile]:
        """The newest first, those that have ended; of `within` unless it is None."""
        asked = {
            "senders": list(senders),
            "within": None if within is None else sorted(within),
            "first": first_id_at(since),
            "limit": limit,
        }
        files: list[SentFile] = []
        found: dict[FindingKind, int] = {}
        for row in self._connection.execute(_SENT, asked):
            *file, severity, code, findings = tuple(row)
            if not files or files[-1].id != file[_ID]:
                found = {}
                files.append(_file(file, found))
            if code is not None:
                found[_SEVERITIES[severity], _CODES[code]] = findings
        return files


def _file(columns: Sequence[Any], found: dict[FindingKind, int]) -> SentFile:
    """Thousands make a page: a row is taken apart at once, not column by column."""
    practice, id_, received_at, status, software, version, *records = columns
    created, replaced, unchanged, held, rejected = records
    return SentFile(
        id=id_,
        practice_id=PracticeId(practice),
        received_at=received_at,
        status=_STATUSES[status],
        software=software,
        schema_version=version,
        records=RecordCounts(
            created=created, replaced=replaced, unchanged=unchanged, held=held, rejected=rejected
        ),
        found=found,
    )
