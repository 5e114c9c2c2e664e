"""Who is reminded of feedback reports, and how far each letter came."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.feedback import FeedbackReminder
from app.domain.identifiers import PracticeId
from app.domain.notices import NoticeProgress
from app.storage.feedback.feedback_store import quarter_of, quarter_values
from app.storage.tables.feedback import feedback_reminders
from app.storage.tables.notice_progress import progress_columns, progress_of


class FeedbackReminderStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, reminder: FeedbackReminder) -> bool:
        """Return False, and add nothing, for a user who is reminded of the quarter already."""
        added = self._connection.execute(
            insert(feedback_reminders)
            .values(
                practice_id=reminder.practice_id,
                id=reminder.id,
                **quarter_values(reminder.quarter),
                user_id=reminder.user_id,
                created_at=reminder.created_at,
                **progress_columns(reminder.progress),
            )
            .on_conflict_do_nothing(
                index_elements=["practice_id", "performance_year", "quarter", "user_id"]
            )
            .returning(feedback_reminders.c.id)
        )
        return added.first() is not None

    def lock(self, reminder_id: UUID) -> FeedbackReminder | None:
        """Let nobody else send it meanwhile; None when somebody does, or when there is none."""
        row = self._connection.execute(
            select(feedback_reminders)
            .where(feedback_reminders.c.id == reminder_id)
            .with_for_update(skip_locked=True)
        ).first()
        return None if row is None else _reminder(row)

    def record(self, reminder: FeedbackReminder, progress: NoticeProgress) -> None:
        self._connection.execute(
            update(feedback_reminders)
            .where(
                feedback_reminders.c.practice_id == reminder.practice_id,
                feedback_reminders.c.id == reminder.id,
            )
            .values(**progress_columns(progress))
        )

    def listed(
        self, practice: PracticeId, *, before: UUID | None, limit: int
    ) -> list[FeedbackReminder]:
        """The newest first."""
        columns = feedback_reminders.c
        query = (
            select(feedback_reminders)
            .where(columns.practice_id == practice)
            .order_by(columns.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(columns.id < before)
        return [_reminder(row) for row in self._connection.execute(query)]


def _reminder(row: Row[Any]) -> FeedbackReminder:
    return FeedbackReminder(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        quarter=quarter_of(row),
        user_id=row.user_id,
        created_at=row.created_at,
        progress=progress_of(row),
    )
