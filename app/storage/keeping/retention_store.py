"""Policies of retention, legal holds, and the purges that were begun."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from app.domain.identifiers import PracticeId
from app.domain.retention import LegalHold, Purge, PurgeCounts, RetentionPolicy
from app.storage.locks import RETENTION_OF_A_PRACTICE

_COUNTS: Final = ("cases", "counted", "versions", "submissions")


class RetentionStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time place a hold, begin a purge or purge a batch."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            (practice, RETENTION_OF_A_PRACTICE),
        )

    def policy(self, practice: PracticeId) -> RetentionPolicy | None:
        """None: the practice has asked for nothing else than every practice has."""
        found = self._rows("SELECT * FROM retention_policies WHERE practice_id = %s", practice)
        return RetentionPolicy(**found[0]) if found else None

    def purging_by_themselves(self) -> list[RetentionPolicy]:
        found = self._rows(
            "SELECT * FROM retention_policies WHERE purges_by_itself ORDER BY practice_id"
        )
        return [RetentionPolicy(**row) for row in found]

    def save_policy(self, policy: RetentionPolicy) -> None:
        self._connection.execute(
            """INSERT INTO retention_policies (practice_id, years, purges_by_itself)
               VALUES (%(practice_id)s, %(years)s, %(purges_by_itself)s)
               ON CONFLICT (practice_id) DO UPDATE
               SET years = excluded.years, purges_by_itself = excluded.purges_by_itself""",
            asdict(policy),
        )

    def hold(self, practice: PracticeId, hold_id: UUID) -> LegalHold | None:
        found = self._rows(
            "SELECT * FROM legal_holds WHERE practice_id = %s AND id = %s", practice, hold_id
        )
        return LegalHold(**found[0]) if found else None

    def holds(
        self, practice: PracticeId, *, before: UUID | None = None, limit: int | None = None
    ) -> list[LegalHold]:
        """The newest first, lifted ones too."""
        found = self._rows(
            """SELECT * FROM legal_holds
               WHERE practice_id = %s AND (%s::uuid IS NULL OR id < %s)
               ORDER BY id DESC LIMIT %s""",
            *(practice, before, before, limit),
        )
        return [LegalHold(**row) for row in found]

    def is_on_hold(self, practice: PracticeId) -> bool:
        return bool(
            self._rows(
                "SELECT id FROM legal_holds WHERE practice_id = %s AND lifted_at IS NULL LIMIT 1",
                practice,
            )
        )

    def place_hold(self, hold: LegalHold) -> None:
        self._connection.execute(
            """INSERT INTO legal_holds (practice_id, id, reason, placed_at, placed_by)
               VALUES (%(practice_id)s, %(id)s, %(reason)s, %(placed_at)s, %(placed_by)s)""",
            asdict(hold),
        )

    def lift_hold(self, hold: LegalHold, *, at: datetime, by: str | None, reason: str) -> None:
        self._connection.execute(
            """UPDATE legal_holds SET lifted_at = %s, lifted_by = %s, lift_reason = %s
               WHERE practice_id = %s AND id = %s""",
            (at, by, reason, hold.practice_id, hold.id),
        )

    def begin_purge(self, purge: Purge) -> None:
        self._connection.execute(
            """INSERT INTO purges (practice_id, id, older_than, reason, started_at,
                   cases, counted, versions, submissions, is_stopped)
               VALUES (%s, %s, %s, %s, %s, 0, 0, 0, 0, false)""",
            (purge.practice_id, purge.id, purge.older_than, purge.reason, purge.started_at),
        )

    def purge(self, practice: PracticeId, purge_id: UUID) -> Purge:
        [found] = self._rows(
            "SELECT * FROM purges WHERE practice_id = %s AND id = %s", practice, purge_id
        )
        return _purge(found)

    def purges(self, practice: PracticeId, *, limit: int) -> list[Purge]:
        """The newest first."""
        found = self._rows(
            "SELECT * FROM purges WHERE practice_id = %s ORDER BY id DESC LIMIT %s", practice, limit
        )
        return [_purge(row) for row in found]

    def unfinished_purges(self, practice: PracticeId | None = None) -> list[Purge]:
        """The oldest first; without `practice` those of all."""
        found = self._rows(
            """SELECT * FROM purges
               WHERE ended_at IS NULL AND (%s::text IS NULL OR practice_id = %s) ORDER BY id""",
            *(practice, practice),
        )
        return [_purge(row) for row in found]

    def is_purged_since(self, practice: PracticeId, moment: datetime) -> bool:
        """Whether a purge is under way, or has ended after `moment`."""
        found = self._rows(
            """SELECT id FROM purges
               WHERE practice_id = %s AND (ended_at IS NULL OR ended_at > %s) LIMIT 1""",
            *(practice, moment),
        )
        return bool(found)

    def add_to_purge(self, purge: Purge, done: PurgeCounts) -> None:
        self._connection.execute(
            """UPDATE purges
               SET cases = cases + %(cases)s, counted = counted + %(counted)s,
                   versions = versions + %(versions)s, submissions = submissions + %(submissions)s
               WHERE practice_id = %(practice)s AND id = %(id)s""",
            {**asdict(done), "practice": purge.practice_id, "id": purge.id},
        )

    def end_purge(self, purge: Purge, *, at: datetime, is_stopped: bool) -> None:
        self._connection.execute(
            "UPDATE purges SET ended_at = %s, is_stopped = %s WHERE practice_id = %s AND id = %s",
            (at, is_stopped, purge.practice_id, purge.id),
        )

    def _rows(self, question: str, *asked: object) -> list[dict[str, Any]]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(question.encode(), asked).fetchall()


def _purge(row: dict[str, Any]) -> Purge:
    counts = PurgeCounts(**{name: row.pop(name) for name in _COUNTS})
    return Purge(**row, done=counts)
