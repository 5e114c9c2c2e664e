"""How HTTP is spoken on the wire: what a server process takes from whoever connects."""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.web.ending import tell_ending
from app.web.problems import MEDIA_TYPE

MOST_HEADERS: Final = 100
MOST_HEAD_BYTES: Final = 32 << 10
"""Of the address and the headers together."""


class _HeadTooLarge(Exception):
    """Ends the parsing of a request; the parser makes its own error of it."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's, which by itself takes headers without end and waits for them for ever.

    A request has `head_seconds` for its headers, and a new connection for those of its first one.
    """

    head_seconds: float = 20

    _in_head = _in_message = False
    _told_bytes = _fed_bytes = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._ending = asyncio.Event()
        self._wait_for_head()

    def shutdown(self) -> None:
        """What uvicorn calls when it is told to stop, before it waits for the answers under way."""
        self._ending.set()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        super().data_received(data)
        if self.transport.is_closing():
            return
        if was_in_head and self._in_head:
            # The parser tells of a header once it has all of it: of one without end, never.
            self._fed_bytes += len(data)
            if self._fed_bytes > MOST_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._is_idle():
            self._wait_for_head()  # uvicorn waits no longer: it took an empty line for a request

    def on_message_begin(self) -> None:
        super().on_message_begin()
        tell_ending(self.scope, self._ending)
        self._in_head = self._in_message = True
        self._told_bytes = self._fed_bytes = 0
        self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)
        if len(self.headers) > MOST_HEADERS:
            raise _HeadTooLarge

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_message = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn answers to what cannot be parsed."""
        told_all = self._told_bytes <= MOST_HEAD_BYTES and len(self.headers or ()) <= MOST_HEADERS
        self._refuse(
            HTTPStatus.BAD_REQUEST if told_all else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        )

    def _count(self, size: int) -> None:
        self._told_bytes += size
        if self._told_bytes > MOST_HEAD_BYTES:
            raise _HeadTooLarge

    def _is_idle(self) -> bool:
        """Whether no request is under way and nobody watches how long that lasts."""
        is_answered = self.cycle is None or self.cycle.response_complete
        is_watched = self._timer is not None or self.timeout_keep_alive_task is not None
        return not self._in_message and is_answered and not is_watched

    def _wait_for_head(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with a problem and close: what follows cannot be told apart from a request."""
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
        body = json.dumps(problem).encode()
        lines = (
            f"HTTP/1.1 {status.value} {status.phrase}",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            "connection: close",
        )
        head = "\r\n".join([*lines, "", ""])
        self.transport.write(head.encode() + body)
        self.transport.close()


def server_options(*, trusted_proxies: str) -> dict[str, Any]:
    """Return what `uvicorn.run` and `uvicorn.Config` are given, however the service is started.

    `trusted_proxies` are addresses and networks, separated by commas: only what comes from them is
    believed when its X-Forwarded-For and X-Forwarded-Proto speak for somebody else.
    """
    return {
        "http": BoundedHttpProtocol,
        "ws": "none",
        "proxy_headers": True,
        "forwarded_allow_ips": trusted_proxies,
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }
