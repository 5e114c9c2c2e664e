"""The cases that disappear with the replacement of a period: found, listed, deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId
from app.domain.submissions import Submission
from app.storage.blobs.private_folders import make_private
from app.storage.cases.tombstones import bury

_BATCH: Final = 1_000
_COPIED_BYTES: Final = 1 << 16
_SPOOL_BYTES: Final = 1 << 20

# Whatever became of a record, the case that it names does not disappear. EXCEPT is quick also where
# the planner knows nothing yet of what this transaction has stored.
_DISAPPEARING: Final = """
    FROM (SELECT anesthesia_record_id FROM cases
          WHERE practice_id = %(practice)s AND sandbox = %(sandbox)s AND status <> 'deleted'
            AND date_of_service BETWEEN %(first_day)s AND %(last_day)s
          EXCEPT
          SELECT anesthesia_record_id FROM submission_records
          WHERE practice_id = %(practice)s AND submission_id = %(submission)s) unnamed
    JOIN cases c USING (anesthesia_record_id)
    WHERE c.practice_id = %(practice)s AND c.sandbox = %(sandbox)s
"""
# A sum of hashes does not depend on the order and needs no memory.
_EFFECT: Final = f"""
    WITH disappearing AS (SELECT c.case_id, c.version {_DISAPPEARING}),
    parts AS (
        SELECT concat_ws(' ', 'disappears', case_id, version) AS part FROM disappearing
        UNION ALL
        SELECT concat_ws(' ', r.number, r.outcome, c.version)
        FROM submission_records r LEFT JOIN cases c USING (practice_id, case_id)
        WHERE r.practice_id = %(practice)s AND r.submission_id = %(submission)s
    )
    SELECT (SELECT count(*) FROM disappearing),
           (SELECT sum(hashtextextended(part, 0)) FROM parts)
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What storing a file made of a period. Two of one `fingerprint` did the same."""

    would_delete: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisappearingCase:
    case_id: UUID
    anesthesia_record_id: str


class ReplacementCases:
    """Of one submission that replaces a period; never commits."""

    def __init__(self, connection: Connection, submission: Submission) -> None:
        period = submission.replaced_period
        assert period is not None, "it replaces a period"
        self._connection = connection
        self._practice: PracticeId = submission.practice_id
        self._submission = submission.id
        self._asked = {
            "practice": submission.practice_id,
            "submission": submission.id,
            "sandbox": submission.sandbox,
            "first_day": period.first_day,
            "last_day": period.last_day,
        }

    def count_stored(self) -> int:
        """The cases of the period, those on hold included."""
        row = self._connection.execute(
            """SELECT count(*) FROM cases
               WHERE practice_id = %(practice)s AND sandbox = %(sandbox)s AND status <> 'deleted'
                 AND date_of_service BETWEEN %(first_day)s AND %(last_day)s""",
            self._asked,
        ).fetchone()
        assert row is not None, "a count is one row"
        return int(row[0])

    def effect(self) -> Effect:
        """To be asked when the records of the file are stored and nothing is deleted yet."""
        row = self._connection.execute(_EFFECT, self._asked).fetchone()
        assert row is not None, "counts are one row"
        return Effect(would_delete=row[0], fingerprint=str(row[1]))

    @contextmanager
    def set_aside(self, folder: Path) -> Iterator[IO[bytes]]:
        """Write down which cases disappear, for `list_again` when all else is undone.

        A long list goes into a file of `folder` that has no name and ends with this.
        """
        make_private(folder)
        with (
            SpooledTemporaryFile(_SPOOL_BYTES, dir=str(folder)) as spool,
            self._connection.cursor() as cursor,
        ):
            found = f"SELECT c.practice_id, %(submission)s, c.case_id {_DISAPPEARING}"
            with cursor.copy(f"COPY ({found}) TO STDOUT", self._asked) as rows:
                for row in rows:
                    spool.write(row)
            spool.seek(0)
            yield spool

    def list_again(self, rows: IO[bytes]) -> None:
        """List the cases that were set aside, and no others."""
        self._connection.execute(
            """DELETE FROM period_replacement_cases
               WHERE practice_id = %(practice)s AND submission_id = %(submission)s""",
            self._asked,
        )
        statement = "COPY period_replacement_cases (practice_id, submission_id, case_id) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            while part := rows.read(_COPIED_BYTES):
                copy.write(part)

    def listed(self, *, after: UUID | None, limit: int) -> list[DisappearingCase]:
        """In the order of their ids, which is that of first arrival."""
        rows = self._connection.execute(
            """SELECT c.case_id, c.anesthesia_record_id
               FROM period_replacement_cases JOIN cases c USING (practice_id, case_id)
               WHERE practice_id = %(practice)s
                 AND period_replacement_cases.submission_id = %(submission)s
                 AND (%(after)s::uuid IS NULL OR case_id > %(after)s)
               ORDER BY case_id LIMIT %(limit)s""",
            {**self._asked, "after": after, "limit": limit},
        )
        return [DisappearingCase(case_id=row[0], anesthesia_record_id=row[1]) for row in rows]

    def delete_listed(self, *, reason: str, by: UUID, ended_by: str) -> None:
        after: UUID | None = None
        while listed := self.listed(after=after, limit=_BATCH):
            cases = [case.case_id for case in listed]
            bury(self._connection, self._practice, cases, reason=reason, by=by, ended_by=ended_by)
            after = cases[-1]
