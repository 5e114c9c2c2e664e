"""API keys: managed by the registry, and each key's own."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.dependencies import Caller, Work
from app.access.key_service import (
    GivenOut,
    create_key,
    list_keys,
    read_key,
    revoke_key,
    rotate_key,
)
from app.access.key_wire import KeyOut, KeyRequest, KeyRotationRequest, KeyWithSecret, Reason
from app.access.repeating import Repeatable
from app.access.revoked_key_wire import RevokedKeyOut
from app.access.rights import Right, require, require_key
from app.domain.errors.access import NotPermitted
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(prefix="/v1/keys", tags=["keys"])

_AGAIN: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("The Idempotency-Key was used for another request."),
}
_MADE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": KeyWithSecret, "description": "The same request made this key before."},
    **_AGAIN,
}


@router.get("")
def list_all_keys(
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[KeyOut]:
    """Every key of the registry without its secrets, the newest first."""
    require(caller, Right.MANAGE_KEYS)
    found = list_keys(before=paged.uuid("before"), limit=paged.with_next, open_work=open_work)
    return paged.page(found, show=KeyOut.of, key_of=lambda record: {"before": record.id})


@router.post("", status_code=201, responses=_MADE, openapi_extra=described_body(KeyRequest))
def create_new_key(
    response: Response,
    caller: Caller,
    open_work: Work,
    asked: Annotated[KeyRequest, Depends(json_body(KeyRequest))],
    idempotency_key: IdempotencyKey = None,
) -> KeyWithSecret:
    """Give out a key. It is in this answer and nowhere else; only its hash is stored."""
    require(caller, Right.MANAGE_KEYS)
    request = Repeatable.of(caller, idempotency_key, asked=f"create key {asked.model_dump_json()}")
    new = asked.as_new(created_by=str(caller.id))
    given = create_key(new, caller.actor, open_work=open_work, request=request)
    _tell_replay(response, given)
    return KeyWithSecret.given_out(given)


@router.get("/self")
def read_own_key(caller: Caller, open_work: Work) -> KeyOut:
    """The key that asks: what it may reach, when it ends, when it was last used."""
    require_key(caller)
    return KeyOut.of(read_key(caller.id, open_work=open_work))


@router.post("/self/rotate", responses=_AGAIN, openapi_extra=described_body(KeyRotationRequest))
def rotate_own_key(
    response: Response,
    caller: Caller,
    open_work: Work,
    asked: Annotated[KeyRotationRequest, Depends(json_body(KeyRotationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> KeyWithSecret:
    """Give the key that asks a new secret; it stays the same key, with its webhooks.

    Until the overlap ends those before are good as well, for all but this. Its day of
    expiry does not move.
    """
    require_key(caller)
    if caller.is_by_old_secret:
        raise NotPermitted("A newer secret was given out: ask with that one, or ask the registry.")
    return _rotated(caller.id, asked, caller, open_work, response, idempotency_key)


@router.get("/{key_id}")
def read_one_key(key_id: UUID, caller: Caller, open_work: Work) -> KeyOut:
    """One key without its secrets."""
    require(caller, Right.MANAGE_KEYS)
    return KeyOut.of(read_key(key_id, open_work=open_work))


@router.post("/{key_id}/rotate", responses=_AGAIN, openapi_extra=described_body(KeyRotationRequest))
def rotate_one_key(
    key_id: UUID,
    response: Response,
    caller: Caller,
    open_work: Work,
    asked: Annotated[KeyRotationRequest, Depends(json_body(KeyRotationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> KeyWithSecret:
    """Give a key a new secret; until the overlap ends those before are good as well."""
    require(caller, Right.MANAGE_KEYS)
    return _rotated(key_id, asked, caller, open_work, response, idempotency_key)


@router.delete("/{key_id}")
def revoke_one_key(
    key_id: UUID,
    caller: Caller,
    open_work: Work,
    reason: Annotated[Reason | None, Query(description="Why; kept in the audit trail.")] = None,
    with_grants: Annotated[
        bool, Query(description="Whether what the key granted to vendors ends as well.")
    ] = False,
) -> RevokedKeyOut:
    """Make a key worthless at once, with all its secrets; its webhooks are told nothing more.

    What it granted to vendors holds on, and the answer tells it; asked again `with_grants` it ends.
    """
    require(caller, Right.MANAGE_KEYS)
    revoked = revoke_key(
        key_id, caller.actor, reason=reason, with_grants=with_grants, open_work=open_work
    )
    return RevokedKeyOut.left_by(revoked)


def _rotated(
    key_id: UUID,
    asked: KeyRotationRequest,
    caller: Caller,
    open_work: Work,
    response: Response,
    idempotency_key: str | None,
) -> KeyWithSecret:
    request = Repeatable.of(caller, idempotency_key, asked=f"rotate key {key_id} {asked.overlap}")
    given = rotate_key(
        key_id, caller.actor, overlap=asked.overlap, open_work=open_work, request=request
    )
    _tell_replay(response, given)
    return KeyWithSecret.given_out(given)


def _tell_replay(response: Response, given: GivenOut) -> None:
    response.headers["Cache-Control"] = "no-store"
    if given.key is None:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
