"""Price lists, and the orders of practices."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from app.domain.audit import Actor
from app.domain.billing import (
    Item,
    MemberShare,
    Membership,
    Order,
    OrderKind,
    OrderState,
    Price,
    PriceList,
    Product,
    Unit,
)
from app.domain.identifiers import PracticeId
from app.storage.billing.quantities import quantities_as_json, quantities_of
from app.storage.locks import BILLING_OF_A_PRACTICE
from app.storage.tables.actor_columns import actor_values
from app.storage.tables.billing import orders, price_lists


class OrderStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time order, invoice and reconcile for the practice."""
        hashed = func.hashtextextended(practice, BILLING_OF_A_PRACTICE)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def price_lists(self, performance_year: int) -> list[PriceList]:
        """The newest first."""
        rows = self._connection.execute(
            select(price_lists)
            .where(price_lists.c.performance_year == performance_year)
            .order_by(price_lists.c.version.desc())
        )
        return [_price_list(row) for row in rows]

    def price_list(self, performance_year: int, version: int) -> PriceList:
        [found] = [each for each in self.price_lists(performance_year) if each.version == version]
        return found

    def add_price_list(self, prices: PriceList, by: Actor) -> None:
        self._connection.execute(
            insert(price_lists).values(
                performance_year=prices.performance_year,
                version=prices.version,
                currency=prices.currency,
                administrative_fee=prices.administrative_fee,
                prices=[_price_as_json(price) for price in prices.prices],
                issuer=prices.issuer,
                payment_instructions=prices.payment_instructions,
                entered_at=prices.entered_at,
                **actor_values(by),
            )
        )

    def get(self, practice: PracticeId, order_id: UUID) -> Order | None:
        row = self._connection.execute(
            select(orders).where(orders.c.practice_id == practice, orders.c.id == order_id)
        ).first()
        return None if row is None else _order(row)

    def listed(
        self,
        practice: PracticeId,
        *,
        performance_year: int | None = None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[Order]:
        """In the order in which they were placed, cancelled ones too."""
        asked = [orders.c.practice_id == practice]
        if performance_year is not None:
            asked.append(orders.c.performance_year == performance_year)
        if after is not None:
            asked.append(orders.c.id > after)
        rows = self._connection.execute(
            select(orders).where(*asked).order_by(orders.c.id).limit(limit)
        )
        return [_order(row) for row in rows]

    def in_force(self, practice: PracticeId, performance_year: int) -> list[Order]:
        """Those of the year that are not cancelled, the one that others add to first."""
        found = self.listed(practice, performance_year=performance_year)
        return [order for order in found if order.state is not OrderState.CANCELLED]

    def has_paid_order(self, practice: PracticeId, performance_years: Collection[int]) -> bool:
        found = self._connection.execute(
            select(orders.c.id).where(
                orders.c.practice_id == practice,
                orders.c.performance_year.in_(performance_years),
                orders.c.state == OrderState.PAID.value,
            )
        )
        return found.first() is not None

    def add(self, order: Order, by: Actor) -> None:
        self._connection.execute(
            insert(orders).values(
                practice_id=order.practice_id,
                id=order.id,
                performance_year=order.performance_year,
                product=order.product.value,
                kind=order.kind.value,
                quantities=quantities_as_json(order.quantities),
                members=order.share.members,
                clinicians=order.share.clinicians,
                price_version=order.price_version,
                ordered_by=dict(order.ordered_by),
                billing_contact=dict(order.billing_contact),
                placed_at=order.placed_at,
                is_renewal=order.is_renewal,
                providers=quantities_as_json(order.providers),
                state=order.state.value,
                **actor_values(by),
            )
        )

    def set_state(self, practice: PracticeId, order_id: UUID, state: OrderState) -> None:
        self._connection.execute(
            update(orders)
            .where(orders.c.practice_id == practice, orders.c.id == order_id)
            .values(state=state.value)
        )


def _price_list(row: Row[Any]) -> PriceList:
    return PriceList(
        performance_year=row.performance_year,
        version=row.version,
        currency=row.currency,
        administrative_fee=row.administrative_fee,
        prices=tuple(
            Price(
                product=Product(each["product"]),
                item=Item(Unit(each["unit"]), Membership(each["membership"])),
                cents=each["cents"],
            )
            for each in row.prices
        ),
        issuer=row.issuer,
        payment_instructions=row.payment_instructions,
        entered_at=row.entered_at,
    )


def _price_as_json(price: Price) -> dict[str, Any]:
    return {
        "product": price.product.value,
        "unit": price.item.unit.value,
        "membership": price.item.membership.value,
        "cents": price.cents,
    }


def _order(row: Row[Any]) -> Order:
    return Order(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        performance_year=row.performance_year,
        product=Product(row.product),
        kind=OrderKind(row.kind),
        quantities=quantities_of(row.quantities),
        share=MemberShare(members=row.members, clinicians=row.clinicians),
        price_version=row.price_version,
        ordered_by=row.ordered_by,
        billing_contact=row.billing_contact,
        placed_at=row.placed_at,
        is_renewal=row.is_renewal,
        providers=quantities_of(row.providers),
        state=OrderState(row.state),
    )
