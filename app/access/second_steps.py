"""The second step of signing in: codes of an authenticator app, or one kept for a lost device."""

from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes
from typing import Final

from app.access.session_service import Browser, Clock, actor_of, utc_now
from app.access.user_trail import record_about
from app.domain.audit import AuditAction
from app.domain.master_keys import MasterKeys
from app.domain.one_time_codes import (
    SECRET_BYTES,
    hash_of_recovery_code,
    matching_step,
    new_recovery_codes,
)
from app.domain.sessions import SignedIn
from app.domain.users import User
from app.storage.access.user_store import SecondStep
from app.storage.unit_of_work import OpenWork, UnitOfWork

_SALT_BYTES: Final = 16


class SecondStepRefused(Exception):
    """The text says why."""


@dataclass(frozen=True, kw_only=True)
class SecondSteps:
    """The secrets of apps are derived from a master key and a stored salt, so none is stored."""

    open_work: OpenWork
    master_keys: MasterKeys
    now: Clock = utc_now

    def begin(self, signed_in: SignedIn) -> bytes:
        """Return the secret for an app. Nothing is asked for until a code of it was typed.

        Raises: SecondStepRefused when codes are asked for already.
        """
        with self.open_work() as work:
            user = _locked(signed_in, work)
            if user.has_second_step:
                raise SecondStepRefused("Codes are asked for already.")
            step = SecondStep(
                salt=token_bytes(_SALT_BYTES),
                master_key=self.master_keys.newest,
                confirmed_at=None,
                last_used=None,
            )
            work.users.save_second_step(user.id, step)
            work.commit()
        secret = self._secret(step)
        assert secret is not None, "its master key is the newest"
        return secret

    def is_set_up(self, signed_in: SignedIn) -> bool:
        with self.open_work() as work:
            step = work.users.second_step(signed_in.principal.id)
        return step is not None and step.confirmed_at is not None

    def pending(self, signed_in: SignedIn) -> bytes | None:
        """The secret that was begun with and waits for a code of it."""
        with self.open_work() as work:
            step = work.users.second_step(signed_in.principal.id)
        return None if step is None or step.confirmed_at is not None else self._secret(step)

    def confirm(self, code: str, signed_in: SignedIn) -> list[str]:
        """Ask for codes from now on; return the codes for a lost device, which are shown once.

        Raises: SecondStepRefused.
        """
        with self.open_work() as work:
            user = _locked(signed_in, work)
            step = work.users.second_step(user.id)
            used = None if step is None else self._step_of(code, step)
            if step is None or used is None or step.confirmed_at is not None:
                raise SecondStepRefused("That is not the code that the app shows now.")
            confirmed = replace(step, confirmed_at=self.now(), last_used=used)
            work.users.save_second_step(user.id, confirmed)
            codes = new_recovery_codes()
            work.users.keep_recovery_codes(user.id, [hash_of_recovery_code(each) for each in codes])
            actor = signed_in.principal.actor
            record_about(user, AuditAction.SECOND_STEP_SET_UP, actor, work)
            work.commit()
        return codes

    def take(self, code: str, user: User, browser: Browser, work: UnitOfWork) -> str | None:
        """Use up a code of a user who is locked; return how they signed in, None if it is wrong."""
        step = work.users.second_step(user.id)
        used = None if step is None else self._step_of(code, step)
        if step is not None and used is not None:
            work.users.save_second_step(user.id, replace(step, last_used=used))
            return "password and code"
        if work.users.use_recovery_code(user.id, hash_of_recovery_code(code)):
            actor = actor_of(user, browser)
            record_about(user, AuditAction.RECOVERY_CODE_USED, actor, work)
            return "password and recovery code"
        return None

    def remove(self, signed_in: SignedIn) -> None:
        with self.open_work() as work:
            user = _locked(signed_in, work)
            if user.has_second_step:
                work.users.save_second_step(user.id, None)
                actor = signed_in.principal.actor
                record_about(user, AuditAction.SECOND_STEP_RESET, actor, work)
            work.commit()

    def codes_left(self, signed_in: SignedIn) -> int:
        with self.open_work() as work:
            return work.users.count_recovery_codes(signed_in.principal.id)

    def _step_of(self, code: str, step: SecondStep) -> int | None:
        secret = self._secret(step)
        if secret is None:
            return None
        moment: datetime = self.now()
        return matching_step(code, secret, moment=moment, last_used=step.last_used)

    def _secret(self, step: SecondStep) -> bytes | None:
        derived = self.master_keys.derive_second_step(step.master_key, step.salt)
        return None if derived is None else derived[:SECRET_BYTES]


def _locked(signed_in: SignedIn, work: UnitOfWork) -> User:
    user = work.users.get(signed_in.principal.id, lock=True)
    assert user is not None, "a user is never removed"
    return user
