"""Counts that are billed, as JSON."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.billing.count_service import PeriodCount
from app.domain.frozen_counts import Adjustment, AdjustmentReason

_ID = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
_PERIOD: JsonDict = {
    "period": "2024-03",
    "cases": 513,
    "frozen": {
        "cases": 512,
        "proof": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "frozen_at": "2024-04-01T00:30:02Z",
        "purged": 0,
        "added": 2,
        "removed": 1,
    },
}


class FrozenCountOut(BaseModel):
    cases: int = Field(description="As many as counted when the period was frozen.")
    proof: str = Field(
        description="SHA-256 over the ids of these cases, in order, each with a line feed."
    )
    frozen_at: datetime
    purged: int = Field(description="Cases that are gone for good since, and not listed any more.")
    added: int = Field(description="Cases that count since.")
    removed: int = Field(description="Cases that count no more.")


class PeriodCountOut(BaseModel):
    period: str = Field(description="2024-03, 2024, or 2024-final for the reconciled year.")
    cases: int = Field(description="As many as count now.")
    frozen: FrozenCountOut | None = Field(description="Null: not frozen yet.")

    @classmethod
    def of(cls, count: PeriodCount) -> "PeriodCountOut":
        now = count.frozen
        return cls(
            period=count.period,
            cases=count.cases,
            frozen=now
            and FrozenCountOut(
                cases=now.frozen.cases,
                proof=now.frozen.proof,
                frozen_at=now.frozen.frozen_at,
                purged=now.frozen.purged,
                added=now.added,
                removed=now.removed,
            ),
        )


class BillingCountsOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"practice_id": "12345", "performance_year": 2024, "periods": [_PERIOD]}
        }
    )

    practice_id: str
    performance_year: int
    periods: list[PeriodCountOut]


class FrozenCaseOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": {"case_id": _ID}})

    case_id: UUID


class AdjustmentOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "case_id": _ID,
                "cases": -1,
                "reason": "moved",
                "date_of_service": "2023-12-31",
            }
        }
    )

    case_id: UUID
    cases: int = Field(description="1: it counts since the period was frozen; -1: it does no more.")
    reason: AdjustmentReason
    date_of_service: date = Field(description="As it stands now.")

    @classmethod
    def of(cls, adjustment: Adjustment) -> "AdjustmentOut":
        return cls(
            case_id=adjustment.case_id,
            cases=adjustment.reason.cases,
            reason=adjustment.reason,
            date_of_service=adjustment.date_of_service,
        )
