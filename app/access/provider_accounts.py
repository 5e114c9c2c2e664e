"""Signing in through an OpenID provider: begun here, answered there, ended here."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.access.browser_secrets import hash_of_both, new_secret
from app.access.identity_provider import IdentityProvider, Person, ProviderFault
from app.access.local_accounts import SessionBegun, Visit
from app.access.session_service import Sessions, actor_of
from app.access.user_trail import record_about
from app.domain.audit import AuditAction
from app.domain.sessions import StartedSignIn
from app.domain.users import User, parse_sign_in_name
from app.storage.unit_of_work import UnitOfWork

_ANSWERED_WITHIN: Final = timedelta(minutes=15)


class PersonUnknown(Exception):
    """The provider knows who it is, and nobody has invited them here."""


@dataclass(frozen=True, kw_only=True)
class ProviderAccounts:
    sessions: Sessions
    provider: IdentityProvider

    def begin(self, visit: Visit, *, redirect_uri: str) -> str:
        """Return the address of the provider to go to. Raises: ProviderFault."""
        state, nonce, code_verifier = new_secret(), new_secret(), new_secret()
        question = self.provider.question(
            state=state, nonce=nonce, code_verifier=code_verifier, redirect_uri=redirect_uri
        )
        now = self.sessions.now()
        started = StartedSignIn(
            next_path=visit.next_path,
            expires_at=now + _ANSWERED_WITHIN,
            nonce=nonce,
            code_verifier=code_verifier,
        )
        with self.sessions.open_work() as work:
            work.sessions.start(hash_of_both(visit.secret, state), started, now=now)
            work.commit()
        return question

    def end(self, state: str, code: str, visit: Visit, *, redirect_uri: str) -> SessionBegun:
        """Sign in whoever came back. A state is good once, in the browser that it was given to.

        Raises: ProviderFault, PersonUnknown.
        """
        now = self.sessions.now()
        with self.sessions.open_work() as work:
            started = work.sessions.take_started(hash_of_both(visit.secret, state), now=now)
            work.commit()
        if started is None or started.nonce is None:
            raise ProviderFault("This sign-in was not begun here, or too long ago.")
        person = self.provider.answer(code, started, redirect_uri=redirect_uri)
        with self.sessions.open_work() as work:
            user = work.users.by_identity(person.identity) or _recognized(person, visit, work)
            if user is None:
                raise PersonUnknown
            secret = self.sessions.begin(user, visit.browser, work, by="provider")
            work.commit()
        return SessionBegun(secret=secret, next_path=started.next_path)


def _recognized(person: Person, visit: Visit, work: UnitOfWork) -> User | None:
    """The user of a verified address who was never recognized as anybody else."""
    if person.verified_email is None:
        return None
    try:
        found = work.users.by_email(parse_sign_in_name(person.verified_email))
    except ValueError:
        return None
    found = found and work.users.get(found.id, lock=True)  # somebody else may come just now
    if found is None or found.ended_at is not None:
        return None
    if found.identity is None:
        work.users.recognize(found.id, person.identity)
        actor = actor_of(found, visit.browser)
        record_about(found, AuditAction.USER_RECOGNIZED, actor, work)
        return found
    return found if found.identity == person.identity else None
