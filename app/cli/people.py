"""`nacor user`: who may sign in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import typer

from app.access.operators import operator
from app.access.user_service import Users
from app.access.user_wire import InvitedUser, UserOut, invitation_link
from app.cli.databases import open_database
from app.cli.parsing import parsed
from app.cli.serving import migrate_database, settings
from app.domain.audit import Actor
from app.domain.identifiers import parse_npi, parse_practice_id
from app.domain.principals import parse_role
from app.domain.users import NewUser, User, parse_sign_in_name

_HERE: Final = "http://127.0.0.1:8000"


def add(
    email: str,
    *,
    role: str,
    name: str,
    practices: list[str],
    npi: str | None,
    organization: UUID | None,
) -> None:
    by = operator()
    new = NewUser(
        email=parsed(email, parse_sign_in_name),
        name=name,
        role=parsed(role, parse_role),
        practice_ids=tuple(parsed(practice, parse_practice_id) for practice in practices),
        organization_id=organization,
        npi=None if npi is None else parsed(npi, parse_npi),
        created_by=by.label,
    )
    migrate_database()
    with _users() as users:
        invited = users.add(new, by, manager=None)
    typer.echo(InvitedUser.invited(invited, service_url=_service_url()).model_dump_json())


def list_all() -> None:
    with _users() as users:
        found = users.listed(None, before=None, limit=None)
    for user in found:
        typer.echo(UserOut.of(user).model_dump_json())


def end(who: str) -> None:
    _change(who, lambda users, user_id, by: users.end(user_id, by, manager=None))


def invite(who: str) -> None:
    with _users() as users:
        invited = users.invite_again(_id_of(who, users), operator(), manager=None)
    assert invited.token is not None, "a link is made, or it is refused"
    typer.echo(invitation_link(invited.token, service_url=_service_url()))


def reset_second_step(who: str) -> None:
    _change(who, lambda users, user_id, by: users.reset_second_step(user_id, by, manager=None))


def _change(who: str, change: Callable[[Users, UUID, Actor], User]) -> None:
    with _users() as users:
        changed = change(users, _id_of(who, users), operator())
    typer.echo(UserOut.of(changed).model_dump_json())


def _id_of(who: str, users: Users) -> UUID:
    """Raises: UserUnknown."""
    return users.by_email(parsed(who, parse_sign_in_name)).id if "@" in who else parsed(who, UUID)


def _service_url() -> str:
    return (settings().public_url or _HERE).rstrip("/")


@contextmanager
def _users() -> Iterator[Users]:
    with open_database() as open_work:
        yield Users(open_work=open_work, with_passwords=settings().has_local_accounts)
