"""What the replacement of a period did to the cases, undone: each gets a further version.

A case is left as it is when it no longer stands as the replacement left it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from app.domain.submissions import Submission
from app.storage.cases.case_store import CaseStore, PreparedCase, keep_versions
from app.storage.cases.tombstones import bury
from app.storage.figures.totals import take_from_totals
from app.storage.sealing.records import RecordSeals

_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCase:
    """A replaced case as it was: `fields` are the columns by name.

    `payload` is its record; None where that is damaged.
    """

    case_id: UUID
    fields: Mapping[str, Any]
    payload: bytes | None

    @property
    def was_deleted(self) -> bool:
        return bool(self.fields["status"] == "deleted")

    @property
    def origin(self) -> tuple[UUID, str]:
        """The submission that the record came with, and its schema version."""
        return UUID(self.fields["submission_id"]), str(self.fields["schema_version"])


class ReplacementUndo:
    """Of one submission, on behalf of the key `by`; never commits."""

    def __init__(
        self, connection: Connection, submission: Submission, seals: RecordSeals, *, by: UUID
    ) -> None:
        self._connection = connection
        self._seals = seals
        self._practice = submission.practice_id
        self._sandbox = submission.sandbox
        self._by = by
        self._ended_by = f"undo of submission {submission.id} by key {by}"
        self._asked = {
            "practice": submission.practice_id,
            "submission": submission.id,
            "ended_by": f"submission {submission.id}",
            "limit": _BATCH,
        }

    def count_touched(self) -> int:
        """How many cases the replacement deleted, replaced and created."""
        row = self._connection.execute(
            """SELECT (SELECT count(*) FROM period_replacement_cases
                       WHERE practice_id = %(practice)s AND submission_id = %(submission)s)
                    + (SELECT count(*) FROM submission_records
                       WHERE practice_id = %(practice)s AND submission_id = %(submission)s
                         AND outcome IN ('created', 'replaced', 'held'))""",
            self._asked,
        ).fetchone()
        assert row is not None, "a count is one row"
        return int(row[0])

    def restore(self, *, deleted_at: datetime) -> int:
        """Bring back, as held, what disappeared at that moment; return how many cases."""
        found = """
            SELECT case_id FROM period_replacement_cases l JOIN cases c USING (practice_id, case_id)
            WHERE practice_id = %(practice)s AND l.submission_id = %(submission)s
              AND c.status = 'deleted' AND c.deleted_at = %(deleted_at)s
              AND case_id > %(after)s
            ORDER BY case_id LIMIT %(limit)s"""
        number = 0
        for cases in self._batches(found, deleted_at=deleted_at):
            self._bring_back(cases)
            number += len(cases)
        return number

    def remove_created(self, *, reason: str) -> int:
        """Delete what the file brought in first; return how many cases."""
        found = """
            SELECT c.case_id FROM submission_records r JOIN cases c USING (practice_id, case_id)
            WHERE practice_id = %(practice)s AND r.submission_id = %(submission)s
              AND c.submission_id = r.submission_id AND c.status <> 'deleted'
              AND NOT EXISTS (SELECT FROM case_versions v
                              WHERE v.practice_id = c.practice_id AND v.case_id = c.case_id
                                AND v.ended_by = %(ended_by)s)
              AND case_id > %(after)s
            ORDER BY case_id LIMIT %(limit)s"""
        number = 0
        for cases in self._batches(found):
            bury(
                self._connection,
                self._practice,
                cases,
                reason=reason,
                by=self._by,
                ended_by=self._ended_by,
            )
            number += len(cases)
        return number

    def earlier_cases(self) -> Iterator[list[EarlierCase]]:
        """Yield what the file replaced, as it was before, a batch at a time."""
        after = UUID(int=0)
        while rows := self._connection.execute(
            """SELECT c.case_id, v."row", v.data_key, v.payload
               FROM submission_records r
               JOIN cases c USING (practice_id, case_id)
               JOIN case_versions v USING (practice_id, case_id)
               WHERE practice_id = %(practice)s AND r.submission_id = %(submission)s
                 AND c.submission_id = r.submission_id AND c.status <> 'deleted'
                 AND v.ended_by = %(ended_by)s
                 AND case_id > %(after)s
               ORDER BY case_id LIMIT %(limit)s""",
            {**self._asked, "after": after},
        ).fetchall():
            yield [
                EarlierCase(
                    case_id=case_id,
                    fields=fields,
                    payload=self._seals.open_if_whole(case_id, data_key, stored),
                )
                for case_id, fields, data_key, stored in rows
            ]
            after = rows[-1][0]

    def revert(self, origin: tuple[UUID, str], cases: list[PreparedCase]) -> None:
        """Store the earlier records of cases again, for the submission that they came with."""
        submission, schema_version = origin
        store = CaseStore(
            self._connection,
            practice_id=self._practice,
            seals=self._seals,
            sandbox=self._sandbox,
            submission_id=submission,
            schema_version=schema_version,
            same_content=lambda kept, sent: False,
            ended_by=self._ended_by,
        )
        store.save(cases)
        store.count()

    def bury_again(self, cases: list[UUID]) -> None:
        """Give back their tombstones to cases that were deleted before the file replaced them."""
        take_from_totals(self._connection, self._practice, cases)
        keep_versions(self._connection, self._practice, cases, ended_by=self._ended_by)
        self._connection.execute(
            """UPDATE cases c
               SET status = 'deleted', version = c.version + 1,
                   deleted_at = (v."row"->>'deleted_at')::timestamptz,
                   deletion_reason = v."row"->>'deletion_reason',
                   deleted_by = (v."row"->>'deleted_by')::uuid
               FROM case_versions v
               WHERE c.practice_id = %(practice)s AND c.case_id = ANY(%(cases)s)
                 AND v.practice_id = c.practice_id AND v.case_id = c.case_id
                 AND v.ended_by = %(ended_by)s""",
            {**self._asked, "cases": cases},
        )

    def _batches(self, found: str, **asked: object) -> Iterator[list[UUID]]:
        after = UUID(int=0)
        while rows := self._connection.execute(
            found.encode(), {**self._asked, **asked, "after": after}
        ).fetchall():
            yield [row[0] for row in rows]
            after = rows[-1][0]

    def _bring_back(self, cases: list[UUID]) -> None:
        keep_versions(self._connection, self._practice, cases, ended_by=self._ended_by)
        self._connection.execute(
            """UPDATE cases
               SET status = 'held', version = version + 1, stored_at = now(),
                   deleted_at = NULL, deletion_reason = NULL, deleted_by = NULL
               WHERE practice_id = %(practice)s AND case_id = ANY(%(cases)s)""",
            {"practice": self._practice, "cases": cases},
        )
