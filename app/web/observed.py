"""What an operator sees of a request, for the access log and the metrics alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.request_id import request_id_of

UNMATCHED: Final = "unmatched"
_CLIENT_CLOSED: Final = 499  # nginx's status for a client that did not wait for its answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`route` is the template, /v1/cases/{case_id}: a path may hold whatever was typed into it."""

    method: str
    route: str
    status: int
    seconds: float
    request_id: str


class ObservingMiddleware:
    """Tells each observer about every request that is over."""

    def __init__(self, app: ASGIApp, observers: tuple[Callable[[Observation], None], ...]) -> None:
        self._app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = _CLIENT_CLOSED

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            seen = Observation(
                method=scope["method"],
                route=_template(scope),
                status=status,
                seconds=time.perf_counter() - began,
                request_id=request_id_of(scope),
            )
            for observe in self._observers:
                observe(seen)


def _template(scope: Scope) -> str:
    # Routers carry their whole prefix: FastAPI leaves out here what include_router was given.
    return str(getattr(scope.get("route"), "path", UNMATCHED))
