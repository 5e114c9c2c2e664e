"""Deletes cases with a tombstone: they no longer count, their versions stay in their history."""

from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId
from app.storage.cases.case_store import keep_versions
from app.storage.figures.totals import take_from_totals


def bury(
    connection: Connection,
    practice: PracticeId,
    cases: list[UUID],
    *,
    reason: str,
    by: UUID,
    ended_by: str,
) -> None:
    """`ended_by` is what the history says of the versions that end with it."""
    take_from_totals(connection, practice, cases)
    keep_versions(connection, practice, cases, ended_by=ended_by)
    connection.execute(
        """UPDATE cases
           SET status = 'deleted', version = version + 1,
               deleted_at = now(), deletion_reason = %(reason)s, deleted_by = %(by)s
           WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)""",
        {"practice": practice, "cases": cases, "reason": reason, "by": by},
    )
