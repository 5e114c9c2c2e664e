"""Letters that confirm orders, registrations and invoices, and how far each came."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.confirmations import Confirmation, Occasion
from app.domain.identifiers import PracticeId
from app.domain.notices import NoticeProgress
from app.storage.tables.notice_progress import progress_columns, progress_of
from app.storage.tables.notices import confirmations


class ConfirmationStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, confirmation: Confirmation) -> None:
        self._connection.execute(
            insert(confirmations).values(
                practice_id=confirmation.practice_id,
                id=confirmation.id,
                address=confirmation.address,
                created_at=confirmation.created_at,
                **asdict(confirmation.occasion),
                **progress_columns(confirmation.progress),
            )
        )

    def of_year(self, practice: PracticeId, performance_year: int) -> list[Confirmation]:
        """In the order in which they were put on their way."""
        rows = self._connection.execute(
            select(confirmations)
            .where(
                confirmations.c.practice_id == practice,
                confirmations.c.performance_year == performance_year,
            )
            .order_by(confirmations.c.id)
        )
        return [_confirmation(row) for row in rows]

    def lock(self, practice: PracticeId, confirmation_id: UUID) -> Confirmation | None:
        """Let nobody else send it meanwhile; None when somebody does."""
        row = self._connection.execute(
            select(confirmations)
            .where(confirmations.c.practice_id == practice, confirmations.c.id == confirmation_id)
            .with_for_update(skip_locked=True)
        ).first()
        return None if row is None else _confirmation(row)

    def record(self, confirmation: Confirmation, progress: NoticeProgress) -> None:
        self._connection.execute(
            update(confirmations)
            .where(
                confirmations.c.practice_id == confirmation.practice_id,
                confirmations.c.id == confirmation.id,
            )
            .values(**progress_columns(progress))
        )


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        occasion=Occasion(
            performance_year=row.performance_year,
            order_id=row.order_id,
            registration=row.registration,
            invoice_number=row.invoice_number,
        ),
        address=row.address,
        created_at=row.created_at,
        progress=progress_of(row),
    )
