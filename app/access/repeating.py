"""Requests about what belongs to a key, and that come again, as their Idempotency-Key tells."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.errors import IdempotencyConflict
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.unit_of_work import UnitOfWork

NO_PRACTICE: Final = PracticeId("")
"""For a request that is known by its key and its sender alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A request that its sender may send again under the same Idempotency-Key."""

    caller: Principal
    idempotency_key: str | None
    asked: str


def once_if_repeatable(
    work: UnitOfWork, request: Repeatable | None, make: Callable[[UnitOfWork], UUID]
) -> tuple[UUID, bool]:
    """As `once`; without a request, as from the command line, always made. Raises: the same."""
    if request is None:
        return make(work), False
    return once(work, request.idempotency_key, request.caller, request.asked, make)


def once(
    work: UnitOfWork,
    idempotency_key: str | None,
    caller: Principal,
    asked: str,
    make: Callable[[UnitOfWork], UUID],
) -> tuple[UUID, bool]:
    """Return the id of what is made, and whether the same request made it before.

    Raises: IdempotencyConflict.
    """
    if idempotency_key is None:
        return make(work), False
    request_hash = hashlib.sha256(asked.encode()).hexdigest()
    work.idempotency.lock(idempotency_key, api_key=caller.id)
    used = work.idempotency.find(idempotency_key, practice=NO_PRACTICE, api_key=caller.id)
    if used is not None and used.request_hash != request_hash:
        raise IdempotencyConflict("This Idempotency-Key was used for another request.")
    if used is not None:
        return used.made_id, True
    made = make(work)
    work.idempotency.keep(
        idempotency_key,
        practice=NO_PRACTICE,
        api_key=caller.id,
        request_hash=request_hash,
        made_id=made,
    )
    return made, False
