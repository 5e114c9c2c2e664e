"""Practices, their TINs, and the release of cases that were held for want of one."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection

from app.domain.identifiers import PracticeId, Tin
from app.storage.locks import CASES_OF_A_PRACTICE
from app.storage.totals import add_to_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    id: PracticeId
    name: str
    tins: tuple[Tin, ...]


class PracticeStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, practice: PracticeId) -> Practice | None:
        row = self._connection.execute(
            "SELECT name FROM practices WHERE id = %s", (practice,)
        ).fetchone()
        if row is None:
            return None
        return Practice(id=practice, name=row[0], tins=self._tins(practice))

    def exists(self, practice: PracticeId) -> bool:
        found = self._connection.execute("SELECT FROM practices WHERE id = %s", (practice,))
        return found.rowcount == 1

    def save(self, practice: PracticeId, *, name: str) -> None:
        self._connection.execute(
            """INSERT INTO practices (id, name) VALUES (%s, %s)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name""",
            (practice, name),
        )

    def add_tin(self, practice: PracticeId, tin: Tin) -> None:
        self._connection.execute(
            """INSERT INTO practice_tins (practice_id, tin) VALUES (%s, %s)
               ON CONFLICT DO NOTHING""",
            (practice, tin),
        )

    def release_held(self, practice: PracticeId) -> int:
        """Count the held cases whose TINs are all registered by now; return how many."""
        rows = self._connection.execute(
            """
            UPDATE cases c SET status = 'active'
            WHERE c.practice_id = %(practice)s AND c.status = 'held' AND NOT EXISTS (
                SELECT FROM case_staff s
                WHERE s.practice_id = c.practice_id AND s.case_id = c.case_id
                  AND s.tin NOT IN (
                      SELECT tin FROM practice_tins WHERE practice_id = %(practice)s))
            RETURNING c.case_id
            """,
            {"practice": practice},
        ).fetchall()
        released: list[UUID] = [row[0] for row in rows]
        add_to_totals(self._connection, practice, released)
        return len(released)

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time change the cases of `practice`."""
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cases of ' || %s, %s))",
            (practice, CASES_OF_A_PRACTICE),
        )

    def _tins(self, practice: PracticeId) -> tuple[Tin, ...]:
        rows = self._connection.execute(
            "SELECT tin FROM practice_tins WHERE practice_id = %s ORDER BY tin", (practice,)
        )
        return tuple(Tin(row[0]) for row in rows)
