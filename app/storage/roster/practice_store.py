"""Practices, their TINs, and the release of cases that were held for want of one."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId, Tin
from app.domain.roster import RegisteredTins
from app.domain.spans import Span
from app.storage.figures.totals import add_to_totals, recount_group, take_from_totals
from app.storage.locks import CASES_OF_A_PRACTICE

_RETRY_SECONDS: Final = 10
UNREGISTERED_STAFF: Final = """
    EXISTS (
        SELECT FROM case_staff s LEFT JOIN practice_tins t
            ON t.practice_id = s.practice_id AND t.tin = s.tin
           AND c.date_of_service >= coalesce(t.valid_from, '-infinity')
           AND c.date_of_service <= coalesce(t.valid_until, 'infinity')
        WHERE s.practice_id = c.practice_id AND s.case_id = c.case_id
          AND s.practice_id = %(practice)s AND t.tin IS NULL)
"""
"""Whether a TIN among the staff of the case `c` is not registered for its date of service."""


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

    def ids(self) -> list[PracticeId]:
        rows = self._connection.execute("SELECT id FROM practices ORDER BY id")
        return [PracticeId(row[0]) for row in rows]

    def save(self, practice: PracticeId, *, name: str) -> None:
        self._connection.execute(
            """INSERT INTO practices (id, name) VALUES (%s, %s)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name""",
            (practice, name),
        )

    def release_held(self, practice: PracticeId) -> int:
        """Count the held cases whose TINs are all registered by now; return how many."""
        rows = self._connection.execute(
            f"""
            UPDATE cases c SET status = 'active'
            WHERE c.practice_id = %(practice)s AND c.status = 'held' AND NOT {UNREGISTERED_STAFF}
            RETURNING c.case_id
            """,  # noqa: S608 - a condition of ours
            {"practice": practice},
        ).fetchall()
        released: list[UUID] = [row[0] for row in rows]
        add_to_totals(self._connection, practice, released)
        return len(released)

    def hold_unregistered(self, practice: PracticeId) -> int:
        """Hold the counted cases with a TIN that is not registered any more; return how many."""
        rows = self._connection.execute(
            f"""
            SELECT c.case_id FROM cases c
            WHERE c.practice_id = %(practice)s AND c.status = 'active' AND {UNREGISTERED_STAFF}
            """,  # noqa: S608 - a condition of ours
            {"practice": practice},
        ).fetchall()
        held: list[UUID] = [row[0] for row in rows]
        if not held:
            return 0
        take_from_totals(self._connection, practice, held)
        self._connection.execute(
            "UPDATE cases SET status = 'held' WHERE practice_id = %s AND case_id = ANY(%s)",
            (practice, held),
        )
        return len(held)

    def recount_group(self, practice: PracticeId, group_id: UUID, performance_year: int) -> None:
        """Count the cases of a subgroup or virtual group as the roster has it now."""
        recount_group(self._connection, practice, group_id, performance_year)

    def lock(self, practice: PracticeId, *, at_most_seconds: float | None = None) -> None:
        """Let one transaction at a time change the cases of `practice`.

        Raises: ServiceBusy when another one holds it for longer than `at_most_seconds`.
        """
        timeout = None if at_most_seconds is None else f"{round(at_most_seconds * 1_000)}ms"
        try:
            self._connection.execute(
                """SELECT set_config(
                              'lock_timeout',
                              coalesce(%s::text, current_setting('lock_timeout')),
                              true
                          ),
                          pg_advisory_xact_lock(hashtextextended('cases of ' || %s, %s))""",
                (timeout, practice, CASES_OF_A_PRACTICE),
            )
        except LockNotAvailable:
            raise ServiceBusy(retry_after=_RETRY_SECONDS) from None

    def registered_tins(self, practice: PracticeId) -> RegisteredTins:
        """None of a practice that is not registered."""
        rows = self._connection.execute(
            "SELECT tin, valid_from, valid_until FROM practice_tins WHERE practice_id = %s",
            (practice,),
        )
        return RegisteredTins({Tin(row[0]): Span(first=row[1], last=row[2]) for row in rows})

    def _tins(self, practice: PracticeId) -> tuple[Tin, ...]:
        rows = self._connection.execute(
            "SELECT tin FROM practice_tins WHERE practice_id = %s ORDER BY tin", (practice,)
        )
        return tuple(Tin(row[0]) for row in rows)
