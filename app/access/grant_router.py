"""Organizations, and what a practice grants to those of vendors."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.grant_service import (
    NewGrant,
    grant_rights,
    list_grants,
    list_organizations,
    register_organization,
    withdraw_grant,
)
from app.access.grant_wire import GrantOut, GrantRequest, OrganizationOut, OrganizationRequest
from app.access.repeating import Repeatable
from app.access.rights import Right, require, require_practice, sees_every_practice
from app.domain.grants import OrganizationKind
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

organization_router = APIRouter(prefix="/v1/organizations", tags=["grants"])
router = APIRouter(prefix="/v1/practices/{practice_id}/grants", tags=["grants"])

_OTHER_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": GrantOut, "description": "The same request made this grant before."},
    409: problem_response("The Idempotency-Key was used for another request."),
}


@organization_router.get("")
def list_all_organizations(
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[OrganizationOut]:
    """Vendors, which a practice can grant something, in the order in which they were registered.

    The registry sees the organizations of practices and its own as well.
    """
    require(caller, Right.GRANT_RIGHTS)
    found = list_organizations(
        None if sees_every_practice(caller) else OrganizationKind.VENDOR,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(found, show=OrganizationOut.of, key_of=lambda each: {"after": each.id})


@organization_router.post("", status_code=201, openapi_extra=described_body(OrganizationRequest))
def register_new_organization(
    caller: Caller,
    open_work: Work,
    asked: Annotated[OrganizationRequest, Depends(json_body(OrganizationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> OrganizationOut:
    """Register an organization: a vendor, that of a practice, or one of the registry."""
    require(caller, Right.MANAGE_KEYS)
    request = Repeatable.of(
        caller, idempotency_key, asked=f"register organization {asked.model_dump_json()}"
    )
    return OrganizationOut.of(
        register_organization(
            asked.name, asked.kind, caller.actor, open_work=open_work, request=request
        )
    )


@router.get("")
def list_grants_of_practice(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[GrantOut]:
    """What the practice grants or granted to vendors, the newest first."""
    require_practice(caller, Right.GRANT_RIGHTS, practice)
    require_registered(open_work, practice)
    found = list_grants(
        practice, before=paged.uuid("before"), limit=paged.with_next, open_work=open_work
    )
    return paged.page(found, show=GrantOut.of, key_of=lambda each: {"before": each.id})


@router.post(
    "", status_code=201, responses=_OTHER_ANSWERS, openapi_extra=described_body(GrantRequest)
)
def grant_new_rights(
    response: Response,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    asked: Annotated[GrantRequest, Depends(json_body(GrantRequest))],
    idempotency_key: IdempotencyKey = None,
) -> GrantOut:
    """Let the keys of a vendor do something for the practice, for a time.

    It holds for those keys from their next request on. Several grants to a vendor add up.
    """
    require_practice(caller, Right.GRANT_RIGHTS, practice)
    require_registered(open_work, practice)
    new = NewGrant(
        practice_id=practice,
        organization_id=asked.organization_id,
        rights=asked.rights,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
        idempotency_key=idempotency_key,
    )
    granted = grant_rights(new, caller, open_work=open_work)
    if granted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
    return GrantOut.of(granted.grant)


@router.delete("/{grant_id}")
def withdraw_one_grant(
    grant_id: UUID, practice: PathPractice, caller: Caller, open_work: Work
) -> GrantOut:
    """Take a grant back; it ends now and stays in the list. Case files that were sent stay."""
    require_practice(caller, Right.GRANT_RIGHTS, practice)
    require_registered(open_work, practice)
    return GrantOut.of(withdraw_grant(practice, grant_id, caller, open_work=open_work))
