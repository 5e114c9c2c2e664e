"""Program years of practices as JSON."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.billing.order_wire import OrderOut
from app.billing.reconciling import PACE_METHOD, Reconciled
from app.billing.year_service import Run, YearBilling
from app.domain.billing import BillingModel, Membership, Unit


class ReconciledOut(BaseModel):
    unit: Unit
    membership: Membership
    ordered: int
    submitted: int
    additional: int

    @classmethod
    def of(cls, item: Reconciled) -> "ReconciledOut":
        return cls(
            unit=item.item.unit,
            membership=item.item.membership,
            ordered=item.ordered,
            submitted=item.submitted,
            additional=item.additional,
        )


class PaceOut(BaseModel):
    months: int = Field(description="How many are over.")
    cases: int = Field(description="At this pace the year will have as many.")
    additional: int = Field(description="Of those beyond what is ordered.")
    additional_cents: int | None = Field(description="Null: nothing is ordered, or a price lacks.")
    method: str = PACE_METHOD

    @classmethod
    def of(cls, year: YearBilling) -> "PaceOut | None":
        if year.pace is None:
            return None
        return cls(
            months=year.pace.months,
            cases=year.pace.cases,
            additional=sum(item.additional for item in year.at_pace),
            additional_cents=year.cents_at_pace,
        )


class YearBillingOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "practice_id": "12345",
                "performance_year": 2024,
                "billed_by": "cases",
                "orders": [],
                "items": [
                    {
                        "unit": "case",
                        "membership": "member",
                        "ordered": 3000,
                        "submitted": 3600,
                        "additional": 600,
                    }
                ],
                "ordered": 3000,
                "submitted": 3600,
                "additional": 600,
                "additional_cents": 600,
                "currency": "USD",
                "pace": None,
                "reconciled_at": "2025-01-20T09:00:00Z",
                "final_invoice": "2025-000001",
                "may_be_withheld": False,
            }
        }
    )

    practice_id: str
    performance_year: int
    billed_by: BillingModel
    orders: list[OrderOut] = Field(description="Those in force.")
    items: list[ReconciledOut]
    ordered: int
    submitted: int
    additional: int
    additional_cents: int | None = Field(description="Null: nothing is ordered, or a price lacks.")
    currency: str | None
    pace: PaceOut | None = Field(description="While a year that is billed by cases is running.")
    reconciled_at: datetime | None = Field(description="Null: this is a preview.")
    final_invoice: str | None
    may_be_withheld: bool = Field(
        description="The final invoice is overdue: results may be kept from CMS."
    )

    @classmethod
    def of(cls, year: YearBilling) -> "YearBillingOut":
        return cls(
            practice_id=year.practice_id,
            performance_year=year.performance_year,
            billed_by=year.model,
            orders=[OrderOut.of(order) for order in year.orders],
            items=[ReconciledOut.of(item) for item in year.items],
            ordered=sum(item.ordered for item in year.items),
            submitted=sum(item.submitted for item in year.items),
            additional=sum(item.additional for item in year.items),
            additional_cents=year.cents,
            currency=year.currency,
            pace=PaceOut.of(year),
            reconciled_at=None if year.final is None else year.final.reconciled_at,
            final_invoice=None if year.final is None else year.final.invoice_number,
            may_be_withheld=year.may_be_withheld,
        )


class RunOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "practice_id": "12345",
                "is_reconciled": True,
                "invoice_number": "2025-000001",
                "problem": None,
            }
        }
    )

    practice_id: str
    is_reconciled: bool
    invoice_number: str | None = Field(description="Null: there is nothing to invoice.")
    problem: str | None = Field(description="Why it is not reconciled, as the last part of a type.")

    @classmethod
    def of(cls, run: Run) -> "RunOut":
        return cls(
            practice_id=run.practice_id,
            is_reconciled=run.year is not None,
            invoice_number=None if run.year is None else run.year.invoice_number,
            problem=run.problem,
        )


class RunsOut(BaseModel):
    items: list[RunOut]
