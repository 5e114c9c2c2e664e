"""What is ordered, priced, invoiced and paid. Money is whole cents of a currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.identifiers import PracticeId


class Product(StrEnum):
    """What the registry sells for a program year; published words."""

    BASIC = "nacor_basic"
    BENCHMARKING = "nacor_benchmarking"
    QUALITY_REPORTING = "quality_reporting"
    QUALITY_CONCIERGE = "quality_concierge"


class BillingModel(StrEnum):
    """What a program year is billed by: cases from 2024 on, clinicians before; published words."""

    CASES = "cases"
    CLINICIANS = "clinicians"


class Unit(StrEnum):
    """What is counted and has a price; published words."""

    CASE = "case"
    PHYSICIAN = "physician_anesthesiologist"
    CARE_TEAM = "care_team_clinician"
    INDEPENDENT = "independent_nurse_anesthetist"


class Membership(StrEnum):
    """Whether at the rate of members of the ASA; published words."""

    MEMBER = "member"
    NON_MEMBER = "non_member"


@dataclass(frozen=True, slots=True, order=True)
class Item:
    unit: Unit
    membership: Membership


Quantities = Mapping[Item, int]
"""How many of each; an item that is not there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShare:
    """How many of the clinicians of a practice are members of the ASA in a year."""

    members: int
    clinicians: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """`cents` for one of the item."""

    product: Product
    item: Item
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """What staff entered for a program year; `version` counts from 1, none is ever changed.

    `administrative_fee` in cents, None: not entered. `issuer` and `payment_instructions` are text
    for invoices.
    """

    performance_year: int
    version: int
    currency: str
    administrative_fee: int | None
    prices: tuple[Price, ...]
    issuer: str
    payment_instructions: str
    entered_at: datetime

    def cents_for(self, product: Product, item: Item) -> int | None:
        for price in self.prices:
            if price.product is product and price.item == item:
                return price.cents
        return None


class OrderKind(StrEnum):
    """What an order is to those of its year; published words."""

    NEW = "new"
    REPLACES = "replaces"
    ADDS = "adds"


class OrderState(StrEnum):
    """Published words."""

    PLACED = "placed"
    INVOICED = "invoiced"
    PAID = "paid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a practice orders for a program year.

    `share` is that of its roster when it was placed, and of the order it adds to. The price list
    is the newest of that moment. The contacts are as the practice wrote them. `is_renewal` None:
    not told. `providers` are the clinicians that the practice tells, in a year that is billed by
    cases: nothing is worked out from them.
    """

    practice_id: PracticeId
    id: UUID
    performance_year: int
    product: Product
    kind: OrderKind
    quantities: Quantities
    share: MemberShare
    price_version: int
    ordered_by: Mapping[str, str]
    billing_contact: Mapping[str, str]
    placed_at: datetime
    is_renewal: bool | None = None
    providers: Quantities = field(default_factory=dict)
    state: OrderState = OrderState.PLACED


class InvoiceKind(StrEnum):
    """Published words."""

    INITIAL = "initial"
    FINAL = "final"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """`amount` is `quantity` times `unit_cents`, in cents; below zero on a credit."""

    description: str
    quantity: int
    unit_cents: int

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_cents


class InvoiceState(StrEnum):
    """What became of an invoice; published words."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CREDITED = "credited"
    NOTHING_OWED = "nothing_owed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """`cents` came in on a day. `reference` is the payer's: the number of a check or transfer."""

    paid_on: date
    cents: int
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """Never changed once it is issued; `number` is of a series without gaps for each year.

    A credit names the invoice that it `credits`. `order_id` None: the final invoice of a year.
    `payments`, in the order in which they were entered, and `credited_by` are what happened since.
    """

    practice_id: PracticeId
    number: str
    kind: InvoiceKind
    performance_year: int
    issued_on: date
    due_on: date
    currency: str
    lines: tuple[InvoiceLine, ...]
    issuer: str
    payment_instructions: str
    bill_to: Mapping[str, Any]
    order_id: UUID | None = None
    credits: str | None = None
    reason: str | None = None
    payments: tuple[Payment, ...] = ()
    credited_by: str | None = None

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def paid(self) -> int:
        return sum(payment.cents for payment in self.payments)

    @property
    def owed(self) -> int:
        """What is still to be paid; of a credit, and of what one takes back, nothing."""
        return 0 if self.credited_by is not None else max(0, self.total - self.paid)

    @property
    def is_settled(self) -> bool:
        return self.owed == 0

    @property
    def paid_on(self) -> date | None:
        """The day of the payment that settled it; None before, and where nothing was owed."""
        if not self.payments or not self.is_settled:
            return None
        return max(payment.paid_on for payment in self.payments)

    @property
    def state(self) -> InvoiceState:
        if self.credited_by is not None:
            return InvoiceState.CREDITED
        if self.total <= 0:
            return InvoiceState.NOTHING_OWED
        if self.owed:
            return InvoiceState.PARTLY_PAID if self.payments else InvoiceState.OPEN
        return InvoiceState.PAID


@dataclass(frozen=True, kw_only=True)
class YearReconciled:
    """The last word on a program year of a practice. `invoice_number` None: nothing to invoice."""

    practice_id: PracticeId
    performance_year: int
    ordered: Quantities
    submitted: Quantities
    invoice_number: str | None
    reconciled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenClinician:
    """A clinician in the counted cases of a year.

    `credentials` as the cases name them. `with_physician`: a physician anesthesiologist was on the
    staff of one of their cases. `is_member`: by the roster, in that year.
    """

    credentials: frozenset[str]
    with_physician: bool
    is_member: bool = field(default=False)
