"""Accepted findings of a practice: listed, accepted, withdrawn."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.checking.acceptance import MOST_IN_FORCE
from app.intake.acceptance_service import (
    NewAcceptance,
    accept_finding,
    list_acceptances,
    withdraw_acceptance,
)
from app.intake.acceptance_wire import AcceptanceOut, AcceptanceRequest, AskedState, Reason
from app.intake.dependencies import StandardsDep
from app.web.dependencies import Today
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(
    prefix="/v1/practices/{practice_id}/accepted-findings", tags=["accepted findings"]
)

_OTHER_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": AcceptanceOut, "description": "The same is accepted already: by this one."},
    409: problem_response(
        f"{MOST_IN_FORCE} accepted findings are in force: no more can be at once. Or"
        " the Idempotency-Key was used for another request."
    ),
}


@router.get("")
def list_accepted_findings(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    paged: Paged,
    state: Annotated[
        AskedState, Query(description="Of the acceptances, on the day of the answer.")
    ] = AskedState.IN_FORCE,
) -> Page[AcceptanceOut]:
    """What the practice has accepted, the newest first."""
    require_practice(caller, Right.SEE_ACCEPTED_FINDINGS, practice)
    require_registered(open_work, practice)
    found = list_acceptances(
        practice,
        caller,
        state=state.state,
        day=day,
        before=paged.uuid("before"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=lambda acceptance: AcceptanceOut.of(acceptance, day=day),
        key_of=lambda acceptance: {"before": acceptance.id},
    )


@router.post(
    "",
    status_code=201,
    responses=_OTHER_ANSWERS,
    openapi_extra=described_body(AcceptanceRequest),
)
def create_accepted_finding(
    response: Response,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    standards: StandardsDep,
    asked: Annotated[AcceptanceRequest, Depends(json_body(AcceptanceRequest))],
    idempotency_key: IdempotencyKey = None,
) -> AcceptanceOut:
    """Accept the warnings of a code, anywhere or at one place, for a time and with a reason.

    Files that are processed from now on show them as accepted and count them apart; nothing is
    left out. Accepting the same again while it is in force gives the first acceptance.
    """
    require_practice(caller, Right.ACCEPT_FINDINGS, practice)
    require_registered(open_work, practice)
    new = NewAcceptance(
        practice_id=practice,
        code=asked.code,
        path=asked.path,
        reason=asked.reason,
        expires_on=asked.expires_on,
        idempotency_key=idempotency_key,
    )
    accepted = accept_finding(new, caller, day=day, standards=standards, open_work=open_work)
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
    return AcceptanceOut.of(accepted.acceptance, day=day)


@router.delete("/{acceptance_id}")
def withdraw_accepted_finding(
    acceptance_id: UUID,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    reason: Annotated[Reason | None, Query(description="Why; kept for ever.")] = None,
) -> AcceptanceOut:
    """Withdraw an acceptance: it covers no further file, and stays in the list of all.

    Files that were processed before keep what was accepted then. Withdrawing it again gives the
    first withdrawal again.
    """
    require_practice(caller, Right.ACCEPT_FINDINGS, practice)
    require_registered(open_work, practice)
    withdrawn = withdraw_acceptance(
        acceptance_id, practice, caller, reason=reason, open_work=open_work
    )
    return AcceptanceOut.of(withdrawn, day=day)
