"""What practices grant to vendors, right by right and for a time, and take back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.repeating import Repeatable, once
from app.domain.audit import Actor, AuditAction
from app.domain.errors.access import GrantUnknown, OrganizationUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.grants import Grant, GrantedRight, Organization, OrganizationKind
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """`valid_from` None: from now on. `valid_until` None: until it is withdrawn."""

    practice_id: PracticeId
    organization_id: UUID
    rights: frozenset[GrantedRight]
    valid_from: datetime | None
    valid_until: datetime | None
    idempotency_key: str | None

    @property
    def asked(self) -> str:
        rights = sorted(right.value for right in self.rights)
        period = (self.valid_from, self.valid_until)
        return f"grant {self.practice_id} {self.organization_id} {rights} {period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """`is_replay`: the same request made this grant before."""

    grant: Grant
    is_replay: bool


def register_organization(
    name: str,
    kind: OrganizationKind,
    actor: Actor,
    *,
    open_work: OpenWork,
    request: Repeatable | None = None,
) -> Organization:
    """Raises: IdempotencyConflict."""

    def make(work: UnitOfWork) -> UUID:
        new = Organization(id=uuids.uuid7(), kind=kind, name=name, created_at=datetime.now(UTC))
        work.grants.add_organization(new)
        about = ("organization", new.id)
        work.audit.record(
            actor, AuditAction.ORGANIZATION_REGISTERED, practice=None, about=about, kind=kind
        )
        return new.id

    with open_work() as work:
        made, _ = once(work, request, make)
        organization = work.grants.organization(made)
        work.commit()
    assert organization is not None, "it is never removed"
    return organization


def list_organizations(
    kind: OrganizationKind | None, *, after: UUID | None, limit: int, open_work: OpenWork
) -> list[Organization]:
    """`kind` None: of every kind."""
    with open_work() as work:
        return work.grants.organizations(kind, after=after, limit=limit)


def grant_rights(new: NewGrant, caller: Principal, *, open_work: OpenWork) -> Granted:
    """Raises: InvalidRequest, OrganizationUnknown, IdempotencyConflict."""

    def make(work: UnitOfWork) -> UUID:
        grant = _made_from(new, _vendor(new.organization_id, work), caller)
        work.grants.add(grant)
        _record(AuditAction.RIGHTS_GRANTED, grant, caller.actor, work)
        return grant.id

    request = Repeatable.of(caller, new.idempotency_key, asked=new.asked)
    with open_work() as work:
        made, is_replay = once(work, request, make)
        grant = _found(work.grants.get(new.practice_id, made))
        work.commit()
    return Granted(grant=grant, is_replay=is_replay)


def withdraw_grant(
    practice: PracticeId, grant_id: UUID, caller: Principal, *, open_work: OpenWork
) -> Grant:
    """Let a grant end now, before the next request. Withdrawing it again changes nothing.

    Raises: GrantUnknown.
    """
    with open_work() as work:
        grant = _found(work.grants.get(practice, grant_id, lock=True))
        if grant.withdrawn_at is None:
            work.grants.withdraw(grant, at=datetime.now(UTC), by=caller.id)
            _record(AuditAction.GRANT_WITHDRAWN, grant, caller.actor, work)
            grant = _found(work.grants.get(practice, grant_id))
            work.commit()
    return grant


def withdraw_every(
    granted: Sequence[Grant], actor: Actor, *, reason: str | None, work: UnitOfWork
) -> list[Grant]:
    """Let grants end now, within the transaction of `work`; return them as they are then."""
    now, by = datetime.now(UTC), actor.key_id or actor.user_id
    for grant in granted:
        work.grants.withdraw(grant, at=now, by=by)
        _record(AuditAction.GRANT_WITHDRAWN, grant, actor, work, reason=reason)
    return [replace(grant, withdrawn_at=now, withdrawn_by=by) for grant in granted]


def list_grants(
    practice: PracticeId, *, before: UUID | None, limit: int, open_work: OpenWork
) -> list[Grant]:
    with open_work() as work:
        return work.grants.of_practice(practice, before=before, limit=limit)


def _vendor(organization_id: UUID, work: UnitOfWork) -> Organization:
    organization = work.grants.organization(organization_id)
    if organization is None or organization.kind is not OrganizationKind.VENDOR:
        raise OrganizationUnknown("No vendor of this id is registered.")
    return organization


def _made_from(new: NewGrant, vendor: Organization, caller: Principal) -> Grant:
    now = datetime.now(UTC)
    begins = new.valid_from or now
    if new.valid_until is not None and new.valid_until <= max(begins, now):
        raise InvalidRequest("valid_until: it lies in the past, or before valid_from.")
    return Grant(
        id=uuids.uuid7(),
        practice_id=new.practice_id,
        organization=vendor,
        rights=new.rights,
        valid_from=begins,
        valid_until=new.valid_until,
        granted_at=now,
        granted_by=caller.id,
    )


def _record(
    action: AuditAction,
    grant: Grant,
    actor: Actor,
    work: UnitOfWork,
    *,
    reason: str | None = None,
) -> None:
    until = grant.valid_until
    details = {
        "organization": str(grant.organization.id),
        "rights": ", ".join(sorted(grant.rights)),
        "from": grant.valid_from.isoformat(timespec="seconds"),
    }
    if until is not None:
        details["until"] = until.isoformat(timespec="seconds")
    about = ("grant", grant.id)
    work.audit.record(
        actor, action, practice=grant.practice_id, about=about, reason=reason, **details
    )


def _found(grant: Grant | None) -> Grant:
    if grant is None:
        raise GrantUnknown("The practice has no grant of this id.")
    return grant
