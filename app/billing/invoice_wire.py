"""Invoices as JSON. Money is in whole cents."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.billing.price_wire import MOST
from app.domain.billing import (
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Payment,
)
from app.roster.wire_fields import Reason
from app.web.patterns import NO_CONTROL

_LINE: Final[JsonDict] = {
    "description": "Quality Reporting 2024: cases, ASA members",
    "quantity": 600,
    "unit_cents": 1,
    "amount_cents": 600,
}
_INVOICE: Final[JsonDict] = {
    "practice_id": "12345",
    "number": "2025-000001",
    "kind": "final",
    "performance_year": 2024,
    "issued_on": "2025-01-20",
    "due_on": "2025-03-15",
    "currency": "USD",
    "lines": [_LINE],
    "total_cents": 600,
    "issuer": "The registry",
    "payment_instructions": "",
    "bill_to": {
        "practice_id": "12345",
        "name": "Lakeside Anesthesia",
        "contact": "Robin Example",
        "mail": "robin@lakeside.example",
        "address": None,
    },
    "order_id": None,
    "credits": None,
    "reason": None,
    "payments": [{"paid_on": "2025-02-03", "cents": 200, "reference": "check 1017"}],
    "paid_cents": 200,
    "owed_cents": 400,
    "paid_on": None,
    "credited_by": None,
    "state": "partly_paid",
    "is_settled": False,
}
Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=NO_CONTROL)
]


class InvoiceLineOut(BaseModel):
    description: str
    quantity: int
    unit_cents: int
    amount_cents: int

    @classmethod
    def of(cls, line: InvoiceLine) -> "InvoiceLineOut":
        return cls(
            description=line.description,
            quantity=line.quantity,
            unit_cents=line.unit_cents,
            amount_cents=line.amount,
        )


class PaymentOut(BaseModel):
    paid_on: date
    cents: int
    reference: str

    @classmethod
    def of(cls, payment: Payment) -> "PaymentOut":
        return cls(paid_on=payment.paid_on, cents=payment.cents, reference=payment.reference)


class InvoiceOut(BaseModel):
    """All up to `reason` stays for ever as it was issued."""

    model_config = ConfigDict(json_schema_extra={"example": _INVOICE})

    practice_id: str
    number: str = Field(description="Year of issue and place in its series, which has no gaps.")
    kind: InvoiceKind
    performance_year: int
    issued_on: date
    due_on: date
    currency: str
    lines: list[InvoiceLineOut]
    total_cents: int = Field(description="Below zero on a credit.")
    issuer: str
    payment_instructions: str
    bill_to: dict[str, Any]
    order_id: UUID | None
    credits: str | None = Field(description="The invoice that this credit takes back.")
    reason: str | None
    payments: list[PaymentOut] = Field(description="In the order in which they were entered.")
    paid_cents: int
    owed_cents: int
    paid_on: date | None = Field(description="When it was paid in full; null: it is not.")
    credited_by: str | None
    state: InvoiceState
    is_settled: bool = Field(description="Nothing is owed on it.")

    @classmethod
    def of(cls, invoice: Invoice) -> "InvoiceOut":
        return cls(
            practice_id=invoice.practice_id,
            number=invoice.number,
            kind=invoice.kind,
            performance_year=invoice.performance_year,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            currency=invoice.currency,
            lines=[InvoiceLineOut.of(line) for line in invoice.lines],
            total_cents=invoice.total,
            issuer=invoice.issuer,
            payment_instructions=invoice.payment_instructions,
            bill_to=dict(invoice.bill_to),
            order_id=invoice.order_id,
            credits=invoice.credits,
            reason=invoice.reason,
            payments=[PaymentOut.of(payment) for payment in invoice.payments],
            paid_cents=invoice.paid,
            owed_cents=invoice.owed,
            paid_on=invoice.paid_on,
            credited_by=invoice.credited_by,
            state=invoice.state,
            is_settled=invoice.is_settled,
        )


class PaymentRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"paid_on": "2025-02-03", "cents": 200, "reference": "check 1017"}
        },
    )

    paid_on: date
    cents: Annotated[int, Field(gt=0, le=MOST)] = Field(
        description="At most what is owed; a part of it is a part."
    )
    reference: Reference = Field(
        default="", description="The payer's, as the number of a check or transfer."
    )

    def as_payment(self) -> Payment:
        return Payment(paid_on=self.paid_on, cents=self.cents, reference=self.reference)


class CreditRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "Ordered twice by mistake."}}
    )

    reason: Reason = Field(description="Stands on the credit.")
