"""A service behind a socket of its own, spoken to as `nacor serve` is."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from app.web.http_server import server_options
from tests.waiting import PATIENCE_SECONDS, wait_for


@contextmanager
def served_port(app: FastAPI, *, trusted_proxies: str = "127.0.0.1") -> Iterator[int]:
    """Serve `app` on a free port of 127.0.0.1."""
    options = server_options(trusted_proxies=trusted_proxies)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **options))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield _port_of(server)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "the service does not stop"


def _port_of(server: uvicorn.Server) -> int:
    wait_for(lambda: server.started, instead=lambda: "the service does not start")
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
