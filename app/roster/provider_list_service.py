"""The lock of a provider list: what holds on a day, and the orders of an operator."""

from datetime import UTC, date, datetime

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.errors.requests import InvalidRequest
from app.domain.roster_changes import ListOrder
from app.roster.provider_lists import ListState, shipped_windows, state_of
from app.storage.unit_of_work import OpenWork, UnitOfWork


def read_list_state(performance_year: int, *, day: date, open_work: OpenWork) -> ListState:
    orders = list_orders(performance_year, open_work=open_work)
    order = orders[0] if orders else None
    return state_of(performance_year, day, windows=shipped_windows(), order=order)


def list_orders(performance_year: int, *, open_work: OpenWork) -> list[ListOrder]:
    """What operators have ordered about the list of a year, the newest first."""
    with open_work() as work:
        return work.roster_history.orders_of(performance_year)


def lock_list(
    performance_year: int,
    actor: Actor,
    *,
    opens_on: date | None,
    reason: str,
    day: date,
    open_work: OpenWork,
) -> ListState:
    """Lock it from now on. Raises: InvalidRequest when it would open before tomorrow."""
    if opens_on is not None and opens_on <= day:
        raise InvalidRequest("opens_on: it must be a day to come.")
    order = ListOrder(
        id=uuids.uuid7(),
        performance_year=performance_year,
        locks=True,
        given_on=day,
        opens_on=opens_on,
        reason=reason,
        at=datetime.now(UTC),
        by=actor,
    )
    return _given(order, open_work=open_work)


def unlock_list(
    performance_year: int, actor: Actor, *, reason: str, day: date, open_work: OpenWork
) -> ListState:
    """Open it from now on, until a window that is still to come."""
    order = ListOrder(
        id=uuids.uuid7(),
        performance_year=performance_year,
        locks=False,
        given_on=day,
        opens_on=None,
        reason=reason,
        at=datetime.now(UTC),
        by=actor,
    )
    return _given(order, open_work=open_work)


def _given(order: ListOrder, *, open_work: OpenWork) -> ListState:
    with open_work() as work:
        work.roster_history.lock_lists()
        work.roster_history.order(order)
        _record(order, work)
        work.commit()
    return state_of(order.performance_year, order.given_on, windows=shipped_windows(), order=order)


def _record(order: ListOrder, work: UnitOfWork) -> None:
    """It is about every practice, so it stands in the chain of none."""
    done = AuditAction.PROVIDER_LIST_LOCKED if order.locks else AuditAction.PROVIDER_LIST_UNLOCKED
    work.audit.record(
        order.by,
        done,
        practice=None,
        about=("provider-list-order", order.id),
        reason=order.reason,
        performance_year=order.performance_year,
    )
