"""Products, program years and prices as JSON. Money is in whole cents."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.billing.price_service import NewPriceList
from app.billing.program_years import Days, OfferedProduct
from app.domain.billing import (
    BillingModel,
    Item,
    Membership,
    Price,
    PriceList,
    Product,
    Unit,
)

MOST: Final = 100_000_000
_PRICES: Final[JsonDict] = {
    "currency": "USD",
    "administrative_fee": 1,
    "prices": [
        {"product": "quality_reporting", "unit": "case", "membership": "member", "cents": 1},
        {"product": "quality_reporting", "unit": "case", "membership": "non_member", "cents": 2},
    ],
    "issuer": "The registry\n1 Example Street",
    "payment_instructions": "By check, with the number of the invoice.",
}

Cents = Annotated[int, Field(ge=0, le=MOST)]
Lines = Annotated[
    str, StringConstraints(max_length=1_000, pattern=r"^([^\x00-\x1f\x7f-\x9f]|\n)*$")
]


class ProductOut(BaseModel):
    product: Product
    name: str
    includes: list[str] = Field(description="Assumed: each product includes what the one before.")

    @classmethod
    def of(cls, offered: OfferedProduct) -> "ProductOut":
        return cls(product=offered.product, name=offered.name, includes=list(offered.includes))


class ProgramYearOut(BaseModel):
    """A day that no source names is null."""

    performance_year: int
    billed_by: BillingModel
    registration_until: date | None
    membership_until: date | None = Field(description="To become a member of the ASA.")
    dues_until: date | None = Field(description="To pay the dues of the ASA.")
    data_until: date | None
    payment_until: date | None = Field(description="Of the final invoice.")
    products: list[ProductOut]

    @classmethod
    def of(
        cls, performance_year: int, model: BillingModel, days: Days, products: list[ProductOut]
    ) -> "ProgramYearOut":
        return cls(
            performance_year=performance_year,
            billed_by=model,
            registration_until=days.registration_until,
            membership_until=days.membership_until,
            dues_until=days.dues_until,
            data_until=days.data_until,
            payment_until=days.payment_until,
            products=products,
        )


class PriceLine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    product: Product
    unit: Unit
    membership: Membership
    cents: Cents = Field(description="For one of it.")


class PriceListRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _PRICES})

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(
        description="By ISO 4217, of those with a hundred cents."
    )
    administrative_fee: Cents | None = Field(
        default=None, description="In cents, for a practice and year. Null: there is none yet."
    )
    prices: list[PriceLine] = Field(max_length=100)
    issuer: Lines = Field(description="Name and address on invoices, line by line.")
    payment_instructions: Lines = Field(default="", description="As they stand on invoices.")

    def as_new(self, performance_year: int) -> NewPriceList:
        return NewPriceList(
            performance_year=performance_year,
            currency=self.currency,
            administrative_fee=self.administrative_fee,
            prices=tuple(
                Price(
                    product=price.product,
                    item=Item(price.unit, price.membership),
                    cents=price.cents,
                )
                for price in self.prices
            ),
            issuer=self.issuer,
            payment_instructions=self.payment_instructions,
        )


class PriceListOut(PriceListRequest):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "performance_year": 2024,
                "version": 1,
                **_PRICES,
                "entered_at": "2023-12-01T09:00:00Z",
            }
        }
    )

    performance_year: int
    version: int
    entered_at: datetime

    @classmethod
    def of(cls, prices: PriceList) -> "PriceListOut":
        return cls(
            performance_year=prices.performance_year,
            version=prices.version,
            currency=prices.currency,
            administrative_fee=prices.administrative_fee,
            prices=[
                PriceLine(
                    product=price.product,
                    unit=price.item.unit,
                    membership=price.item.membership,
                    cents=price.cents,
                )
                for price in prices.prices
            ],
            issuer=prices.issuer,
            payment_instructions=prices.payment_instructions,
            entered_at=prices.entered_at,
        )


class PriceLists(BaseModel):
    items: list[PriceListOut]
    next_cursor: None = None
