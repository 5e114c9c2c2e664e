"""How long the data of a practice is kept, and the legal holds that keep it longer."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.domain.retention import RetentionPolicy
from app.retention.holding import Retention, RetentionWithin
from app.retention.telling import retention_told
from app.retention.wire import (
    LegalHoldOut,
    ReasonRequest,
    RetentionOut,
    RetentionRequest,
)
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.paging import Page, Paged

router = APIRouter(
    prefix="/v1/practices/{practice_id}", tags=["retention"], route_class=KeepsAnswers
)


async def _retention(request: Request, open_work: Work) -> Retention:
    return cast(RetentionWithin, request.app.state.retention_within)(open_work)


RetentionDep = Annotated[Retention, Depends(_retention)]


@router.get("/retention")
def read_retention(
    practice: PathPractice, caller: Caller, retention: RetentionDep, day: Today
) -> RetentionOut:
    """What of the practice is kept how long, whether it is on hold, and what was purged."""
    require_practice(caller, Right.SEE_RETENTION, practice)
    return retention_told(practice, retention, day=day)


@router.put("/retention", openapi_extra=described_body(RetentionRequest))
def set_retention(
    practice: PathPractice,
    caller: Caller,
    retention: RetentionDep,
    day: Today,
    asked: Annotated[RetentionRequest, Depends(json_body(RetentionRequest))],
) -> RetentionOut:
    """Keep the cases of a practice for longer than every practice has, or let purges begin."""
    require_practice(caller, Right.SET_RETENTION, practice)
    policy = RetentionPolicy(
        practice_id=practice, years=asked.years, purges_by_itself=asked.purges_by_itself
    )
    retention.set_policy(policy, caller.actor, reason=asked.reason)
    return retention_told(practice, retention, day=day)


@router.get("/legal-holds")
def list_legal_holds(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    retention: RetentionDep,
    paged: Paged,
) -> Page[LegalHoldOut]:
    """The newest first, lifted ones too."""
    require_practice(caller, Right.SEE_RETENTION, practice)
    require_registered(open_work, practice)
    found = retention.holds(practice, before=paged.uuid("before"), limit=paged.with_next)
    return paged.page(found, show=LegalHoldOut.of, key_of=lambda each: {"before": each.id})


@router.post("/legal-holds", status_code=201, openapi_extra=described_body(ReasonRequest))
def place_legal_hold(
    practice: PathPractice,
    caller: Caller,
    retention: RetentionDep,
    asked: Annotated[ReasonRequest, Depends(json_body(ReasonRequest))],
) -> LegalHoldOut:
    """Let nothing of the practice be purged until the hold is lifted.

    A purge that is under way stops before the answer. Several holds are lifted one by one.
    """
    require_practice(caller, Right.SET_RETENTION, practice)
    return LegalHoldOut.of(retention.place_hold(practice, caller.actor, reason=asked.reason))


@router.post("/legal-holds/{hold_id}/lift", openapi_extra=described_body(ReasonRequest))
def lift_legal_hold(
    hold_id: UUID,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    retention: RetentionDep,
    asked: Annotated[ReasonRequest, Depends(json_body(ReasonRequest))],
) -> LegalHoldOut:
    """Lift a hold; it stays in the list. Lifting it again changes nothing."""
    require_practice(caller, Right.SET_RETENTION, practice)
    require_registered(open_work, practice)
    lifted = retention.lift_hold(practice, hold_id, caller.actor, reason=asked.reason)
    return LegalHoldOut.of(lifted)
