"""A service behind a socket of its own, spoken to as `nacor serve` is."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import uvicorn
from fastapi import FastAPI

from app.web.http_server import server_options

_START_SECONDS = 30


@contextmanager
def served_port(app: FastAPI, *, trusted_proxies: str = "127.0.0.1") -> Iterator[int]:
    """Serve `app` on a free port of 127.0.0.1."""
    options = server_options(trusted_proxies=trusted_proxies)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **options))
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield _port_of(server)
    finally:
        server.should_exit = True
        thread.join()


def _port_of(server: uvicorn.Server) -> int:
    deadline = monotonic() + _START_SECONDS
    while not server.started:
        assert monotonic() < deadline, "the service did not start"
        sleep(0.02)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
