"""Posts to addresses that strangers chose: only where it is allowed, and never for long."""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from functools import cached_property
from ipaddress import ip_address
from threading import Thread
from typing import Any, Final

import httpcore

from app.domain.notices import NoticeFailure, Tried
from app.notices.reach import Reach

_SECONDS: Final = 15.0
_MOST_READ_BYTES: Final = 16 << 10
_GONE: Final = 410

_Found = tuple[Any, ...]


class AddressNotAllowed(Exception):
    """The name of the host stands for no address that may be connected to."""


class Poster:
    """Posts over TLS, follows no redirect, uses no proxy, and is done within `seconds`."""

    def __init__(self, reach: Reach, *, seconds: float = _SECONDS) -> None:
        self._reach = reach
        self._seconds = seconds

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Tried:
        """Blocks; not to be called in the thread of an event loop."""
        try:
            status = asyncio.run(self._post(url, headers, body))
        except AddressNotAllowed:
            return Tried(failure=NoticeFailure.ADDRESS_NOT_ALLOWED)
        except (TimeoutError, httpcore.TimeoutException):
            return Tried(failure=NoticeFailure.TIMED_OUT)
        except httpcore.ConnectError as error:
            return Tried(
                failure=NoticeFailure.TLS if _is_of_tls(error) else NoticeFailure.UNREACHABLE
            )
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Tried(failure=NoticeFailure.UNREACHABLE)
        return _answered(status)

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        async with (
            asyncio.timeout(self._seconds),
            self._connections() as connections,
            connections.stream("POST", url, headers=[*headers.items()], content=body) as answer,
        ):
            await _read_a_little(answer)
            return answer.status

    def _connections(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls, network_backend=_GuardedNetwork(self._reach)
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Trusts whom the machine trusts, so that SSL_CERT_FILE adds an authority of one's own."""
        return ssl.create_default_context()


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves names itself and connects to the very address that it found to be allowed.

    To ask for a name twice, once to judge it and once to connect, would let its owner answer
    otherwise the second time (DNS rebinding). TLS goes on to be held against the name.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = AddressNotAllowed()
        for address in await _resolve(host, port):
            if not self._reach.allows(ip_address(address)):
                continue
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure


async def _resolve(host: str, port: int) -> list[str]:
    """In a thread that nobody waits for: `asyncio.run` would wait for one of the loop to end."""
    answer: Future[list[_Found]] = Future()

    def ask() -> None:
        answer.set_running_or_notify_cancel()
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=ask, name="resolver", daemon=True).start()
    try:
        found = await asyncio.wrap_future(answer)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label that no name can have
        raise httpcore.ConnectError("the name of the host is not known") from error
    return [str(address[0]).partition("%")[0] for *_, address in found]


async def _read_a_little(answer: httpcore.Response) -> None:
    """To close on a sender who is still writing would look like a fault to it. Nothing is kept."""
    read = 0
    async for chunk in answer.aiter_stream():
        read += len(chunk)
        if read >= _MOST_READ_BYTES:
            return


def _is_of_tls(error: BaseException | None) -> bool:
    """The libraries between wrap what OpenSSL said in errors of their own."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


def _answered(status: int) -> Tried:
    if 200 <= status < 300:
        return Tried(status=status)
    if status == _GONE:
        return Tried(failure=NoticeFailure.GONE, status=status, is_final=True)
    return Tried(failure=NoticeFailure.REFUSED, status=status)
