"""Invoices as they are asked for, paid and credited."""

from datetime import UTC, date, datetime

from app.billing.invoicing import issue_credit
from app.domain.audit import Actor, AuditAction
from app.domain.billing import Invoice, OrderState, Payment
from app.domain.errors.billing import InvoiceConflict, InvoiceUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import OpenWork, UnitOfWork


def read_invoice(practice: PracticeId, number: str, *, open_work: OpenWork) -> Invoice:
    """Raises: InvoiceUnknown."""
    with open_work() as work:
        return _invoice(practice, number, work)


def list_invoices(
    *,
    practice: PracticeId | None = None,
    performance_year: int | None = None,
    after: str | None = None,
    limit: int | None = None,
    open_work: OpenWork,
) -> list[Invoice]:
    """In the order of their numbers; of every practice without one."""
    with open_work() as work:
        return work.invoices.listed(
            practice=practice, performance_year=performance_year, after=after, limit=limit
        )


def pay_invoice(
    practice: PracticeId,
    number: str,
    payment: Payment,
    by: Actor,
    *,
    day: date,
    open_work: OpenWork,
) -> Invoice:
    """Enter a payment; an order is paid with the last one on its invoice.

    Raises: InvoiceUnknown, InvoiceConflict, InvalidRequest when it is more than what is owed.
    """
    with open_work() as work:
        work.orders.lock(practice)
        invoice = _invoice(practice, number, work)
        _require_payable(invoice, payment, day)
        work.invoices.pay(invoice, payment, by, at=datetime.now(UTC))
        paid = _invoice(practice, number, work)
        if invoice.order_id is not None and paid.is_settled:
            work.orders.set_state(practice, invoice.order_id, OrderState.PAID)
        work.audit.record(
            by,
            AuditAction.INVOICE_PAID,
            practice=practice,
            about=("invoice", number),
            paid_on=payment.paid_on,
            cents=payment.cents,
            owed=paid.owed,
        )
        work.commit()
    return paid


def credit_invoice(
    practice: PracticeId, number: str, reason: str, by: Actor, *, day: date, open_work: OpenWork
) -> Invoice:
    """Return the credit. Raises: InvoiceUnknown, InvoiceConflict."""
    with open_work() as work:
        work.orders.lock(practice)
        credit = issue_credit(_invoice(practice, number, work), reason, by, day=day, work=work)
        work.commit()
    return credit


def _invoice(practice: PracticeId, number: str, work: UnitOfWork) -> Invoice:
    invoice = work.invoices.get(practice, number)
    if invoice is None:
        raise InvoiceUnknown("The practice has no invoice of this number.")
    return invoice


def _require_payable(invoice: Invoice, payment: Payment, day: date) -> None:
    if invoice.is_settled:
        raise InvoiceConflict("Nothing is owed on it.")
    if payment.cents > invoice.owed:
        raise InvalidRequest(f"cents: {invoice.owed} is owed, and no more is taken.")
    if payment.paid_on > day:
        raise InvalidRequest("paid_on: it lies in the future.")
