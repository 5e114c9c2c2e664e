"""Forms that come twice, as by a double click, are done once: the second gets the first's answer.

Each form of a page holds a word of its own. What it led to is kept beside the word, as answers of
the API are beside an Idempotency-Key.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import uuid_utils.compat as uuids
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from app.access.attempts import Attempt
from app.access.browser_secrets import hash_of_secret, new_secret
from app.access.dependencies import work_within
from app.access.repeating import Repeatable
from app.domain.errors.requests import IdempotencyConflict
from app.domain.errors.service import ServiceBusy
from app.domain.principals import Principal
from app.storage.access.idempotency_store import KeptAnswer

_FIELD: Final = "once"
_WAITED_SECONDS: Final = 20.0
_LOOK_AGAIN_SECONDS: Final = 0.1
_SEE_OTHER: Final = 303


class DoneBefore(Exception):
    """The same form came before; `location` is where it led to."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


def word_of_form() -> str:
    return new_secret()


async def begin_once(request: Request, caller: Principal, pairs: Sequence[tuple[str, str]]) -> None:
    """Raises: DoneBefore; IdempotencyConflict when it said something else before; ServiceBusy."""
    word = dict(pairs).get(_FIELD)
    if not word:
        return
    key = f"form {hash_of_secret(word).hex()}"
    attempt = Attempt(
        request=Repeatable.of(caller, key, asked=_asked(request, pairs)),
        id=uuids.uuid7(),
        open_work=work_within(request, caller),
    )
    kept = await _begun(attempt)
    if kept is not None:
        raise DoneBefore(kept.headers["Location"])
    request.state.attempt = attempt


async def end_once(request: Request, answer: Response | None) -> None:
    """Keep where the form led to; one that was refused may be sent again."""
    attempt: Attempt | None = getattr(request.state, "attempt", None)
    if attempt is not None:
        await run_in_threadpool(attempt.end, _kept(answer))


async def _begun(attempt: Attempt) -> KeptAnswer | None:
    """Wait for the first of two that come at once: who clicked twice sees the second's answer."""
    until = time.monotonic() + _WAITED_SECONDS
    while True:
        try:
            return await run_in_threadpool(attempt.begin)
        except IdempotencyConflict:
            raise IdempotencyConflict(
                "This form was sent before and said something else then. Open the page again."
            ) from None
        except ServiceBusy:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _kept(answer: Response | None) -> KeptAnswer | None:
    if answer is None or answer.status_code != _SEE_OTHER:
        return None
    return KeptAnswer(status=_SEE_OTHER, headers={"Location": answer.headers["location"]}, body="")


def _asked(request: Request, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{request.url.path}?{request.url.query}\n{list(pairs)}"
