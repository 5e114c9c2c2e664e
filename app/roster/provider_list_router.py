"""Whether the provider list of a performance year can be changed; locked and unlocked by staff."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from app.access.dependencies import Caller, Work
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require
from app.domain.roster_changes import ListOrder
from app.roster.provider_list_service import list_orders, lock_list, read_list_state, unlock_list
from app.roster.provider_lists import ListState
from app.roster.wire import ActorOut
from app.roster.wire_fields import Reason
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body

router = APIRouter(
    prefix="/v1/provider-lists/{performance_year}",
    tags=["provider lists"],
    route_class=KeepsAnswers,
)

PathYear = Annotated[int, Path(ge=2000, le=2100, description="The performance year of the list.")]


class UnlockRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "CMS has taken the results."}}
    )

    reason: Reason = Field(description="Why; kept for ever.")


class LockRequest(UnlockRequest):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "Results go to CMS this month.", "opens_on": "2025-04-07"}
        },
    )

    opens_on: date | None = Field(
        default=None, description="The first day on which it is open again; null: until unlocked."
    )


class OrderOut(BaseModel):
    """What an operator ordered."""

    id: UUID
    locks: bool
    opens_on: date | None
    reason: str
    at: datetime
    by: ActorOut

    @classmethod
    def of(cls, order: ListOrder) -> "OrderOut":
        return cls(
            id=order.id,
            locks=order.locks,
            opens_on=order.opens_on,
            reason=order.reason,
            at=order.at,
            by=ActorOut.of(order.by),
        )


class WindowOut(BaseModel):
    """`assumed` says what no source says."""

    model_config = ConfigDict(from_attributes=True)

    locked_from: date
    opens_on: date
    source: str
    assumed: str | None


class ListStateOut(BaseModel):
    """Locked by a window or by an order. `opens_on` is null while nobody has said when."""

    performance_year: int
    state: str
    opens_on: date | None
    window: WindowOut | None
    orders: list[OrderOut] = Field(description="Every order about this list, the newest first.")

    @classmethod
    def of(cls, state: ListState, orders: list[ListOrder]) -> "ListStateOut":
        return cls(
            performance_year=state.performance_year,
            state="locked" if state.is_locked else "open",
            opens_on=state.opens_on,
            window=None if state.window is None else WindowOut.model_validate(state.window),
            orders=[OrderOut.of(order) for order in orders],
        )


@router.get("")
def read_provider_list_state(
    performance_year: PathYear, caller: Caller, open_work: Work, day: Today
) -> ListStateOut:
    """Whether the list of the year is open or locked today, and when it opens again."""
    require(caller, Right.SEE_ROSTER)
    state = read_list_state(performance_year, day=day, open_work=open_work)
    return _told(state, open_work)


@router.post("/lock", openapi_extra=described_body(LockRequest))
def lock_provider_list(
    performance_year: PathYear,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[LockRequest, Depends(json_body(LockRequest))],
) -> ListStateOut:
    """Lock the list of the year for every practice, from now on.

    Until it opens, what would alter the list of that year is refused.
    """
    require(caller, Right.LOCK_PROVIDER_LISTS)
    state = lock_list(
        performance_year,
        caller.actor,
        opens_on=asked.opens_on,
        reason=asked.reason,
        day=day,
        open_work=open_work,
    )
    return _told(state, open_work)


@router.post("/unlock", openapi_extra=described_body(UnlockRequest))
def unlock_provider_list(
    performance_year: PathYear,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[UnlockRequest, Depends(json_body(UnlockRequest))],
) -> ListStateOut:
    """Open the list of the year for every practice, from now on."""
    require(caller, Right.LOCK_PROVIDER_LISTS)
    state = unlock_list(
        performance_year, caller.actor, reason=asked.reason, day=day, open_work=open_work
    )
    return _told(state, open_work)


def _told(state: ListState, open_work: Work) -> ListStateOut:
    return ListStateOut.of(state, list_orders(state.performance_year, open_work=open_work))
