"""Invoices as CSV for an accounting system, and as PDF for people."""

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.billing import Invoice
from app.domain.money import money
from app.domain.spreadsheets import guarded_cell
from app.web.typesetting import typeset

COLUMNS: Final = (
    *("number", "kind", "practice_id", "practice", "performance_year", "issued_on", "due_on"),
    *("line", "description", "quantity", "unit_cents", "amount_cents", "currency"),
    *("credits", "paid_on", "credited_by", "paid_cents", "owed_cents"),
)
_TEMPLATE: Final = Path(__file__).parent / "data" / "invoice.typ"


def invoices_as_csv(invoices: Iterable[Invoice]) -> bytes:
    """A row for each line of each invoice; amounts in whole cents."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for invoice in invoices:
        for row in _rows(invoice):
            writer.writerow(_guarded(cell) for cell in row)
    return text.getvalue().encode()


def invoice_as_pdf(invoice: Invoice) -> bytes:
    """The invoice as it was issued: the same bytes whenever it is asked for."""
    return typeset(_template(), _as_shown(invoice))


def _rows(invoice: Invoice) -> list[tuple[object, ...]]:
    settled = (invoice.credits or "", invoice.paid_on or "", invoice.credited_by or "")
    return [
        (
            *(invoice.number, invoice.kind.value, invoice.practice_id, invoice.bill_to["name"]),
            *(invoice.performance_year, invoice.issued_on, invoice.due_on),
            *(place, line.description, line.quantity, line.unit_cents, line.amount),
            *(invoice.currency, *settled, invoice.paid, invoice.owed),
        )
        for place, line in enumerate(invoice.lines, 1)
    ]


def _guarded(cell: object) -> object:
    """Amounts below zero are numbers, not formulas."""
    return guarded_cell(cell) if isinstance(cell, str) else cell


def _as_shown(invoice: Invoice) -> dict[str, Any]:
    """Nothing of what happened after the issue: a printed invoice stays the same."""
    return {
        "title": "Credit" if invoice.credits else "Invoice",
        "number": invoice.number,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.currency,
        "issuer": invoice.issuer,
        "bill_to": _address_lines(invoice),
        "credits": invoice.credits,
        "reason": invoice.reason,
        "payment_instructions": invoice.payment_instructions,
        "lines": [
            [line.description, f"{line.quantity:,}", money(line.unit_cents), money(line.amount)]
            for line in invoice.lines
        ],
        "total": money(invoice.total),
    }


def _address_lines(invoice: Invoice) -> list[str]:
    to = invoice.bill_to
    address = to["address"]
    where = (
        []
        if address is None
        else [address["street"], f"{address['city']}, {address['state']} {address['zip_code']}"]
    )
    return [to["name"], *where, to["contact"], f"Practice {to['practice_id']}"]


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
