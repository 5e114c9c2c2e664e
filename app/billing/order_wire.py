"""Orders as JSON."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.billing.member_share import added_up, total
from app.billing.order_service import NewOrder
from app.billing.price_wire import MOST
from app.domain.billing import (
    Item,
    Membership,
    Order,
    OrderKind,
    OrderState,
    Product,
    Quantities,
    Unit,
)
from app.domain.identifiers import PracticeId
from app.roster.practice_wire import Contact
from app.roster.wire_fields import Year

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f26"
_CONTACT: Final[JsonDict] = {
    "role": "billing",
    "name": "Robin Example",
    "mail": "robin@lakeside.example",
    "telephone": "",
}
_ORDER: Final[JsonDict] = {
    "performance_year": 2024,
    "product": "quality_reporting",
    "kind": "new",
    "cases": 5000,
    "clinicians": [],
    "is_renewal": True,
    "providers": [
        {"unit": "physician_anesthesiologist", "membership": "member", "quantity": 6},
        {"unit": "care_team_clinician", "membership": "non_member", "quantity": 4},
    ],
    "ordered_by": _CONTACT,
    "billing_contact": _CONTACT,
    "payment_policies_acknowledged": True,
}


class QuantityIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    unit: Unit
    membership: Membership
    quantity: Annotated[int, Field(ge=0, le=MOST)]


class OrderRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ORDER})

    performance_year: Year
    product: Product
    kind: OrderKind = Field(description="To the orders of the year: new, replaces, or adds.")
    cases: Annotated[int, Field(gt=0, le=MOST)] | None = Field(
        default=None, description="How many, in a year that is billed by cases."
    )
    clinicians: list[QuantityIn] = Field(
        default=[],
        max_length=6,
        description="How many by type and membership, in a year that is billed by clinicians;"
        " what stands twice is added up.",
    )
    is_renewal: bool | None = Field(
        default=None,
        description="Whether the practice took part within the last three years; null: not told.",
    )
    providers: list[QuantityIn] = Field(
        default=[],
        max_length=6,
        description="In a year that is billed by cases: clinicians by type and membership, as the"
        " practice tells them. Kept with the order; prices follow from the roster.",
    )
    ordered_by: Contact
    billing_contact: Contact
    payment_policies_acknowledged: bool = Field(
        description="That the payment policies and procedures were read; must be true."
    )

    def as_new(self, practice: PracticeId) -> NewOrder:
        return NewOrder(
            practice_id=practice,
            performance_year=self.performance_year,
            product=self.product,
            kind=self.kind,
            cases=self.cases,
            clinicians=_quantities(self.clinicians),
            is_renewal=self.is_renewal,
            providers=_quantities(self.providers),
            ordered_by=self.ordered_by.model_dump(),
            billing_contact=self.billing_contact.model_dump(),
        )


class OrderOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                "practice_id": "12345",
                "performance_year": 2024,
                "product": "quality_reporting",
                "kind": "new",
                "quantities": [
                    {"unit": "case", "membership": "member", "quantity": 3000},
                    {"unit": "case", "membership": "non_member", "quantity": 2000},
                ],
                "total": 5000,
                "members": 6,
                "clinicians": 10,
                "price_version": 1,
                "is_renewal": True,
                "providers": _ORDER["providers"],
                "ordered_by": _CONTACT,
                "billing_contact": _CONTACT,
                "placed_at": "2024-02-01T09:00:00Z",
                "state": "placed",
            }
        }
    )

    id: UUID
    practice_id: str
    performance_year: int
    product: Product
    kind: OrderKind
    quantities: list[QuantityIn]
    total: int
    members: int = Field(description="Of the clinicians, by the roster when it was ordered.")
    clinicians: int
    price_version: int
    is_renewal: bool | None
    providers: list[QuantityIn] = Field(description="As the practice told them.")
    ordered_by: Contact
    billing_contact: Contact
    placed_at: datetime
    state: OrderState

    @classmethod
    def of(cls, order: Order) -> "OrderOut":
        return cls(
            id=order.id,
            practice_id=order.practice_id,
            performance_year=order.performance_year,
            product=order.product,
            kind=order.kind,
            quantities=quantities_out(order.quantities),
            total=total(order.quantities),
            members=order.share.members,
            clinicians=order.share.clinicians,
            price_version=order.price_version,
            is_renewal=order.is_renewal,
            providers=quantities_out(order.providers),
            ordered_by=Contact(**order.ordered_by),
            billing_contact=Contact(**order.billing_contact),
            placed_at=order.placed_at,
            state=order.state,
        )


def _quantities(asked: list[QuantityIn]) -> Quantities:
    return added_up([{Item(each.unit, each.membership): each.quantity} for each in asked])


def quantities_out(quantities: Quantities) -> list[QuantityIn]:
    return [
        QuantityIn(unit=item.unit, membership=item.membership, quantity=quantity)
        for item, quantity in sorted(quantities.items())
    ]
