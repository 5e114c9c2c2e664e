"""Sessions: begun by signing in, ended by signing out, by silence or by time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.browser_secrets import hash_of_secret, new_secret
from app.access.user_trail import record_about
from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.sessions import NewSession, OpenSession, SignedIn
from app.domain.users import User
from app.storage.unit_of_work import OpenWork, UnitOfWork

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where a request comes from. `name` is what the browser calls itself."""

    address: str | None = None
    name: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """`idle` is how long a session may be silent, `lifetime` how long it lasts at most."""

    open_work: OpenWork
    idle: timedelta
    lifetime: timedelta
    now: Clock = utc_now

    def begin(self, user: User, browser: Browser, work: UnitOfWork, *, by: str) -> str:
        """Return the secret of a new session, for its browser alone. `by`: how they signed in."""
        secret, now = new_secret(), self.now()
        work.sessions.begin(
            NewSession(
                id=uuids.uuid7(),
                secret_hash=hash_of_secret(secret),
                user_id=user.id,
                created_at=now,
                expires_at=now + self.lifetime,
                address=browser.address,
                browser=browser.name,
                is_of_provider=by == "provider",
            )
        )
        work.users.note_sign_in(user.id, at=now)
        actor = actor_of(user, browser)
        record_about(user, AuditAction.USER_SIGNED_IN, actor, work, by=by)
        return secret

    def find(self, secret: str, browser: Browser) -> SignedIn | None:
        """Whoever is signed in with it, as of this request."""
        with self.open_work() as work:
            found = work.sessions.find(hash_of_secret(secret), now=self.now(), idle=self.idle)
            work.commit()
        if found is None:
            return None
        asking = replace(found.principal, address=browser.address, request_id=browser.request_id)
        return replace(found, principal=asking)

    def of_user(self, signed_in: SignedIn) -> list[OpenSession]:
        with self.open_work() as work:
            return work.sessions.of_user(signed_in.principal.id, now=self.now(), idle=self.idle)

    def end(self, session_id: UUID, signed_in: SignedIn) -> None:
        """End one of their own; what is none of theirs, or has ended, stays as it is."""
        caller = signed_in.principal
        with self.open_work() as work:
            user = work.users.get(caller.id)
            if user and work.sessions.end(session_id, of=caller.id, at=self.now()):
                record_about(user, AuditAction.SESSION_ENDED, caller.actor, work)
            work.commit()


def actor_of(user: User, browser: Browser) -> Actor:
    """Somebody who is signing in, or has an invitation: there is no session yet."""
    return Actor(
        kind=ActorKind.USER,
        user_id=user.id,
        role=user.given.role.value,
        label=user.given.name,
        address=browser.address,
        request_id=browser.request_id,
    )
