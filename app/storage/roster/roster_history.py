"""Who changed what in a roster, and who locked a provider list.

Rows are only ever added, but for those of a registration that is removed when its time is over.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select

from app.domain.identifiers import PracticeId
from app.domain.roster_changes import ChangeAction, ListOrder, RosterChange
from app.storage.locks import PROVIDER_LISTS
from app.storage.tables.actor_columns import actor_of, actor_values
from app.storage.tables.roster import provider_list_orders as orders
from app.storage.tables.roster import roster_changes as changes


class RosterHistory:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, told: list[RosterChange]) -> None:
        if not told:
            return
        rows = [
            {
                "practice_id": each.practice_id,
                "id": each.id,
                "at": each.at,
                **actor_values(each.by),
                "kind": each.kind,
                "entry_id": each.entry_id,
                "action": each.action.value,
                "before": each.before,
                "after": each.after,
            }
            for each in told
        ]
        self._connection.execute(insert(changes), rows)

    def page(self, practice: PracticeId, *, before: UUID | None, limit: int) -> list[RosterChange]:
        """The newest first."""
        asked = [changes.c.practice_id == practice]
        if before is not None:
            asked.append(changes.c.id < before)
        rows = self._connection.execute(
            select(changes).where(*asked).order_by(changes.c.id.desc()).limit(limit)
        )
        return [_change(row) for row in rows]

    def of_kind(self, practice: PracticeId, kind: str) -> list[RosterChange]:
        """Every change of entries of a kind, the newest first."""
        rows = self._connection.execute(
            select(changes)
            .where(changes.c.practice_id == practice, changes.c.kind == kind)
            .order_by(changes.c.id.desc())
        )
        return [_change(row) for row in rows]

    def forget_year(self, practice: PracticeId, kind: str, performance_year: int) -> None:
        """Remove the changes of entries of a kind that are of a performance year."""
        of_year = changes.c.after["performance_year"].as_integer() == performance_year
        self._connection.execute(
            delete(changes).where(
                changes.c.practice_id == practice, changes.c.kind == kind, of_year
            )
        )

    def lock_lists(self) -> None:
        """Let no roster change while a provider list is locked or unlocked."""
        lists = func.hashtextextended("", PROVIDER_LISTS)
        self._connection.execute(select(func.pg_advisory_xact_lock(lists)))

    def order(self, order: ListOrder) -> None:
        self._connection.execute(
            insert(orders).values(
                performance_year=order.performance_year,
                id=order.id,
                at=order.at,
                **actor_values(order.by),
                locks=order.locks,
                given_on=order.given_on,
                opens_on=order.opens_on,
                reason=order.reason,
            )
        )

    def orders_of(self, performance_year: int) -> list[ListOrder]:
        """The newest first."""
        rows = self._connection.execute(
            select(orders)
            .where(orders.c.performance_year == performance_year)
            .order_by(orders.c.id.desc())
        )
        return [_order(row) for row in rows]

    def newest_orders(self) -> dict[int, ListOrder]:
        """By performance year, the order that was given last."""
        rows = self._connection.execute(select(orders).order_by(orders.c.id))
        return {row.performance_year: _order(row) for row in rows}


def _change(row: Row[Any]) -> RosterChange:
    return RosterChange(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        at=row.at,
        by=actor_of(row),
        kind=row.kind,
        entry_id=row.entry_id,
        action=ChangeAction(row.action),
        before=row.before,
        after=row.after,
    )


def _order(row: Row[Any]) -> ListOrder:
    return ListOrder(
        id=row.id,
        performance_year=row.performance_year,
        locks=row.locks,
        given_on=row.given_on,
        opens_on=row.opens_on,
        reason=row.reason,
        at=row.at,
        by=actor_of(row),
    )
