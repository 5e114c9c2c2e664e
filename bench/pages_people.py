"""Who is in front of the pages: people with sessions, as signing in gives them to browsers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import httpx

from app.access.operators import operator
from app.access.session_service import Browser, Sessions
from app.access.user_service import Users
from app.domain.errors.access import UserUnknown
from app.domain.principals import Role
from app.domain.users import NewUser, User
from bench.pages_service import PagesService
from bench.pages_subjects import Subjects


class Who(StrEnum):
    MANAGER = "practice"
    CLINICIAN = "clinician"
    STAFF = "registry staff"
    VENDOR = "vendor"
    VISITOR = "visitor"


_OF_A_PRACTICE = (Who.MANAGER, Who.CLINICIAN, Who.STAFF, Who.VENDOR, Who.VISITOR)
_OF_NONE = (Who.STAFF, Who.VENDOR, Who.CLINICIAN, Who.MANAGER, Who.VISITOR)


def in_turn(*, of_practice: bool) -> tuple[Who, ...]:
    """Who is tried for a page until somebody is shown it: who sees most of it first."""
    return _OF_A_PRACTICE if of_practice else _OF_NONE


@dataclass(frozen=True, kw_only=True)
class People:
    """`sessions`: the secrets in the browsers of those who are signed in."""

    client: httpx.Client
    sessions: Mapping[Who, str]

    def get(self, who: Who, address: str) -> httpx.Response:
        secret = self.sessions.get(who)
        headers = {} if secret is None else {"Cookie": f"__Host-nacor={secret}"}
        return self.client.get(address, headers={**headers, "Accept": "text/html"})


def sign_in(service: PagesService, subjects: Subjects, vendor: UUID) -> People:
    """Those whom an earlier run has added get new sessions."""
    of_practice = {"practice_ids": (subjects.practice,)}
    given = {
        Who.MANAGER: _new("manager", Role.PRACTICE, **of_practice),
        Who.CLINICIAN: _new("clinician", Role.CLINICIAN, npi=subjects.npi, **of_practice),
        Who.STAFF: _new("staff", Role.INTERNAL),
        Who.VENDOR: _new("vendor", Role.VENDOR, organization_id=vendor),
    }
    sessions = {who: _begun(service, new) for who, new in given.items()}
    return People(client=service.client, sessions=sessions)


def _new(name: str, role: Role, **given: object) -> NewUser:
    return NewUser(email=f"{name}@bench.example", name=name.title(), role=role, **given)  # type: ignore[arg-type]


def _begun(service: PagesService, new: NewUser) -> str:
    sessions: Sessions = service.app.state.sessions
    user = _user(service.app.state.users, new)
    with service.open_work() as work:
        secret = sessions.begin(user, Browser(name="bench"), work, by="password")
        work.commit()
    return secret


def _user(users: Users, new: NewUser) -> User:
    try:
        return users.by_email(new.email)
    except UserUnknown:
        return users.add(new, operator(), manager=None).user
