"""Requests that come again, as their Idempotency-Key tells: a key stands for one request alone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from app.domain.errors.requests import IdempotencyConflict
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.access.idempotency_store import KeptAnswer, UsedKey
from app.storage.unit_of_work import UnitOfWork

NO_PRACTICE: Final = PracticeId("")
"""For a request that is known by its key and its sender alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A request that its sender, a key or a user, may send again under the same Idempotency-Key.

    `request_hash` is of all that it says: 64 hexadecimal digits. Without a key it is always new.
    """

    sender: UUID
    idempotency_key: str | None
    request_hash: str
    practice: PracticeId = NO_PRACTICE

    @classmethod
    def of(
        cls,
        caller: Principal,
        idempotency_key: str | None,
        *,
        asked: str,
        practice: PracticeId = NO_PRACTICE,
    ) -> Self:
        return cls(
            sender=caller.id,
            idempotency_key=idempotency_key,
            request_hash=hashlib.sha256(asked.encode()).hexdigest(),
            practice=practice,
        )

    def lock(self, work: UnitOfWork) -> None:
        """Let one transaction at a time use this key."""
        if self.idempotency_key is not None:
            work.idempotency.lock(self.idempotency_key, api_key=self.sender)

    def used(self, work: UnitOfWork) -> UsedKey | None:
        """What the key stands for already. Raises: IdempotencyConflict."""
        if self.idempotency_key is None:
            return None
        used = work.idempotency.find(
            self.idempotency_key, practice=self.practice, api_key=self.sender
        )
        if used is not None and used.request_hash != self.request_hash:
            raise IdempotencyConflict("This Idempotency-Key was used for another request.")
        return used

    def keep(self, made: UUID, work: UnitOfWork) -> None:
        """Let the key stand for what was made, also when it stood for something that failed."""
        if self.idempotency_key is not None:
            work.idempotency.keep(
                self.idempotency_key,
                practice=self.practice,
                api_key=self.sender,
                request_hash=self.request_hash,
                made_id=made,
            )

    def keep_answer(self, answer: KeptAnswer, made: UUID, work: UnitOfWork) -> None:
        """Keep what `made` was answered with, if the key still stands for that."""
        if self.idempotency_key is not None:
            work.idempotency.keep_answer(
                answer,
                self.idempotency_key,
                practice=self.practice,
                api_key=self.sender,
                made_id=made,
            )

    def forget(self, made: UUID, work: UnitOfWork) -> None:
        """Let the key be used anew, if it still stands for `made`, which was not made after all."""
        if self.idempotency_key is not None:
            work.idempotency.forget(
                self.idempotency_key, practice=self.practice, api_key=self.sender, made_id=made
            )


def once(
    work: UnitOfWork, request: Repeatable | None, make: Callable[[UnitOfWork], UUID]
) -> tuple[UUID, bool]:
    """Return the id of what is made, and whether the same request made it before.

    Without a request, as from the command line, it is always made. Raises: IdempotencyConflict.
    """
    if request is None:
        return make(work), False
    request.lock(work)
    used = request.used(work)
    if used is not None:
        return used.made_id, True
    made = make(work)
    request.keep(made, work)
    return made, False
