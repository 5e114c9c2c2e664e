"""The service as a process of its own, on a port of its own."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from bench.database import DATA_DIR
from bench.fixed import OUT
from bench.processes import child_environment, program

_START_SECONDS: Final = 60.0


@contextmanager
def server() -> Iterator[int]:
    port = _free_port()
    settings = {"NACOR_DATA_DIR": str(DATA_DIR), "NACOR_KEY_RATE": "1000000"}
    with (
        (OUT / "server.log").open("wb") as log,
        subprocess.Popen(
            [program("nacor"), "serve", "--port", str(port), "--no-worker"],
            env=child_environment(**settings),
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            _await_server(process, port)
            yield port
        finally:
            process.terminate()


def _await_server(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with closing(connect(port)) as client:
            try:
                client.request("GET", "/healthz")
                client.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                return
    raise RuntimeError(f"the server does not start; see {OUT / 'server.log'}")


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
