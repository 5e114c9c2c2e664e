"""Orders of practices: placed, invoiced by staff, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.billing.invoicing import initial_lines, issue_credit, issue_initial
from app.billing.member_share import added_up, further_cases, total
from app.billing.program_years import billing_model, days_of
from app.domain.audit import Actor, AuditAction
from app.domain.billing import (
    BillingModel,
    Invoice,
    MemberShare,
    Order,
    OrderKind,
    OrderState,
    PriceList,
    Product,
    Quantities,
)
from app.domain.confirmations import Occasion
from app.domain.errors.billing import OrderConflict, OrderUnknown, PriceMissing
from app.domain.errors.reporting import RegistrationClosed
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.reporting.confirming import confirm
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """`cases` in a year that is billed by cases, `clinicians` in one that is by clinicians."""

    practice_id: PracticeId
    performance_year: int
    product: Product
    kind: OrderKind
    cases: int | None
    clinicians: Quantities
    ordered_by: Mapping[str, str]
    billing_contact: Mapping[str, str]
    is_renewal: bool | None = None
    providers: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orderer:
    actor: Actor
    is_staff: bool


def read_order(practice: PracticeId, order_id: UUID, *, open_work: OpenWork) -> Order:
    """Raises: OrderUnknown."""
    with open_work() as work:
        return _order(practice, order_id, work)


def list_orders(
    practice: PracticeId,
    *,
    performance_year: int | None,
    after: UUID | None,
    limit: int | None,
    open_work: OpenWork,
) -> list[Order]:
    """In the order in which they were placed, cancelled ones too."""
    with open_work() as work:
        return work.orders.listed(
            practice, performance_year=performance_year, after=after, limit=limit
        )


def orders_in_force(
    practice: PracticeId, performance_year: int, *, open_work: OpenWork
) -> list[Order]:
    """Those of a year that are not cancelled, the one that others add to first."""
    with open_work() as work:
        return work.orders.in_force(practice, performance_year)


def place_order(new: NewOrder, by: Orderer, *, day: date, open_work: OpenWork) -> Order:
    """Order for a program year; after its deadline only staff do.

    Raises: PracticeUnknown, RegistrationClosed, InvalidRequest, OrderConflict, PriceMissing,
    InvoiceConflict.
    """
    with open_work() as work:
        order = place_order_within(new, by, day=day, work=work)
        occasion = Occasion(performance_year=order.performance_year, order_id=order.id)
        confirm(order.practice_id, occasion, contacts_in(order), work)
        work.commit()
    return order


def place_order_within(new: NewOrder, by: Orderer, *, day: date, work: UnitOfWork) -> Order:
    """As `place_order`, in the transaction of `work` and without a letter."""
    if not work.practices.exists(new.practice_id):
        raise PracticeUnknown("No practice of this id is registered.")
    work.orders.lock(new.practice_id)
    _require_open(new, by, day)
    before = work.orders.in_force(new.practice_id, new.performance_year)
    _require_fitting(new, before)
    if new.kind is OrderKind.REPLACES:
        _take_back(before, by.actor, day=day, work=work)
        before = []
    order = _made(new, before, work)
    work.orders.add(order, by.actor)
    _tell(order, AuditAction.ORDER_PLACED, by.actor, work)
    return order


def contacts_in(order: Order) -> list[str]:
    """The addresses of who placed the order and of who gets its invoices."""
    return [each["mail"] for each in (order.ordered_by, order.billing_contact)]


def invoice_order(
    practice: PracticeId, order_id: UUID, by: Actor, *, day: date, open_work: OpenWork
) -> Invoice:
    """Issue the initial invoice. Raises: OrderUnknown, OrderConflict."""
    with open_work() as work:
        work.orders.lock(practice)
        order = _order(practice, order_id, work)
        _require_placed(order)
        invoice = issue_initial(order, by, day=day, work=work)
        occasion = Occasion(performance_year=order.performance_year, invoice_number=invoice.number)
        confirm(practice, occasion, contacts_in(order), work)
        work.commit()
    return invoice


def cancel_order(practice: PracticeId, order_id: UUID, by: Actor, *, open_work: OpenWork) -> Order:
    """Before it is invoiced; later its invoice is credited. Raises: OrderUnknown, OrderConflict."""
    with open_work() as work:
        work.orders.lock(practice)
        order = _order(practice, order_id, work)
        _require_placed(order)
        _cancel(order, by, work)
        cancelled = _order(practice, order_id, work)
        work.commit()
    return cancelled


def _order(practice: PracticeId, order_id: UUID, work: UnitOfWork) -> Order:
    order = work.orders.get(practice, order_id)
    if order is None:
        raise OrderUnknown("The practice has no order of this id.")
    return order


def _require_placed(order: Order) -> None:
    if order.state is not OrderState.PLACED:
        raise OrderConflict(f"The order is {order.state} already.")


def _require_open(new: NewOrder, by: Orderer, day: date) -> None:
    until = days_of(new.performance_year).registration_until
    if until is not None and day > until and not by.is_staff:
        raise RegistrationClosed("An order", until=until)


def _require_fitting(new: NewOrder, before: Sequence[Order]) -> None:
    if new.kind is OrderKind.NEW and before:
        raise OrderConflict("There is an order for this year: replace it or add to it.")
    if new.kind is not OrderKind.NEW and not before:
        raise OrderConflict("There is no order for this year yet: place a new one.")
    if new.kind is OrderKind.ADDS and before[0].product is not new.product:
        raise OrderConflict(f"The order for this year is for {before[0].product}.")
    if new.kind is OrderKind.REPLACES and any(each.state is OrderState.PAID for each in before):
        raise OrderConflict("The order is paid and cannot be replaced: add to it.")


def _take_back(orders: Sequence[Order], by: Actor, *, day: date, work: UnitOfWork) -> None:
    """Cancel them, and credit the invoices that were issued for them."""
    invoices = {
        each.order_id: each
        for each in work.invoices.listed(practice=orders[0].practice_id)
        if each.credits is None
    }
    for order in orders:
        if order.state is OrderState.INVOICED:
            reason = "The order is replaced."
            issue_credit(invoices[order.id], reason, by, day=day, work=work)
        _cancel(order, by, work)


def _cancel(order: Order, by: Actor, work: UnitOfWork) -> None:
    work.orders.set_state(order.practice_id, order.id, OrderState.CANCELLED)
    _tell(order, AuditAction.ORDER_CANCELLED, by, work)


def _made(new: NewOrder, before: Sequence[Order], work: UnitOfWork) -> Order:
    """What it adds to has decided on the share of members and the price list."""
    prices = _prices(new.performance_year, before, work)
    share = before[0].share if before else _share(new, work)
    order = Order(
        practice_id=new.practice_id,
        id=uuids.uuid7(),
        performance_year=new.performance_year,
        product=new.product,
        kind=new.kind,
        quantities=_quantities(new, before, share),
        share=share,
        price_version=prices.version,
        ordered_by=new.ordered_by,
        billing_contact=new.billing_contact,
        placed_at=datetime.now(UTC),
        is_renewal=new.is_renewal,
        providers=new.providers,
    )
    initial_lines(order, prices)  # so that it can be invoiced
    return order


def _prices(year: int, before: Sequence[Order], work: UnitOfWork) -> PriceList:
    if before:
        return work.orders.price_list(year, before[0].price_version)
    found = work.orders.price_lists(year)
    if not found:
        raise PriceMissing(f"No prices are entered for {year}.")
    return found[0]


def _share(new: NewOrder, work: UnitOfWork) -> MemberShare:
    share = work.billing.member_share(new.practice_id, new.performance_year)
    if share.clinicians == 0 and billing_model(new.performance_year) is BillingModel.CASES:
        raise OrderConflict(
            "The share of ASA members comes from the roster, and by it nobody works for the"
            f" practice in {new.performance_year}: enter clinicians and employments first."
        )
    return share


def _quantities(new: NewOrder, before: Sequence[Order], share: MemberShare) -> Quantities:
    if billing_model(new.performance_year) is BillingModel.CASES:
        if new.cases is None or new.clinicians:
            raise InvalidRequest(f"cases: {new.performance_year} is billed by cases alone.")
        ordered = total(added_up([each.quantities for each in before]))
        return further_cases(ordered, new.cases, share)
    if new.cases is not None or not total(new.clinicians):
        raise InvalidRequest(f"clinicians: {new.performance_year} is billed by clinicians alone.")
    if new.providers:
        raise InvalidRequest("providers: clinicians are what is ordered; tell them there.")
    return new.clinicians


def _tell(order: Order, action: AuditAction, by: Actor, work: UnitOfWork) -> None:
    work.audit.record(
        by,
        action,
        practice=order.practice_id,
        about=("order", order.id),
        performance_year=order.performance_year,
        product=order.product,
        kind=order.kind,
    )
