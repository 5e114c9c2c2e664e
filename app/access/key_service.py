"""API keys as they are managed: given out, given a new secret, revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.access.grant_service import withdraw_every
from app.access.keys import hash_of, new_key
from app.access.repeating import Repeatable, once
from app.domain.audit import Actor, AuditAction
from app.domain.errors.access import KeyUnknown, OrganizationUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.grants import Grant
from app.domain.identifiers import PracticeId
from app.domain.principals import ORGANIZATION_OF, Role
from app.storage.access.key_store import KeyRecord, NewKey
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOut:
    """A key with its newest secret in clear; None when the same request showed it before."""

    record: KeyRecord
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """`grants` are those that the key made and that had not ended, the newest first."""

    record: KeyRecord
    grants: list[Grant]


def create_key(
    new: NewKey, actor: Actor, *, open_work: OpenWork, request: Repeatable | None = None
) -> GivenOut:
    """Raises: InvalidRequest, PracticeUnknown, OrganizationUnknown, IdempotencyConflict."""

    def make(work: UnitOfWork, key: str) -> UUID:
        _require_sensible(new, work)
        key_id = work.keys.create(hash_of(key), new)
        told = {"role": new.role.value, "sandbox": "yes" if new.sandbox else "no"}
        _record(AuditAction.KEY_CREATED, key_id, new, actor, work, **told)
        return key_id

    return _given_out(make, open_work=open_work, request=request)


def rotate_key(
    key_id: UUID,
    actor: Actor,
    *,
    overlap: timedelta,
    open_work: OpenWork,
    request: Repeatable | None = None,
) -> GivenOut:
    """Give a key a new secret; those before are good for the time of `overlap`.

    It stays the same key: its id, practices, webhooks and the day when it expires.
    Raises: KeyUnknown, also for a key that is revoked or expired; IdempotencyConflict.
    """

    def make(work: UnitOfWork, key: str) -> UUID:
        record = _found(work.keys.get(key_id, lock=True))
        if not is_in_force(record, datetime.now(UTC)):
            raise KeyUnknown("This key is revoked or has expired. Create a new one.")
        old_until = datetime.now(UTC) + overlap
        work.keys.end_secrets(key_id, at=old_until)
        work.keys.add_secret(key_id, hash_of(key))
        told = {"old_until": old_until.isoformat(timespec="seconds")}
        _record(AuditAction.KEY_ROTATED, key_id, record.given, actor, work, **told)
        return key_id

    return _given_out(make, open_work=open_work, request=request)


def revoke_key(
    key_id: UUID,
    actor: Actor,
    *,
    reason: str | None,
    with_grants: bool = False,
    open_work: OpenWork,
) -> Revoked:
    """Make a key worthless at once and for ever. Revoking it again changes nothing of it.

    `with_grants`: what it granted ends too, also of a key that was revoked before.
    Raises: KeyUnknown.
    """
    with open_work() as work:
        record = _found(work.keys.get(key_id, lock=True))
        if record.revoked_at is None:
            work.keys.revoke(key_id)
            _record(AuditAction.KEY_REVOKED, key_id, record.given, actor, work, reason=reason)
            record = _found(work.keys.get(key_id))
        granted = work.grants.lasting_by(key_id, at=datetime.now(UTC))
        if with_grants:
            granted = withdraw_every(granted, actor, reason=reason, work=work)
        work.commit()
    return Revoked(record=record, grants=granted)


def list_keys(*, before: UUID | None, limit: int | None, open_work: OpenWork) -> list[KeyRecord]:
    with open_work() as work:
        return work.keys.listed(before=before, limit=limit)


def read_key(key_id: UUID, *, open_work: OpenWork) -> KeyRecord:
    """Raises: KeyUnknown."""
    with open_work() as work:
        return _found(work.keys.get(key_id))


def is_in_force(record: KeyRecord, moment: datetime) -> bool:
    expires_at = record.given.expires_at
    return record.revoked_at is None and (expires_at is None or moment < expires_at)


def _given_out(
    make: Callable[[UnitOfWork, str], UUID], *, open_work: OpenWork, request: Repeatable | None
) -> GivenOut:
    key = new_key()
    with open_work() as work:
        made, is_replay = once(work, request, lambda opened: make(opened, key))
        record = _found(work.keys.get(made))
        work.commit()
    return GivenOut(record=record, key=None if is_replay else key)


def _require_sensible(new: NewKey, work: UnitOfWork) -> None:
    if new.role is Role.CLINICIAN:
        raise InvalidRequest("role: clinicians sign in; there are no keys of this role.")
    if new.expires_at is not None and new.expires_at <= datetime.now(UTC):
        raise InvalidRequest("expires_at: it lies in the past.")
    if not all(work.practices.exists(practice) for practice in new.practice_ids):
        raise PracticeUnknown("A key can be for registered practices only.")
    if new.organization_id is not None:
        _require_organization(new, new.organization_id, work)
    is_for_some = new.role in (Role.VENDOR, Role.PRACTICE)
    is_for_grants = new.role is Role.VENDOR and new.organization_id is not None
    if is_for_some and not new.practice_ids and not is_for_grants:
        raise InvalidRequest(f"practice_ids: a {new.role} key is for one practice or more.")


def _require_organization(new: NewKey, organization_id: UUID, work: UnitOfWork) -> None:
    organization = work.grants.organization(organization_id)
    if organization is None:
        raise OrganizationUnknown("No organization of this id is registered.")
    if organization.kind is not ORGANIZATION_OF[new.role]:
        raise InvalidRequest(f"organization_id: a {new.role} key is of another kind than that.")


def _found(record: KeyRecord | None) -> KeyRecord:
    if record is None:
        raise KeyUnknown("There is no key of this id.")
    return record


def _record(
    action: AuditAction,
    key_id: UUID,
    key: NewKey,
    actor: Actor,
    work: UnitOfWork,
    *,
    reason: str | None = None,
    **details: str,
) -> None:
    """Every practice that the key is for reads it in its own trail, and nothing of the others."""
    chains: tuple[PracticeId | None, ...] = tuple(sorted(key.practice_ids)) or (None,)
    for practice in chains:
        work.audit.record(
            actor, action, practice=practice, about=("key", key_id), reason=reason, **details
        )
