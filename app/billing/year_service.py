"""A program year of a practice: ordered against submitted, as it stands and for good."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.billing.count_service import cases_by_month
from app.billing.freezing import freeze_periods
from app.billing.head_count import head_count
from app.billing.invoicing import issue_final
from app.billing.member_share import added_up, split_cases, total
from app.billing.order_service import contacts_in
from app.billing.pricing import lines_for
from app.billing.program_years import billing_model, credentials_of, reconciled_from
from app.billing.reconciling import Pace, Reconciled, additional, pace_of, reconciled
from app.domain.audit import Actor, AuditAction
from app.domain.billing import (
    BillingModel,
    MemberShare,
    Order,
    OrderState,
    PriceList,
    Quantities,
    YearReconciled,
)
from app.domain.confirmations import Occasion
from app.domain.errors import RegistryError
from app.domain.errors.billing import NotReconcilable, PriceMissing
from app.domain.frozen_counts import final_period
from app.domain.identifiers import PracticeId
from app.reporting.confirming import confirm
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class YearBilling:
    """`orders` are those in force. `cents`: what is, or would be, invoiced in the end.

    `cents` is None where prices are missing or nothing is ordered. `pace` None: by clinicians, or
    before the first month is over, or reconciled; `at_pace` and `cents_at_pace` are what it leads
    to. `final` None: not reconciled yet.
    """

    practice_id: PracticeId
    performance_year: int
    model: BillingModel
    orders: tuple[Order, ...]
    items: tuple[Reconciled, ...]
    cents: int | None
    currency: str | None
    pace: Pace | None
    at_pace: tuple[Reconciled, ...]
    cents_at_pace: int | None
    final: YearReconciled | None
    may_be_withheld: bool


def look_at_year(
    practice: PracticeId, performance_year: int, *, day: date, open_work: OpenWork
) -> YearBilling:
    """As it is reconciled, or as it would be today."""
    with open_work() as work:
        orders = work.orders.in_force(practice, performance_year)
        final = work.invoices.reconciled(practice, performance_year)
        if final is None:
            by_month = cases_by_month(practice, performance_year, work)
            items = _items(practice, performance_year, orders, sum(by_month.values()), work)
        else:
            by_month = {}
            items = reconciled(final.ordered, final.submitted)
        model = billing_model(performance_year)
        pace = pace_of(by_month, day) if model is BillingModel.CASES else None
        at_pace: tuple[Reconciled, ...] = ()
        if pace is not None:
            at_pace = _items(practice, performance_year, orders, pace.cases, work)
        prices = _prices(orders, work)
        is_overdue = may_be_withheld(practice, performance_year, day=day, work=work)
    return YearBilling(
        practice_id=practice,
        performance_year=performance_year,
        model=model,
        orders=tuple(orders),
        items=items,
        cents=_cents(orders, items, prices),
        currency=None if prices is None else prices.currency,
        pace=pace,
        at_pace=at_pace,
        cents_at_pace=_cents(orders, at_pace, prices) if at_pace else None,
        final=final,
        may_be_withheld=is_overdue,
    )


def may_be_withheld(
    practice: PracticeId, performance_year: int, *, day: date, work: UnitOfWork
) -> bool:
    """Whether the registry may keep results of the year from CMS: its final invoice is overdue."""
    final = work.invoices.reconciled(practice, performance_year)
    if final is None or final.invoice_number is None:
        return False
    invoice = work.invoices.get(practice, final.invoice_number)
    return invoice is not None and not invoice.is_settled and day > invoice.due_on


def reconcile_year(
    practice: PracticeId, performance_year: int, by: Actor, *, day: date, open_work: OpenWork
) -> YearReconciled:
    """Once and for all: freeze the count of the year, and invoice what is additional.

    A year that is reconciled already is given as it is. Raises: NotReconcilable, PriceMissing.
    """
    _require_over(performance_year, day)
    with open_work() as work:
        work.orders.lock(practice)
        known = work.invoices.reconciled(practice, performance_year)
        if known is not None:
            return known
        orders = work.orders.in_force(practice, performance_year)
        _require_invoiced(orders)
        [frozen] = freeze_periods(practice, [final_period(performance_year)], by, work)
        items = _items(practice, performance_year, orders, frozen.cases, work)
        year = _reconciled(orders, items, by, day=day, work=work)
        work.commit()
    return year


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run over all practices came to for one: `problem` is the slug of why not."""

    practice_id: PracticeId
    year: YearReconciled | None
    problem: str | None


def reconcile_all(
    performance_year: int, by: Actor, *, day: date, open_work: OpenWork
) -> Iterator[Run]:
    """Every practice with cases or an order in the year, each in a transaction of its own.

    Raises: NotReconcilable before the first one.
    """
    _require_over(performance_year, day)
    for practice in _concerned(performance_year, open_work):
        try:
            year = reconcile_year(practice, performance_year, by, day=day, open_work=open_work)
        except RegistryError as error:
            yield Run(practice_id=practice, year=None, problem=error.slug)
        else:
            yield Run(practice_id=practice, year=year, problem=None)


def _concerned(performance_year: int, open_work: OpenWork) -> list[PracticeId]:
    with open_work() as work:
        return [
            practice
            for practice in work.practices.ids()
            if work.orders.in_force(practice, performance_year)
            or performance_year in work.frozen_counts.years_with_cases(practice)
        ]


def _require_over(performance_year: int, day: date) -> None:
    first_day = reconciled_from(performance_year)
    if day < first_day:
        raise NotReconcilable(f"{performance_year} is reconciled from {first_day} on.")


def _require_invoiced(orders: Sequence[Order]) -> None:
    if not orders:
        raise NotReconcilable("Nothing is ordered for this year.")
    if any(order.state is OrderState.PLACED for order in orders):
        raise NotReconcilable("An order waits for its invoice: issue it, or cancel the order.")


def _items(
    practice: PracticeId,
    performance_year: int,
    orders: Sequence[Order],
    cases: int,
    work: UnitOfWork,
) -> tuple[Reconciled, ...]:
    ordered = added_up([order.quantities for order in orders])
    if billing_model(performance_year) is BillingModel.CASES:
        share = orders[0].share if orders else _share(practice, performance_year, work)
        return reconciled(ordered, split_cases(cases, share))
    seen = work.billing.seen_clinicians(
        practice, performance_year, physicians=credentials_of("physicians")
    )
    return reconciled(ordered, head_count(seen))


def _share(practice: PracticeId, performance_year: int, work: UnitOfWork) -> MemberShare:
    """That of the roster today; of an empty one, nobody is a member."""
    share = work.billing.member_share(practice, performance_year)
    return share if share.clinicians else MemberShare(members=0, clinicians=1)


def _reconciled(
    orders: Sequence[Order],
    items: Sequence[Reconciled],
    by: Actor,
    *,
    day: date,
    work: UnitOfWork,
) -> YearReconciled:
    first, further = orders[0], additional(items)
    invoice = issue_final(first, further, by, day=day, work=work) if further else None
    if invoice is not None:
        occasion = Occasion(performance_year=first.performance_year, invoice_number=invoice.number)
        confirm(first.practice_id, occasion, contacts_in(first), work)
    year = YearReconciled(
        practice_id=first.practice_id,
        performance_year=first.performance_year,
        ordered={each.item: each.ordered for each in items},
        submitted={each.item: each.submitted for each in items},
        invoice_number=None if invoice is None else invoice.number,
        reconciled_at=datetime.now(UTC),
    )
    work.invoices.keep_reconciled(year)
    work.audit.record(
        by,
        AuditAction.YEAR_RECONCILED,
        practice=year.practice_id,
        performance_year=year.performance_year,
        ordered=total(year.ordered),
        submitted=total(year.submitted),
        additional=total(further),
    )
    return year


def _prices(orders: Sequence[Order], work: UnitOfWork) -> PriceList | None:
    if not orders:
        return None
    return work.orders.price_list(orders[0].performance_year, orders[0].price_version)


def _cents(
    orders: Sequence[Order], items: Sequence[Reconciled], prices: PriceList | None
) -> int | None:
    if prices is None:
        return None
    further: Quantities = additional(items)
    try:
        return sum(line.amount for line in lines_for(orders[0].product, further, prices))
    except PriceMissing:
        return None
