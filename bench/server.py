"""The service as a process of its own, on a port of its own."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

from bench.database import DATA_DIR
from bench.processes import background, child_environment, log_of, program

_START_SECONDS: Final = 60.0
_NAME: Final = "server"
_MANY: Final = "1000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    process: "subprocess.Popen[bytes]"
    port: int


@contextmanager
def server() -> Iterator[Server]:
    port = free_port()
    serve = [program("nacor"), "serve", "--port", str(port), "--no-worker"]
    environment = child_environment(
        NACOR_DATA_DIR=str(DATA_DIR), NACOR_KEY_RATE=_MANY, NACOR_VALIDATE_RATE=_MANY
    )
    with background(serve, _NAME, environment) as process:
        await_server(process, port)
        yield Server(process=process, port=port)


def await_server(server: "subprocess.Popen[bytes]", port: int) -> None:
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
    raise RuntimeError(f"the server does not start; see {log_of(_NAME)}")


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
