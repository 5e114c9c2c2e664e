"""Who can sign in, the vendor that sends the files, and the keys of both."""

import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

from app.access.browser_secrets import new_secret
from app.access.key_service import create_key
from app.access.local_accounts import LocalAccounts, Visit
from app.access.operators import operator
from app.access.session_service import Browser
from app.access.user_service import Users
from app.demo.client import DemoClient
from app.demo.plan import PEOPLE, PRACTICES, VENDOR, Person
from app.demo.rosters import a_physician
from app.domain.errors.access import UserUnknown
from app.domain.grants import GrantedRight, OrganizationKind
from app.domain.identifiers import PracticeId
from app.domain.principals import Role
from app.domain.users import NewUser
from app.storage.access.key_store import NewKey
from app.storage.unit_of_work import OpenWork

_BYTES_OF_PASSWORD: Final = 6
_EVERY_PRACTICE: Final = tuple(practice.id for practice in PRACTICES)


def admin_key(*, open_work: OpenWork) -> str:
    """A key of the registry, by which the demonstration is set up."""
    return _key(NewKey(role=Role.ADMIN, practice_ids=(), sandbox=False), open_work=open_work)


def practices_key(
    practices: tuple[PracticeId, ...] = _EVERY_PRACTICE,
    *,
    open_work: OpenWork,
) -> str:
    """A key of practices of the demonstration: of all of them, if none are named."""
    return _key(
        NewKey(role=Role.PRACTICE, practice_ids=practices, sandbox=False), open_work=open_work
    )


def vendor_key(vendor: UUID, *, open_work: OpenWork) -> str:
    """A key by which the vendor sends what practices let it send."""
    new = NewKey(role=Role.VENDOR, practice_ids=(), sandbox=False, organization_id=vendor)
    return _key(new, open_work=open_work)


def bring_vendor(client: DemoClient) -> UUID:
    """Register the vendor, if it is not, and let every practice grant it what it needs."""
    known = [each for each in client.get("/v1/organizations")["items"] if each["name"] == VENDOR]
    asked = {"name": VENDOR, "kind": OrganizationKind.VENDOR}
    vendor = known[0] if known else client.post("/v1/organizations", asked)
    rights = [right.value for right in GrantedRight if right is not GrantedRight.DELETE_CASES]
    for practice in PRACTICES:
        grants = f"/v1/practices/{practice.id}/grants"
        if not client.get(grants)["items"]:
            client.post(grants, {"organization_id": vendor["id"], "rights": rights})
    return UUID(vendor["id"])


def let_people_in(users: Users, accounts: LocalAccounts, vendor: UUID) -> str:
    """Return the new password of all of them."""
    password = f"demo {secrets.token_hex(_BYTES_OF_PASSWORD)}"
    for person in PEOPLE:
        token = _invited(person, users, vendor)
        visit = Visit(secret=new_secret(), browser=Browser(name="nacor demo"), next_path="/")
        accounts.accept_invitation(token, password, visit)
    return password


def _invited(person: Person, users: Users, vendor: UUID) -> str:
    """Return the token of a new invitation, whether they have been here before or not."""
    by = operator()
    try:
        known = users.by_email(person.email)
    except UserUnknown:
        invited = users.add(_new_user(person, vendor), by, manager=None)
    else:
        invited = users.invite_again(known.id, by, manager=None)
    assert invited.token is not None, "people have passwords in the demonstration"
    return invited.token


def _new_user(person: Person, vendor: UUID) -> NewUser:
    practice = person.practice
    return NewUser(
        email=person.email,
        name=person.name,
        role=person.role,
        practice_ids=() if practice is None else (practice.id,),
        organization_id=vendor if person.role is Role.VENDOR else None,
        npi=a_physician(practice.id) if practice and person.role is Role.CLINICIAN else None,
        created_by=operator().label,
    )


def _key(new: NewKey, *, open_work: OpenWork) -> str:
    by = operator()
    labelled = replace(new, label="demo", created_by=by.label)
    given = create_key(labelled, by, open_work=open_work)
    assert given.key is not None, "it was just made"
    return given.key
