"""A line to a server on this machine, that breaks in the middle of answers or is held up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

from tests.waiting import PATIENCE_SECONDS


@dataclass(kw_only=True)
class Line:
    """`times` more connections break once they have carried `after_bytes` of answers.

    `called` is set with the first connection; while `goes_on` is not set, none gets through.
    """

    endpoint: str
    after_bytes: int
    times: int
    called: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)


@contextmanager
def breaking_line(to: str, *, after_bytes: int, times: int) -> Iterator[Line]:
    there = urlsplit(to)
    line = Line(endpoint="", after_bytes=after_bytes, times=times)
    line.goes_on.set()

    class Relay(BaseRequestHandler):
        def handle(self) -> None:
            assert there.port is not None
            line.called.set()
            line.goes_on.wait(timeout=PATIENCE_SECONDS)
            with socket.create_connection(("127.0.0.1", there.port)) as server:
                asking = threading.Thread(target=_copy, args=(self.request, server), daemon=True)
                asking.start()
                _answer(server, self.request, line)
                for end in (server, self.request):
                    with suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
                asking.join()

    class Relays(ThreadingTCPServer):
        daemon_threads = True

    with Relays(("127.0.0.1", 0), Relay) as relays:
        line.endpoint = f"http://127.0.0.1:{relays.server_address[1]}"
        running = threading.Thread(target=relays.serve_forever, kwargs={"poll_interval": 0.02})
        running.start()
        try:
            yield line
        finally:
            relays.shutdown()
            running.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)


def _answer(server: socket.socket, client: socket.socket, line: Line) -> None:
    carried = 0
    with suppress(OSError):
        while data := server.recv(1 << 16):
            carried += len(data)
            if line.times and carried > line.after_bytes:
                line.times -= 1
                return
            client.sendall(data)
