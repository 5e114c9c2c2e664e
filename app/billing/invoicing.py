"""Issues invoices and credits, within the transaction of what they are for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from app.billing.pricing import credit_lines, fee_lines, lines_for
from app.billing.program_years import due_on
from app.domain.audit import Actor, AuditAction
from app.domain.billing import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Order,
    OrderKind,
    OrderState,
    PriceList,
    Quantities,
)
from app.domain.errors.billing import InvoiceConflict
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import UnitOfWork

_BILLING: Final = "billing"


def issue_initial(order: Order, by: Actor, *, day: date, work: UnitOfWork) -> Invoice:
    """For what is ordered, with the administrative fee where the order is the first of its year.

    Nothing is owed where everything is included with dues: then the order is paid.
    """
    prices = work.orders.price_list(order.performance_year, order.price_version)
    invoice = replace(
        _blank(order, InvoiceKind.INITIAL, prices, day=day, work=work),
        lines=initial_lines(order, prices),
        due_on=due_on(day),
        order_id=order.id,
    )
    _keep(invoice, by, work)
    state = OrderState.PAID if invoice.is_settled else OrderState.INVOICED
    work.orders.set_state(order.practice_id, order.id, state)
    return invoice


def initial_lines(order: Order, prices: PriceList) -> tuple[InvoiceLine, ...]:
    """What the initial invoice of an order asks for. Raises: PriceMissing."""
    lines = lines_for(order.product, order.quantities, prices)
    if order.kind is OrderKind.ADDS:
        return lines
    return lines + fee_lines(prices, clinicians=order.share.clinicians)


def issue_final(
    order: Order, additional: Quantities, by: Actor, *, day: date, work: UnitOfWork
) -> Invoice:
    """For what was submitted beyond what was ordered; `order` is the first of the year."""
    prices = work.orders.price_list(order.performance_year, order.price_version)
    invoice = replace(
        _blank(order, InvoiceKind.FINAL, prices, day=day, work=work),
        lines=lines_for(order.product, additional, prices),
        due_on=due_on(day, final_of=order.performance_year),
    )
    _keep(invoice, by, work)
    return invoice


def issue_credit(
    invoice: Invoice, reason: str, by: Actor, *, day: date, work: UnitOfWork
) -> Invoice:
    """Take all of an unpaid invoice back, by a document of its own; its order is cancelled.

    Raises: InvoiceConflict.
    """
    if invoice.kind is InvoiceKind.CREDIT:
        raise InvoiceConflict("A credit cannot be credited.")
    if invoice.payments:
        raise InvoiceConflict("Something is paid on it, and refunds are not issued.")
    if invoice.credited_by is not None:
        raise InvoiceConflict("It is credited already.")
    credit = replace(
        invoice,
        number=work.invoices.next_number(day.year),
        kind=InvoiceKind.CREDIT,
        issued_on=day,
        due_on=day,
        lines=credit_lines(invoice.lines),
        credits=invoice.number,
        reason=reason,
    )
    _keep(credit, by, work)
    if invoice.order_id is not None:
        work.orders.set_state(invoice.practice_id, invoice.order_id, OrderState.CANCELLED)
    return credit


def _blank(
    order: Order, kind: InvoiceKind, prices: PriceList, *, day: date, work: UnitOfWork
) -> Invoice:
    return Invoice(
        practice_id=order.practice_id,
        number=work.invoices.next_number(day.year),
        kind=kind,
        performance_year=order.performance_year,
        issued_on=day,
        due_on=day,
        currency=prices.currency,
        lines=(),
        issuer=prices.issuer,
        payment_instructions=prices.payment_instructions,
        bill_to=_bill_to(order.practice_id, order.billing_contact, work),
    )


def _bill_to(practice: PracticeId, contact: Mapping[str, str], work: UnitOfWork) -> dict[str, Any]:
    """The practice as it is known today; its address for bills, or else its first one."""
    details = work.roster.details(practice)
    assert details is not None, "a practice that orders is registered"
    for_bills = [each for each in details.addresses if each["purpose"].lower() == _BILLING]
    addresses = (*for_bills, *details.addresses)
    return {
        "practice_id": practice,
        "name": details.name,
        "contact": contact["name"],
        "mail": contact["mail"],
        "address": addresses[0] if addresses else None,
    }


def _keep(invoice: Invoice, by: Actor, work: UnitOfWork) -> None:
    work.invoices.add(invoice)
    work.audit.record(
        by,
        AuditAction.INVOICE_ISSUED,
        practice=invoice.practice_id,
        about=("invoice", invoice.number),
        reason=invoice.reason,
        kind=invoice.kind,
        performance_year=invoice.performance_year,
        cents=invoice.total,
        currency=invoice.currency,
    )
