"""What a purge removes, a batch at a time; the totals stay in step in the same transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId
from app.domain.retention import PurgeCounts
from app.storage.billing.frozen_count_store import forget_frozen
from app.storage.figures.totals import add_to_purged_counts, take_from_totals

CASE_TABLES: Final = (
    *("case_versions", "case_staff", "measure_outcomes", "asc_outcomes", "case_payloads"),
    "backfill_moves",
    *("period_replacement_cases", "cases"),
)
"""Whatever has a row for a case, the case itself last."""
SUBMISSION_TABLES: Final = (
    *("submission_records", "submission_findings", "submission_progress"),
    "period_replacement_cases",
)
"""What is told of the records of a submission. The receipt, the number of findings of each code
and the figures of a replacement are no patient's data, and stay."""

_OLD_CASES: Final = "practice_id = %(practice)s AND date_of_service < %(older_than)s"
# A file is kept as long as one of its cases, and goes with the last of them whatever else is in it:
# records that were refused were never stored. One that never had a case goes when it is old.
_EMPTIED: Final = """
    s.practice_id = %(practice)s AND s.finished_at IS NOT NULL AND s.purged_at IS NULL
    AND NOT EXISTS (
        SELECT FROM submission_records r JOIN cases c USING (practice_id, case_id)
        WHERE r.practice_id = %(practice)s AND r.submission_id = s.id
          AND c.date_of_service >= %(older_than)s)
    AND (s.received_at < %(older_than)s::timestamp AT TIME ZONE 'UTC'
         OR s.created + s.replaced + s.unchanged + s.held > 0)
"""


class Purging:
    """Of one practice; never commits. Who calls it has the lock of the practice's cases."""

    def __init__(self, connection: Connection, practice: PracticeId, *, older_than: date) -> None:
        self._connection = connection
        self._practice = practice
        self._asked = {"practice": practice, "older_than": older_than}

    def preview(self) -> PurgeCounts:
        row = self._connection.execute(
            f"""
            SELECT count(*), count(*) FILTER (WHERE status = 'active' AND NOT sandbox),
                   (SELECT count(*) FROM case_versions JOIN cases USING (practice_id, case_id)
                    WHERE {_OLD_CASES}),
                   (SELECT count(*) FROM submissions s WHERE {_EMPTIED})
            FROM cases WHERE {_OLD_CASES}""",  # noqa: S608 - conditions of ours
            self._asked,
        ).fetchone()
        assert row is not None, "counts are one row"
        return PurgeCounts(cases=row[0], counted=row[1], versions=row[2], submissions=row[3])

    def purge_cases(self, *, at_most: int) -> PurgeCounts:
        """Remove some of the cases with their histories; none are left when it removes none."""
        rows = self._connection.execute(
            f"""SELECT case_id, status = 'active' AND NOT sandbox FROM cases WHERE {_OLD_CASES}
                ORDER BY case_id LIMIT %(limit)s""",  # noqa: S608 - a condition of ours
            {**self._asked, "limit": at_most},
        ).fetchall()
        cases: list[UUID] = [row[0] for row in rows]
        add_to_purged_counts(self._connection, self._practice, cases)
        take_from_totals(self._connection, self._practice, cases)
        forget_frozen(self._connection, self._practice, cases)
        removed = {
            table: self._connection.execute(
                f"DELETE FROM {table} WHERE practice_id = %s AND case_id = ANY(%s)".encode(),  # noqa: S608 - names of ours
                (self._practice, cases),
            ).rowcount
            for table in CASE_TABLES
        }
        return PurgeCounts(
            cases=removed["cases"],
            counted=sum(1 for row in rows if row[1]),
            versions=removed["case_versions"],
        )

    def purge_submissions(self, *, at_most: int, at: datetime) -> list[str]:
        """Empty some of the submissions of which no case is left; return what their files hash to.

        To be called when no case is left to be purged.
        """
        rows = self._connection.execute(
            f"""UPDATE submissions SET purged_at = %(at)s
                WHERE practice_id = %(practice)s AND id IN (
                    SELECT s.id FROM submissions s WHERE {_EMPTIED} ORDER BY s.id LIMIT %(limit)s)
                RETURNING id, sha256""",  # noqa: S608 - a condition of ours
            {**self._asked, "at": at, "limit": at_most},
        ).fetchall()
        self._empty([row[0] for row in rows])
        return [row[1] for row in rows]

    def _empty(self, submissions: Sequence[UUID]) -> None:
        for table in SUBMISSION_TABLES:
            self._connection.execute(
                f"DELETE FROM {table} WHERE practice_id = %s AND submission_id = ANY(%s)".encode(),  # noqa: S608 - names of ours
                (self._practice, list(submissions)),
            )
