"""Users: managed by the registry, and by practices for their own people."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.access.dependencies import Caller, UsersDep
from app.access.kept_answers import KeepsAnswers
from app.access.repeating import Repeatable
from app.access.rights import Right, require
from app.access.user_service import Invited
from app.access.user_wire import InvitedUser, UserOut, UserRequest
from app.web.addresses import service_url
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(prefix="/v1/users", tags=["users"], route_class=KeepsAnswers)

_ADDED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": InvitedUser, "description": "The same request added this user before."},
    409: problem_response(
        "Somebody signs in by this address already, or the Idempotency-Key was used"
        " for another request."
    ),
}

_AGAIN: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("The Idempotency-Key was used for another request."),
}


@router.get("")
def list_all_users(
    caller: Caller,
    users: UsersDep,
    paged: Paged,
) -> Page[UserOut]:
    """The users that the caller may manage, the newest first, with those who have ended.

    Of a practice these are the people who act for its practices and for no other.
    """
    require(caller, Right.MANAGE_USERS)
    found = users.listed(caller, before=paged.uuid("before"), limit=paged.with_next)
    return paged.page(found, show=UserOut.of, key_of=lambda user: {"before": user.id})


@router.post("", status_code=201, responses=_ADDED, openapi_extra=described_body(UserRequest))
def add_new_user(
    request: Request,
    response: Response,
    caller: Caller,
    users: UsersDep,
    asked: Annotated[UserRequest, Depends(json_body(UserRequest))],
    idempotency_key: IdempotencyKey = None,
) -> InvitedUser:
    """Let somebody sign in. The answer holds the link by which they set their first password.

    A practice adds people of the roles `practice` and `clinician` for its own practices: whoever is
    signed in does, not its keys.
    """
    require(caller, Right.MANAGE_USERS)
    repeatable = Repeatable.of(caller, idempotency_key, asked=f"add user {asked.model_dump_json()}")
    new = asked.as_new(created_by=str(caller.id))
    invited = users.add(new, caller.actor, manager=caller, request=repeatable)
    _tell_replay(response, invited)
    return InvitedUser.invited(invited, service_url=service_url(request.scope))


@router.get("/{user_id}")
def read_one_user(user_id: UUID, caller: Caller, users: UsersDep) -> UserOut:
    """One user whom the caller may manage."""
    require(caller, Right.MANAGE_USERS)
    return UserOut.of(users.get(user_id, manager=caller))


@router.delete("/{user_id}")
def end_one_user(user_id: UUID, caller: Caller, users: UsersDep) -> UserOut:
    """Let a user sign in no more, and end every session of theirs now. They stay in the list."""
    require(caller, Right.MANAGE_USERS)
    return UserOut.of(users.end(user_id, caller.actor, manager=caller))


@router.post("/{user_id}/invite", responses=_AGAIN)
def invite_one_user_again(
    request: Request,
    response: Response,
    user_id: UUID,
    caller: Caller,
    users: UsersDep,
    idempotency_key: IdempotencyKey = None,
) -> InvitedUser:
    """Give a user a new link to set a password with; the one before is worth nothing then.

    Their password until now stays good until they set another, which ends their sessions.
    """
    require(caller, Right.MANAGE_USERS)
    repeatable = Repeatable.of(caller, idempotency_key, asked=f"invite user {user_id}")
    invited = users.invite_again(user_id, caller.actor, manager=caller, request=repeatable)
    _tell_replay(response, invited)
    return InvitedUser.invited(invited, service_url=service_url(request.scope))


@router.post("/{user_id}/reset-second-step")
def reset_second_step_of_user(user_id: UUID, caller: Caller, users: UsersDep) -> UserOut:
    """Let a user sign in without codes, who has lost both the app and the recovery codes."""
    require(caller, Right.MANAGE_USERS)
    return UserOut.of(users.reset_second_step(user_id, caller.actor, manager=caller))


def _tell_replay(response: Response, invited: Invited) -> None:
    response.headers["Cache-Control"] = "no-store"
    if invited.is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
