"""Retention, legal holds and purges as JSON."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.access.key_wire import Instant
from app.domain.retention import LegalHold, Purge, PurgeCounts, RetentionPolicy
from app.retention.periods import CASES, MOST_YEARS, Period
from app.roster.wire_fields import Reason


class RetentionRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "years": 10,
                "purges_by_itself": False,
                "reason": "Contract of 2024 with the practice.",
            }
        },
    )

    years: int = Field(
        ge=1,
        le=MOST_YEARS,
        description="After the end of a performance year; not below `at_least`.",
    )
    purges_by_itself: bool = Field(
        default=False, description="Day by day, without anybody's word, what is over is purged."
    )
    reason: Reason


class ReasonRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"reason": "Letter of counsel, file 2024-17."}},
    )

    reason: Reason


class PurgeRequest(BaseModel):
    """A purge as it was previewed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "older_than": "2018-01-01",
                "cases": 1204,
                "reason": "The time of the policy is over.",
                "early": False,
            }
        },
    )

    older_than: date = Field(description="Dates of service before this day.")
    cases: int = Field(ge=0, description="How many the preview told; with another number nothing.")
    reason: Reason
    early: bool = Field(default=False, description="Also what the policy still keeps.")


class PeriodOut(BaseModel):
    """`years` null: it is kept for ever. `is_purged` false: nothing ever removes it."""

    what: str
    holds: str
    after: str
    years: int | None
    source: str
    is_assumed: bool = Field(description="Whether nobody has read this in a source.")
    is_purged: bool


class PurgeOut(BaseModel):
    id: UUID
    older_than: date = Field(description="Dates of service before this day.")
    reason: str
    started_at: Instant
    ended_at: Instant | None
    is_stopped: bool = Field(description="Whether a legal hold ended it before its work was done.")
    cases: int
    counted: int = Field(description="Those of the cases that stood in the figures.")
    versions: int = Field(description="Earlier versions of these cases.")
    submissions: int = Field(description="Those whose files, records and findings are gone.")

    @classmethod
    def of(cls, purge: Purge) -> "PurgeOut":
        return cls(
            id=purge.id,
            older_than=purge.older_than,
            reason=purge.reason,
            started_at=purge.started_at,
            ended_at=purge.ended_at,
            is_stopped=purge.is_stopped,
            **_counts(purge.done),
        )


class PreviewOut(BaseModel):
    """What a purge would remove."""

    older_than: date
    cases: int
    counted: int
    versions: int
    submissions: int

    @classmethod
    def of(cls, older_than: date, counts: PurgeCounts) -> "PreviewOut":
        return cls(older_than=older_than, **_counts(counts))


class RetentionOut(BaseModel):
    practice_id: str
    years: int = Field(description="How long a case is kept after the end of its performance year.")
    at_least: int = Field(description="How long the registry keeps the cases of every practice.")
    purges_by_itself: bool
    first_day_kept: date = Field(description="Cases with a date of service before it are over.")
    is_on_hold: bool
    periods: list[PeriodOut]
    purges: list[PurgeOut] = Field(description="The newest, at most 50.")


class LegalHoldOut(BaseModel):
    """In force until it is lifted."""

    id: UUID
    practice_id: str
    reason: str
    placed_at: Instant
    placed_by: str | None
    lifted_at: Instant | None
    lifted_by: str | None
    lift_reason: str | None

    @classmethod
    def of(cls, hold: LegalHold) -> "LegalHoldOut":
        return cls(
            id=hold.id,
            practice_id=hold.practice_id,
            reason=hold.reason,
            placed_at=hold.placed_at,
            placed_by=hold.placed_by,
            lifted_at=hold.lifted_at,
            lifted_by=hold.lifted_by,
            lift_reason=hold.lift_reason,
        )


def told_periods(policy: RetentionPolicy, periods: tuple[Period, ...]) -> list[PeriodOut]:
    """Those of the practice: its cases are kept as long as its policy says."""
    return [
        PeriodOut(
            what=each.what,
            holds=each.holds,
            after=each.after,
            years=policy.years if each.what == CASES else each.years,
            source=each.source,
            is_assumed=each.is_assumed,
            is_purged=each.is_purged,
        )
        for each in periods
    ]


def _counts(counts: PurgeCounts) -> dict[str, int]:
    return {
        "cases": counts.cases,
        "counted": counts.counted,
        "versions": counts.versions,
        "submissions": counts.submissions,
    }
