"""Exports that were asked for, and how far they are."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from app.domain.exports import Export, ExportStatus
from app.domain.identifiers import PracticeId


class ExportStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, export: Export) -> None:
        self._connection.execute(
            """INSERT INTO exports
                   (practice_id, id, status, asked_at, asked_by, attempts, parts_done)
               VALUES (%(practice_id)s, %(id)s, %(status)s, %(asked_at)s, %(asked_by)s, 0, 0)""",
            asdict(export),
        )

    def get(self, practice: PracticeId, export_id: UUID) -> Export | None:
        found = self._rows(
            "SELECT * FROM exports WHERE practice_id = %s AND id = %s", practice, export_id
        )
        return found[0] if found else None

    def listed(self, practice: PracticeId, *, before: UUID | None, limit: int) -> list[Export]:
        """The newest first."""
        return self._rows(
            """SELECT * FROM exports WHERE practice_id = %s AND (%s::uuid IS NULL OR id < %s)
               ORDER BY id DESC LIMIT %s""",
            *(practice, before, before, limit),
        )

    def under_way(self, practice: PracticeId) -> Export | None:
        found = self._rows(
            """SELECT * FROM exports
               WHERE practice_id = %s AND status IN ('waiting', 'running') ORDER BY id LIMIT 1""",
            practice,
        )
        return found[0] if found else None

    def begin(self, export: Export) -> None:
        self._connection.execute(
            """UPDATE exports SET status = 'running', attempts = attempts + 1, parts_done = 0
               WHERE practice_id = %s AND id = %s""",
            (export.practice_id, export.id),
        )

    def tell_progress(self, export: Export, *, parts_done: int, parts: int) -> None:
        self._connection.execute(
            "UPDATE exports SET parts_done = %s, parts = %s WHERE practice_id = %s AND id = %s",
            (parts_done, parts, export.practice_id, export.id),
        )

    def finish(self, done: Export) -> None:
        self._connection.execute(
            """UPDATE exports SET status = 'done', parts = %(parts)s, parts_done = %(parts)s,
                   finished_at = %(finished_at)s, expires_at = %(expires_at)s,
                   sha256 = %(sha256)s, bytes = %(bytes)s
               WHERE practice_id = %(practice_id)s AND id = %(id)s""",
            asdict(done),
        )

    def fail(self, export: Export, *, at: datetime) -> None:
        self._connection.execute(
            """UPDATE exports SET status = 'failed', finished_at = %s
               WHERE practice_id = %s AND id = %s""",
            (at, export.practice_id, export.id),
        )

    def expire_all(self, practice: PracticeId, *, at: datetime) -> list[str]:
        """Keep no export of the practice any longer; return the hashes of their files."""
        rows = self._connection.execute(
            """UPDATE exports SET expires_at = %(at)s
               WHERE practice_id = %(practice)s AND expires_at > %(at)s RETURNING sha256""",
            {"practice": practice, "at": at},
        )
        return [row[0] for row in rows]

    def _rows(self, question: str, *asked: object) -> list[Export]:
        with self._connection.cursor(row_factory=dict_row) as cursor:
            found: list[dict[str, Any]] = cursor.execute(question.encode(), asked).fetchall()
        return [Export(**{**row, "status": ExportStatus(row["status"])}) for row in found]
