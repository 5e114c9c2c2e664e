"""Events on their way to webhooks."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, text, update

from app.domain.identifiers import PracticeId
from app.domain.notices import Delivery, EventType, NoticeProgress, NoticeState
from app.storage.tables.notice_progress import progress_columns, progress_of
from app.storage.tables.notices import webhook_deliveries as table

_IS_OPEN: Final = text("state IN ('pending', 'waiting')")  # word for word as the index has it
_DUE_AT: Final = func.coalesce(table.c.next_try_at, table.c.created_at)


class DeliveryStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delivery: Delivery) -> None:
        self._connection.execute(
            insert(table).values(
                id=delivery.id,
                webhook_id=delivery.webhook_id,
                event=delivery.event.value,
                practice_id=delivery.practice_id,
                submission_id=delivery.submission_id,
                body=delivery.body,
                created_at=delivery.created_at,
                **progress_columns(delivery.progress),
            )
        )

    def lock(self, delivery_id: UUID) -> Delivery | None:
        """Let nobody else try it meanwhile; None when somebody does, or when it is gone."""
        row = self._connection.execute(
            select(table).where(table.c.id == delivery_id).with_for_update(skip_locked=True)
        ).first()
        return None if row is None else _delivery(row)

    def lock_next(self, webhook: UUID, *, due_at: datetime) -> Delivery | None:
        """Lock what is due for the longest time; None when nothing is that nobody else tries."""
        row = self._connection.execute(
            select(table)
            .where(table.c.webhook_id == webhook, _IS_OPEN, due_at >= _DUE_AT)
            .order_by(_DUE_AT, table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        return None if row is None else _delivery(row)

    def next_due_at(self, webhook: UUID) -> datetime | None:
        """When the first of those that have not ended is to be tried; None: all have."""
        query = select(func.min(_DUE_AT)).where(table.c.webhook_id == webhook, _IS_OPEN)
        first: datetime | None = self._connection.execute(query).scalar_one()
        return first

    def are_open(self, webhook: UUID, *, more_than: int) -> bool:
        """Whether more than so many have not ended."""
        query = select(table.c.id).where(table.c.webhook_id == webhook, _IS_OPEN)
        return self._connection.execute(query.offset(more_than).limit(1)).first() is not None

    def get(self, webhook: UUID, delivery_id: UUID) -> Delivery | None:
        row = self._connection.execute(
            select(table).where(table.c.webhook_id == webhook, table.c.id == delivery_id)
        ).first()
        return None if row is None else _delivery(row)

    def of_webhook(
        self,
        webhook: UUID,
        *,
        practices: Collection[PracticeId],
        state: NoticeState | None,
        before: UUID | None,
        limit: int,
    ) -> list[Delivery]:
        """About `practices` or about none, newest first: ids grow with time. `state` None: any."""
        query = select(table).where(
            table.c.webhook_id == webhook,
            or_(table.c.practice_id.is_(None), table.c.practice_id.in_(practices)),
        )
        if state is not None:
            query = query.where(table.c.state == state.value)
        if before is not None:
            query = query.where(table.c.id < before)
        rows = self._connection.execute(query.order_by(table.c.id.desc()).limit(limit))
        return [_delivery(row) for row in rows]

    def record(self, delivery_id: UUID, progress: NoticeProgress) -> None:
        self._connection.execute(
            update(table).where(table.c.id == delivery_id).values(**progress_columns(progress))
        )

    def forget_ended(self, *, before: datetime) -> int:
        """Remove those that ended before; return how many."""
        return self._connection.execute(
            delete(table).where(
                table.c.state.in_((NoticeState.DELIVERED.value, NoticeState.DEAD.value)),
                table.c.tried_at < before,
            )
        ).rowcount


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event=EventType(row.event),
        practice_id=None if row.practice_id is None else PracticeId(row.practice_id),
        submission_id=row.submission_id,
        body=row.body,
        created_at=row.created_at,
        progress=progress_of(row),
    )
