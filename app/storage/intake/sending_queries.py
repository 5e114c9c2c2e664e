"""Reads what a practice has sent since a moment.

Ids of submissions are UUIDv7: those since a moment stand together in the primary keys, so that a
month is read without the years before it.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from app.domain.findings import FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.sending import FoundKind, Sent, SentInMonth
from app.storage.uuid_times import first_id_at

# One statement, for pages ask few: the months are rows without a code, the codes without a month.
_SENT: Final = sql("""
    WITH sent AS MATERIALIZED (
        SELECT id, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
               created + replaced + unchanged AS stored, held, rejected
        FROM submissions
        WHERE practice_id = :practice AND id >= :first AND NOT sandbox AND finished_at IS NOT NULL
    )
    SELECT month, NULL AS code, NULL AS severity, count(*) AS files, sum(stored) AS stored,
           sum(held) AS held, sum(rejected) AS rejected, 0 AS findings, 0 AS accepted
    FROM sent GROUP BY month
    UNION ALL
    SELECT NULL, code, severity, count(*), 0, 0, 0, sum(findings), sum(accepted)
    FROM submission_finding_counts f JOIN sent ON sent.id = f.submission_id
    WHERE f.practice_id = :practice AND f.submission_id >= :first
    GROUP BY code, severity
    ORDER BY month, code, severity
""")


class SendingQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sent(self, practice: PracticeId, *, since: datetime) -> Sent:
        asked = {"practice": practice, "first": first_id_at(since)}
        rows = self._connection.execute(_SENT, asked).all()
        return Sent(
            months=tuple(_month(row) for row in rows if row.code is None),
            kinds=tuple(_kind(row) for row in rows if row.code is not None),
        )


def _month(row: Row[Any]) -> SentInMonth:
    return SentInMonth(
        month=row.month,
        files=row.files,
        stored=int(row.stored),
        held=int(row.held),
        rejected=int(row.rejected),
    )


def _kind(row: Row[Any]) -> FoundKind:
    return FoundKind(
        code=FindingCode(row.code),
        severity=Severity(row.severity),
        files=row.files,
        findings=int(row.findings),
        accepted=int(row.accepted),
    )
