"""Breaks off the body of a request that comes too slowly: its sender holds a place of others."""

from dataclasses import dataclass

from anyio import current_time, fail_after
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors.requests import BodyTooSlow


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPace:
    """How long a body may be on its way, and how long it may pause."""

    most_seconds: float
    silence_seconds: float


class BodyPaceMiddleware:
    """Raises BodyTooSlow to whoever reads a body that does not keep the pace."""

    def __init__(self, app: ASGIApp, *, pace: BodyPace) -> None:
        self._app = app
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = self._paced(receive)
        await self._app(scope, receive, send)

    def _paced(self, receive: Receive) -> Receive:
        pace = self._pace
        ends_at = current_time() + pace.most_seconds
        is_whole = False

        async def paced() -> Message:
            nonlocal is_whole
            if is_whole:  # then this waits for the sender to leave, however long the answer takes
                return await receive()
            left = min(pace.silence_seconds, ends_at - current_time())
            try:
                with fail_after(max(left, 0)):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow(
                    most_seconds=pace.most_seconds, silence_seconds=pace.silence_seconds
                ) from None
            is_whole = not message.get("more_body", False)
            return message

        return paced
