"""A clinician's own consent: read, signed and taken back by who is signed in with their NPI."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.domain.errors.requests import InvalidRequest
from app.reporting.consent_wire import (
    ConsentOut,
    OwnConsentOut,
    OwnConsentRequest,
    OwnWithdrawalRequest,
)
from app.reporting.own_consents import (
    read_own_consent,
    sign_own_consent,
    withdraw_own_consent,
)
from app.reporting.registration_service import Registrar
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response

router = APIRouter(
    prefix="/v1/practices/{practice_id}/own-consent",
    tags=["reporting"],
    route_class=KeepsAnswers,
)

_NOT_SIGNED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("It is signed for this year already, or the deadline has passed.")
}


@router.get("")
def read_consent_of_caller(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    performance_year: Annotated[int, Query(ge=2000, le=2100, description="The year of reporting.")],
) -> OwnConsentOut:
    """What a clinician signs for the year, and whether they have."""
    require_practice(caller, Right.SIGN_OWN_CONSENT, practice)
    found = read_own_consent(practice, caller.npi, performance_year, open_work=open_work)
    return OwnConsentOut.of(found, performance_year)


@router.post(
    "", status_code=201, responses=_NOT_SIGNED, openapi_extra=described_body(OwnConsentRequest)
)
def sign_consent_of_caller(
    practice: PathPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[OwnConsentRequest, Depends(json_body(OwnConsentRequest))],
) -> ConsentOut:
    """Sign: the results of the year may be sent to CMS."""
    require_practice(caller, Right.SIGN_OWN_CONSENT, practice)
    if not asked.agrees:
        raise InvalidRequest("agrees: it must be true.")
    by = Registrar(actor=caller.actor, is_staff=False)
    consent = sign_own_consent(
        practice, caller.npi, asked.performance_year, by, day=day, open_work=open_work
    )
    response.headers["Location"] = f"/v1/practices/{practice}/consents/{consent.id}"
    return ConsentOut.of(consent)


@router.post("/withdraw", openapi_extra=described_body(OwnWithdrawalRequest))
def withdraw_consent_of_caller(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[OwnWithdrawalRequest, Depends(json_body(OwnWithdrawalRequest))],
) -> ConsentOut:
    """Take it back: from today on the results may not be sent. Doing so again changes nothing.

    Also one that the practice has recorded from paper.
    """
    require_practice(caller, Right.SIGN_OWN_CONSENT, practice)
    by = Registrar(actor=caller.actor, is_staff=False)
    consent = withdraw_own_consent(
        practice, caller.npi, asked.performance_year, by, day=day, open_work=open_work
    )
    return ConsentOut.of(consent)
