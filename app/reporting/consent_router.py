"""Consents of clinicians who report one by one: recorded, withdrawn, never removed."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.asked import AskedYearOrAll, PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice, sees_every_practice
from app.domain.reporting import Withdrawal
from app.reporting.consent_service import (
    list_consents,
    read_consent,
    record_consent,
    withdraw_consent,
)
from app.reporting.consent_wire import ConsentOut, ConsentRequest, WithdrawalRequest
from app.reporting.registration_service import Registrar
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(
    prefix="/v1/practices/{practice_id}/consents", tags=["reporting"], route_class=KeepsAnswers
)

_NOT_RECORDED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("The clinician has signed for this year, or the deadline has passed.")
}


@router.get("")
def list_consents_of_practice(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYearOrAll = None,
) -> Page[ConsentOut]:
    """In the order in which they were recorded, withdrawn ones too."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    found = list_consents(
        practice,
        performance_year=performance_year,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(found, show=ConsentOut.of, key_of=lambda each: {"after": each.id})


@router.post(
    "", status_code=201, responses=_NOT_RECORDED, openapi_extra=described_body(ConsentRequest)
)
def record_new_consent(
    practice: PathPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[ConsentRequest, Depends(json_body(ConsentRequest))],
) -> ConsentOut:
    """Record that a clinician has signed: their results of the year may be sent to CMS."""
    require_practice(caller, Right.REGISTER_FOR_REPORTING, practice)
    by = Registrar(
        actor=caller.actor, is_staff=sees_every_practice(caller), late_reason=asked.late_reason
    )
    consent = record_consent(asked.as_new(practice), by, day=day, open_work=open_work)
    response.headers["Location"] = f"/v1/practices/{practice}/consents/{consent.id}"
    return ConsentOut.of(consent)


@router.get("/{consent_id}")
def read_one_consent(
    consent_id: UUID, practice: PathPractice, caller: Caller, open_work: Work
) -> ConsentOut:
    """One consent, and until when it is kept."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    return ConsentOut.of(read_consent(practice, consent_id, open_work=open_work))


@router.post("/{consent_id}/withdraw", openapi_extra=described_body(WithdrawalRequest))
def withdraw_one_consent(
    consent_id: UUID,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[WithdrawalRequest, Depends(json_body(WithdrawalRequest))],
) -> ConsentOut:
    """Let a consent hold no more; it is kept. Withdrawing it again changes nothing."""
    require_practice(caller, Right.REGISTER_FOR_REPORTING, practice)
    require_registered(open_work, practice)
    consent = withdraw_consent(
        practice,
        consent_id,
        Withdrawal(on=asked.withdrawn_on, reason=asked.reason),
        Registrar(actor=caller.actor, is_staff=sees_every_practice(caller)),
        day=day,
        open_work=open_work,
    )
    return ConsentOut.of(consent)
