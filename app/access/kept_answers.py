"""Idempotency-Key for every POST that does not read it by itself: the first answer is kept."""

import hashlib
import json
from collections.abc import Callable, Coroutine
from functools import partial
from inspect import signature
from typing import Any, Final, cast

import uuid_utils.compat as uuids
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param
from starlette.types import Message

from app.access.attempts import Attempt
from app.access.calls import CALLS
from app.access.dependencies import identified, work_within
from app.access.repeating import Repeatable
from app.access.rights import Right, require, require_practice
from app.domain.errors.access import NotAuthenticated, NotPermitted
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.access.idempotency_store import KeptAnswer
from app.web.idempotency import KEY_HEADER, KEY_MAX_LENGTH
from app.web.json_bodies import whole_body
from app.web.rate_limit import RateLimits

_MOST_BYTES: Final = 1 << 20
"""As much as the largest body that such a call reads."""
_KEPT_HEADERS: Final = ("Location", "ETag")
_DESCRIBED: Final = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX_LENGTH},
    "description": "The same request under the same key is done once and answered alike.",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KeepsAnswers(APIRoute):
    """For `route_class` of a router."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        reads_it_itself = "idempotency_key" in signature(endpoint).parameters
        self._keeps = "POST" in (options.get("methods") or ()) and not reads_it_itself
        if self._keeps:
            extra = options.get("openapi_extra") or {}
            options["openapi_extra"] = {**extra, "parameters": [_DESCRIBED]}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        call = f"POST {self.path_format}"
        return partial(_answer_once, handler, call) if self._keeps else handler


async def _answer_once(handler: Handler, call: str, request: Request) -> Response:
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return await handler(request)
    if not 1 <= len(key) <= KEY_MAX_LENGTH:
        raise InvalidRequest(f"{KEY_HEADER}: it must have 1 to {KEY_MAX_LENGTH} characters.")
    caller = await run_in_threadpool(_caller_of, request)
    if caller is None:
        return await handler(request)  # which refuses it
    body = await whole_body(request, at_most=_MOST_BYTES)
    this = Attempt(
        request=Repeatable(
            sender=caller.id, idempotency_key=key, request_hash=_hash_of(request, body)
        ),
        id=uuids.uuid7(),
        open_work=work_within(request, caller),
    )
    kept = await run_in_threadpool(this.begin)
    if kept is not None:
        _limits(request).keys.take(str(caller.id))
        _require_still(call, caller, kept, request)
        return _given_again(kept)
    return await _carried_out(this, handler, Request(request.scope, _sends(body)))


async def _carried_out(this: Attempt, handler: Handler, request: Request) -> Response:
    try:
        answer = await handler(request)
    except Exception:
        await run_in_threadpool(this.end, None)
        raise
    await run_in_threadpool(this.end, _kept(answer))
    return answer


def _caller_of(request: Request) -> Principal | None:
    scheme, secret = get_authorization_scheme_param(request.headers.get("Authorization"))
    key = secret if scheme.lower() == "bearer" and secret else None
    state = request.app.state
    try:
        return identified(request, key, find_key=state.find_key, sessions=state.sessions)
    except (NotAuthenticated, NotPermitted):
        return None


def _require_still(call: str, caller: Principal, kept: KeptAnswer, request: Request) -> None:
    """What was answered when somebody had a right is not told when they have lost it.

    Raises: NotPermitted.
    """
    right = CALLS[call]
    assert isinstance(right, Right), "what stores something needs one"
    practice = request.path_params.get("practice_id") or json.loads(kept.body).get("practice_id")
    if practice is None:
        require(caller, right)
    else:
        require_practice(caller, right, PracticeId(practice))


def _hash_of(request: Request, body: bytes) -> str:
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + body).hexdigest()


def _kept(answer: Response) -> KeptAnswer:
    headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    return KeptAnswer(
        status=answer.status_code, headers=headers, body=bytes(answer.body).decode("utf-8")
    )


def _given_again(kept: KeptAnswer) -> Response:
    """What was created by then is only found now, so it is 200 for 201."""
    return Response(
        kept.body,
        status_code=200 if kept.status == 201 else kept.status,
        headers={**kept.headers, "Idempotent-Replay": "true"},
        media_type="application/json",
    )


def _sends(body: bytes) -> Callable[[], Coroutine[Any, Any, Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _limits(request: Request) -> RateLimits:
    return cast(RateLimits, request.app.state.rate_limits)
