"""Accounts with a password, kept here: signing in, by one step or two, and invitations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.access.browser_secrets import hash_of_both, hash_of_secret, new_secret
from app.access.password_hashing import hash_password, is_outdated, is_password_of
from app.access.second_steps import SecondSteps
from app.access.session_service import Browser, Sessions, actor_of
from app.access.user_trail import record_about
from app.domain.audit import AuditAction
from app.domain.passwords import check_password
from app.domain.sessions import SignedIn, StartedSignIn
from app.domain.users import User, parse_sign_in_name
from app.storage.unit_of_work import UnitOfWork

_SECOND_STEP_WITHIN: Final = timedelta(minutes=10)

Throttle = Callable[[str], object]
"""Count an attempt at an account, known by what is given. Raises: TooManyRequests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegun:
    """`secret` is for the browser alone."""

    secret: str
    next_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepDue:
    """The password was right. `token` and the cookie of the visit go on within ten minutes."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser that nobody is signed in with: the secret of its cookie, and where it comes from.

    `next_path` is where to go after signing in.
    """

    secret: str
    browser: Browser
    next_path: str


class PasswordRefused(Exception):
    """The new password is not taken, or the one until now is not right; the text says which."""


@dataclass(frozen=True, kw_only=True)
class LocalAccounts:
    sessions: Sessions
    second_steps: SecondSteps
    throttle: Throttle

    def sign_in(
        self, email: str, password: str, visit: Visit
    ) -> SessionBegun | SecondStepDue | None:
        """Return None if it is not right, after the same work whether there is such an account.

        Raises: TooManyRequests.
        """
        name = _name_of(email)
        self.throttle(name)
        with self.sessions.open_work() as work:
            user = work.users.by_email(name)
            kept = None if user is None else work.users.password_hash(user.id)
        if not is_password_of(kept, password) or user is None or kept is None:
            return None
        renewed = hash_password(password) if is_outdated(kept) else None
        with self.sessions.open_work() as work:
            known = work.users.get(user.id, lock=True)
            if known is None or known.ended_at is not None:
                return None
            if work.users.password_hash(user.id) != kept:
                return None  # another one was set while this one was worked out
            if renewed is not None:
                work.users.set_password(user.id, renewed)
            outcome = self._go_on(known, visit, work)
            work.commit()
        return outcome

    def is_second_step_due(self, token: str, visit: Visit) -> bool:
        with self.sessions.open_work() as work:
            started = work.sessions.started(
                hash_of_both(visit.secret, token), now=self.sessions.now()
            )
        return started is not None and started.user_id is not None

    def take_second_step(self, token: str, code: str, visit: Visit) -> SessionBegun | None:
        """Return None if the code is not right, or nothing is due. Raises: TooManyRequests."""
        token_hash = hash_of_both(visit.secret, token)
        with self.sessions.open_work() as work:
            started = work.sessions.started(token_hash, now=self.sessions.now())
            if started is None or started.user_id is None:
                return None
            self.throttle(f"second step of {started.user_id}")
            user = work.users.get(started.user_id, lock=True)
            if user is None or user.ended_at is not None:
                return None
            by = self.second_steps.take(code, user, visit.browser, work)
            if (
                by is None
                or work.sessions.take_started(token_hash, now=self.sessions.now()) is None
            ):
                return None
            secret = self.sessions.begin(user, visit.browser, work, by=by)
            work.commit()
        return SessionBegun(secret=secret, next_path=started.next_path)

    def invited(self, token: str) -> User | None:
        with self.sessions.open_work() as work:
            return work.users.invited(hash_of_secret(token), now=self.sessions.now())

    def accept_invitation(
        self, token: str, password: str, visit: Visit
    ) -> SessionBegun | SecondStepDue | None:
        """Set the password and sign in; None if the link is not good, or not any more.

        Raises: PasswordRefused; the link stays good then.
        """
        invited = self.invited(token)
        if invited is None:
            return None
        kept = _hash_of_new(password, invited.given.email)
        with self.sessions.open_work() as work:
            user = work.users.get(invited.id, lock=True)
            if user is None or not work.users.use_invitation(hash_of_secret(token)):
                return None
            work.users.set_password(user.id, kept)
            work.sessions.end_all(user.id, at=self.sessions.now())
            actor = actor_of(user, visit.browser)
            record_about(user, AuditAction.PASSWORD_SET, actor, work)
            outcome = self._go_on(user, visit, work)
            work.commit()
        return outcome

    def change_password(self, old: str, new: str, signed_in: SignedIn) -> None:
        """Change it, and end the user's other sessions and what was begun with the one before.

        Raises: PasswordRefused, TooManyRequests.
        """
        self.require_password(old, signed_in)
        kept = _hash_of_new(new, signed_in.email)
        caller = signed_in.principal
        with self.sessions.open_work() as work:
            user = work.users.get(caller.id, lock=True)
            assert user is not None, "a user is never removed"
            work.users.set_password(caller.id, kept)
            work.sessions.end_all(caller.id, at=self.sessions.now(), but=signed_in.session_id)
            record_about(user, AuditAction.PASSWORD_SET, caller.actor, work)
            work.commit()

    def require_password(self, password: str, signed_in: SignedIn) -> None:
        """Raises: PasswordRefused, TooManyRequests."""
        self.throttle(signed_in.email)
        with self.sessions.open_work() as work:
            kept = work.users.password_hash(signed_in.principal.id)
        if not is_password_of(kept, password):
            raise PasswordRefused("The password you have now is not right.")

    def _go_on(self, user: User, visit: Visit, work: UnitOfWork) -> SessionBegun | SecondStepDue:
        if not user.has_second_step:
            secret = self.sessions.begin(user, visit.browser, work, by="password")
            return SessionBegun(secret=secret, next_path=visit.next_path)
        token, now = new_secret(), self.sessions.now()
        started = StartedSignIn(
            next_path=visit.next_path, expires_at=now + _SECOND_STEP_WITHIN, user_id=user.id
        )
        work.sessions.start(hash_of_both(visit.secret, token), started, now=now)
        return SecondStepDue(token=token)


def _name_of(email: str) -> str:
    """What is no address is the name of no account; it is asked for all the same."""
    try:
        return parse_sign_in_name(email)
    except ValueError:
        return ""


def _hash_of_new(password: str, email: str) -> str:
    try:
        check_password(password, email)
    except ValueError as error:
        raise PasswordRefused(f"That does not do: {error}.") from None
    return hash_password(password)
