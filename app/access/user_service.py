"""Users as they are managed: added with a link to begin with, given a new one, ended."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.browser_secrets import hash_of_secret, new_secret
from app.access.repeating import Repeatable, once
from app.access.rights import sees_every_practice
from app.access.session_service import Clock, utc_now
from app.access.user_trail import record_about
from app.domain.audit import Actor, AuditAction
from app.domain.errors import RegistryError
from app.domain.errors.access import NotPermitted, OrganizationUnknown, UserConflict, UserUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.principals import OF_SOME_PRACTICES, ORGANIZATION_OF, Principal, Role
from app.domain.users import NewUser, User, UserState
from app.storage.unit_of_work import OpenWork, UnitOfWork

INVITED_FOR: Final = timedelta(days=7)
_OF_A_PRACTICE: Final = frozenset({Role.PRACTICE, Role.CLINICIAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A user, and the token of the link that lets them set a password.

    `token` None: passwords are not used here, or the same request showed it before (`is_replay`).
    """

    user: User
    token: str | None
    is_replay: bool = False


@dataclass(frozen=True, kw_only=True)
class Users:
    """`with_passwords`: people here have passwords, and so get links to set them."""

    open_work: OpenWork
    with_passwords: bool
    now: Clock = utc_now

    def add(
        self,
        new: NewUser,
        actor: Actor,
        *,
        manager: Principal | None,
        request: Repeatable | None = None,
    ) -> Invited:
        """`manager` None: the command line, which may add anybody.

        Raises: InvalidRequest, NotPermitted, PracticeUnknown, OrganizationUnknown, UserConflict,
        IdempotencyConflict.
        """
        token = new_secret()

        def make(work: UnitOfWork) -> UUID:
            if not _may_manage(manager, new):
                raise NotPermitted("You may add users of your own practices, for no other.")
            _require_sensible(new, work)
            user_id = uuids.uuid7()
            if not work.users.add(user_id, new, at=self.now()):
                raise UserConflict("Somebody signs in by this address already.")
            user = _found(work.users.get(user_id))
            record_about(user, AuditAction.USER_ADDED, actor, work, role=new.role.value)
            self._invite(user, token, work)
            return user_id

        with self.open_work() as work:
            made, is_replay = once(work, request, make)
            user = _found(work.users.get(made))
            work.commit()
        shown = token if self.with_passwords and not is_replay else None
        return Invited(user=user, token=shown, is_replay=is_replay)

    def invite_again(
        self,
        user_id: UUID,
        actor: Actor,
        *,
        manager: Principal | None,
        request: Repeatable | None = None,
    ) -> Invited:
        """Give a user a link to set a password with; one from before is worth nothing then.

        Raises: UserUnknown; InvalidRequest where nobody has a password; IdempotencyConflict.
        """
        if not self.with_passwords:
            raise InvalidRequest("Nobody has a password here: people sign in elsewhere.")
        token = new_secret()

        def make(work: UnitOfWork) -> UUID:
            user = _managed(work.users.get(user_id, lock=True), manager)
            if user.state is UserState.ENDED:
                raise UserUnknown("This user has ended. Add them anew.")
            self._invite(user, token, work)
            record_about(user, AuditAction.USER_INVITED, actor, work)
            return user_id

        with self.open_work() as work:
            made, is_replay = once(work, request, make)
            user = _managed(work.users.get(made), manager)
            work.commit()
        return Invited(user=user, token=None if is_replay else token, is_replay=is_replay)

    def end(self, user_id: UUID, actor: Actor, *, manager: Principal | None) -> User:
        """End a user and every session of theirs, now. Ending them again changes nothing.

        Raises: UserUnknown.
        """
        with self.open_work() as work:
            user = _managed(work.users.get(user_id, lock=True), manager)
            if user.ended_at is None:
                work.users.end(user_id, at=self.now())
                work.sessions.end_all(user_id, at=self.now())
                record_about(user, AuditAction.USER_ENDED, actor, work)
                user = _found(work.users.get(user_id))
                work.commit()
        return user

    def reset_second_step(self, user_id: UUID, actor: Actor, *, manager: Principal | None) -> User:
        """Let a user sign in without codes, who has lost both app and recovery codes.

        Raises: UserUnknown.
        """
        with self.open_work() as work:
            user = _managed(work.users.get(user_id, lock=True), manager)
            if user.has_second_step:
                work.users.save_second_step(user_id, None)
                record_about(user, AuditAction.SECOND_STEP_RESET, actor, work)
                user = _found(work.users.get(user_id))
                work.commit()
        return user

    def get(self, user_id: UUID, *, manager: Principal | None) -> User:
        """Raises: UserUnknown, also for one that the manager may not see."""
        with self.open_work() as work:
            return _managed(work.users.get(user_id), manager)

    def by_email(self, email: str) -> User:
        """Raises: UserUnknown."""
        with self.open_work() as work:
            return _found(work.users.by_email(email))

    def listed(
        self, manager: Principal | None, *, before: UUID | None, limit: int | None
    ) -> list[User]:
        """Those that the manager may manage, the newest first."""
        is_bound = manager is not None and not sees_every_practice(manager)
        with self.open_work() as work:
            return work.users.listed(
                within=manager.practice_ids if manager and is_bound else None,
                before=before,
                limit=limit,
            )

    def _invite(self, user: User, token: str, work: UnitOfWork) -> None:
        if self.with_passwords:
            now = self.now()
            until = now + INVITED_FOR
            work.users.invite(user.id, hash_of_secret(token), at=now, until=until)


def _may_manage(manager: Principal | None, user: NewUser) -> bool:
    """A practice manages its own people: whoever acts for its practices and for no other."""
    if manager is None or sees_every_practice(manager):
        return True
    practices = frozenset(user.practice_ids)
    return user.role in _OF_A_PRACTICE and bool(practices) and practices <= manager.practice_ids


def _managed(user: User | None, manager: Principal | None) -> User:
    if user is None or not _may_manage(manager, user.given):
        raise _unknown()
    return user


def _found(user: User | None) -> User:
    if user is None:
        raise _unknown()
    return user


def _unknown() -> RegistryError:
    return UserUnknown("There is no user of this id.")


def _require_sensible(new: NewUser, work: UnitOfWork) -> None:
    if not all(work.practices.exists(practice) for practice in new.practice_ids):
        raise PracticeUnknown("A user can act for registered practices only.")
    if new.organization_id is not None:
        organization = work.grants.organization(new.organization_id)
        if organization is None:
            raise OrganizationUnknown("No organization of this id is registered.")
        if organization.kind is not ORGANIZATION_OF[new.role]:
            raise InvalidRequest(f"organization_id: a {new.role} is of another kind than that.")
    is_for_grants = new.role is Role.VENDOR and new.organization_id is not None
    if new.role in OF_SOME_PRACTICES and not new.practice_ids and not is_for_grants:
        raise InvalidRequest(f"practice_ids: a {new.role} acts for one practice or more.")
    if new.role not in OF_SOME_PRACTICES and new.practice_ids:
        raise InvalidRequest(f"practice_ids: the role {new.role} reaches every practice anyway.")
    if (new.npi is not None) != (new.role is Role.CLINICIAN):
        raise InvalidRequest("npi: a clinician has one, and nobody else.")
