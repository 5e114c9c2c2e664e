"""Invoices, numbered without gaps; what was paid on them; the years that are reconciled."""

from datetime import date, datetime
from typing import Any, Final

import uuid_utils.compat as uuids
from sqlalchemy import Connection, Row, Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from app.domain.audit import Actor
from app.domain.billing import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Payment,
    YearReconciled,
)
from app.domain.identifiers import PracticeId
from app.storage.billing.quantities import quantities_as_json, quantities_of
from app.storage.tables.actor_columns import actor_values
from app.storage.tables.billing import (
    invoice_payments,
    invoice_series,
    invoices,
    reconciled_years,
)

_CREDITS: Final = invoices.alias("credits")
_COLUMNS: Final = (
    *("practice_id", "number", "performance_year", "issued_on", "due_on", "currency"),
    *("issuer", "payment_instructions", "bill_to", "order_id", "credits", "reason"),
)
"""Kept as they are; `kind` and `lines` are words and JSON."""


class InvoiceStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, year: int) -> str:
        """Of the series of `year`. Others wait: a transaction that fails takes its number back."""
        series = insert(invoice_series).values(year=year, last=1)
        last = self._connection.execute(
            series.on_conflict_do_update(
                index_elements=["year"], set_={"last": invoice_series.c.last + 1}
            ).returning(invoice_series.c.last)
        ).scalar_one()
        return f"{year}-{last:06}"

    def add(self, invoice: Invoice) -> None:
        kept = {name: getattr(invoice, name) for name in _COLUMNS}
        self._connection.execute(
            insert(invoices).values(
                **{**kept, "bill_to": dict(invoice.bill_to)},
                kind=invoice.kind.value,
                lines=[_line_as_json(line) for line in invoice.lines],
            )
        )

    def get(self, practice: PracticeId, number: str) -> Invoice | None:
        found = self._read(
            _QUERY.where(invoices.c.practice_id == practice, invoices.c.number == number)
        )
        return found[0] if found else None

    def listed(
        self,
        *,
        practice: PracticeId | None = None,
        performance_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Invoice]:
        """In the order of their numbers."""
        query = _QUERY.order_by(invoices.c.number).limit(limit)
        if practice is not None:
            query = query.where(invoices.c.practice_id == practice)
        if performance_year is not None:
            query = query.where(invoices.c.performance_year == performance_year)
        if after is not None:
            query = query.where(invoices.c.number > after)
        return self._read(query)

    def pay(self, invoice: Invoice, payment: Payment, by: Actor, *, at: datetime) -> None:
        self._connection.execute(
            insert(invoice_payments).values(
                practice_id=invoice.practice_id,
                number=invoice.number,
                id=uuids.uuid7(),
                paid_on=payment.paid_on,
                cents=payment.cents,
                reference=payment.reference,
                entered_at=at,
                **actor_values(by),
            )
        )

    def reconciled(self, practice: PracticeId, performance_year: int) -> YearReconciled | None:
        row = self._connection.execute(
            select(reconciled_years).where(
                reconciled_years.c.practice_id == practice,
                reconciled_years.c.performance_year == performance_year,
            )
        ).first()
        if row is None:
            return None
        return YearReconciled(
            practice_id=practice,
            performance_year=performance_year,
            ordered=quantities_of(row.ordered),
            submitted=quantities_of(row.submitted),
            invoice_number=row.invoice_number,
            reconciled_at=row.reconciled_at,
        )

    def keep_reconciled(self, year: YearReconciled) -> None:
        self._connection.execute(
            insert(reconciled_years).values(
                practice_id=year.practice_id,
                performance_year=year.performance_year,
                ordered=quantities_as_json(year.ordered),
                submitted=quantities_as_json(year.submitted),
                invoice_number=year.invoice_number,
                reconciled_at=year.reconciled_at,
            )
        )

    def _read(self, query: Select[Any]) -> list[Invoice]:
        return [_invoice(row) for row in self._connection.execute(query)]


_PAYMENT: Final = func.jsonb_build_object(
    *("paid_on", invoice_payments.c.paid_on),
    *("cents", invoice_payments.c.cents),
    *("reference", invoice_payments.c.reference),
)
_PAYMENTS: Final = (
    select(func.jsonb_agg(aggregate_order_by(_PAYMENT, invoice_payments.c.id)))
    .where(
        invoice_payments.c.practice_id == invoices.c.practice_id,
        invoice_payments.c.number == invoices.c.number,
    )
    .scalar_subquery()
)
_QUERY: Final = (
    select(
        invoices,
        _PAYMENTS.label("payments"),
        _CREDITS.c.number.label("credited_by"),
    )
    .select_from(invoices)
    .outerjoin(
        _CREDITS,
        and_(
            _CREDITS.c.practice_id == invoices.c.practice_id,
            _CREDITS.c.credits == invoices.c.number,
        ),
    )
)


def _invoice(row: Row[Any]) -> Invoice:
    kept = {name: row._mapping[name] for name in _COLUMNS}
    return Invoice(
        **kept,
        kind=InvoiceKind(row.kind),
        lines=tuple(InvoiceLine(**line) for line in row.lines),
        payments=tuple(_payment(each) for each in row.payments or ()),
        credited_by=row.credited_by,
    )


def _payment(stored: dict[str, Any]) -> Payment:
    return Payment(
        paid_on=date.fromisoformat(stored["paid_on"]),
        cents=stored["cents"],
        reference=stored["reference"],
    )


def _line_as_json(line: InvoiceLine) -> dict[str, Any]:
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit_cents": line.unit_cents,
    }
