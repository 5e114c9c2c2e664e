"""Stops whatever nobody expected: the sender gets a bare problem, the log gets no values.

A middleware rather than an exception handler, because Starlette raises an unexpected exception
again behind its handler, and the server would log it with its text.
"""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.logs import log_unexpected
from app.web.problems import internal_error
from app.web.request_id import request_id_of


class AnswerBrokenOff(Exception):
    """Tells the server to close the connection: the answer cannot be finished or taken back."""


class BarrierMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:
            log_unexpected(error, request_id_of(scope))
            if started:
                raise AnswerBrokenOff from None
            await internal_error(scope)(scope, receive, send)
