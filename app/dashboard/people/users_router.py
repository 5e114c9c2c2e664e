"""Users as a page: whoever manages them adds, helps and ends people here."""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.dependencies import UsersDep
from app.access.rights import Right, require
from app.access.user_service import Invited, Users
from app.access.user_wire import UserRequest, invitation_link
from app.dashboard.frame.dependencies import LongForm, SignedInForm, SignedInLongForm, SignedInPage
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member, go_to
from app.dashboard.frame.shown_forms import Faults, ShownForm, form_of, nested, placed, read_as
from app.domain.errors import RegistryError
from app.domain.errors.access import NotPermitted, OrganizationUnknown, UserConflict
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.principals import Principal, Role
from app.web.addresses import service_url
from app.web.paging import Cursor, Paging
from app.web.problems import status_of

router = APIRouter(include_in_schema=False, prefix="/users", route_class=PageRoute)

_ON_A_PAGE: Final = 50
_INVALID: Final = 422
_TYPED: Final = ("email", "name", "role", "npi", "organization_id")
_REFUSED: Final = (
    *(InvalidRequest, NotPermitted, PracticeUnknown),
    *(OrganizationUnknown, UserConflict),
)


class Help(StrEnum):
    END = "end"
    RESET = "reset-second-step"


def _manager(member: SignedInPage) -> Member:
    """Raises: NotPermitted."""
    require(member.signed_in.principal, Right.MANAGE_USERS)
    return member


Manager = Annotated[Member, Depends(_manager)]


@router.get("")
def users_page(manager: Manager, users: UsersDep, cursor: Cursor = None) -> Response:
    return _page(manager, users, cursor=cursor)


@router.post("")
def add(manager: Manager, users: UsersDep, form: SignedInLongForm) -> Response:
    """The link is on the page that answers, once: no address has it."""
    practices = {"practice_ids": form.get("practice_ids").split()}
    asked, faults = read_as(UserRequest, {**nested(form, _TYPED), **practices})
    if asked is None:
        return _page(manager, users, form=form, faults=faults)
    caller = manager.signed_in.principal
    try:
        invited = users.add(asked.as_new(created_by=str(caller.id)), caller.actor, manager=caller)
    except _REFUSED as error:
        return _page(manager, users, form=form, refusal=error)
    return _page(manager, users, invited=invited)


@router.post("/{user_id}/invite")
def invite(manager: Manager, users: UsersDep, user_id: UUID, _: SignedInForm) -> Response:
    """As `add`: a link that is shown once."""
    caller = manager.signed_in.principal
    invited = users.invite_again(user_id, caller.actor, manager=caller)
    return _page(manager, users, invited=invited)


@router.post("/{user_id}/{help_}")
def help_user(
    manager: Manager, users: UsersDep, user_id: UUID, help_: Help, _: SignedInForm
) -> Response:
    caller = manager.signed_in.principal
    done = users.end if help_ is Help.END else users.reset_second_step
    done(user_id, caller.actor, manager=caller)
    return go_to("/users", done=help_.value)


def _page(
    manager: Member,
    users: Users,
    *,
    cursor: str | None = None,
    form: LongForm | None = None,
    faults: Faults | None = None,
    refusal: RegistryError | None = None,
    invited: Invited | None = None,
) -> Response:
    caller = manager.signed_in.principal
    told, left = ({}, None) if refusal is None else placed(refusal, (*_TYPED, "practice_ids"))
    paged = Paging(_ON_A_PAGE, cursor)
    found = users.listed(caller, before=paged.uuid("before"), limit=paged.with_next)
    shown, following = paged.cut(found, key_of=lambda user: {"before": user.id})
    status = _INVALID if faults else 200
    return manager.page(
        "people/users.html",
        status_code=status if refusal is None else status_of(refusal),
        users=shown,
        following=following,
        roles=[(role.value, role.value) for role in _roles_for(caller)],
        is_of_a_practice=caller.role is Role.PRACTICE,
        with_passwords=users.with_passwords,
        form=ShownForm(typed=form or _empty_form(caller), faults={**told, **(faults or {})}),
        refusal=left,
        invited=invited,
        link=_link(manager, invited),
        done=manager.request.query_params.get("done"),
    )


def _roles_for(caller: Principal) -> tuple[Role, ...]:
    return (Role.PRACTICE, Role.CLINICIAN) if caller.role is Role.PRACTICE else tuple(Role)


def _empty_form(caller: Principal) -> LongForm:
    own = sorted(caller.practice_ids) if caller.role is Role.PRACTICE else []
    return form_of({"practice_ids": " ".join(own)})


def _link(manager: Member, invited: Invited | None) -> str | None:
    if invited is None or invited.token is None:
        return None
    return invitation_link(invited.token, service_url=service_url(manager.request.scope))
