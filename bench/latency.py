"""How long one record takes over HTTP, beside a bare transaction that inserts the same rows."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from app.access.keys import hash_of, new_key
from app.storage.key_store import Role
from app.storage.unit_of_work import UnitOfWork
from bench.bare_rows import insert_rows, register_other_practice, rows_of
from bench.database import DATA_DIR, BenchDatabase
from bench.files import files_of_one_record
from bench.fixed import OUT, PRACTICE
from bench.processes import child_environment, program

_START_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Seconds of each request and of each bare transaction, taken in turn."""

    requests: list[float]
    bare: list[float]


def measure_latency(database: BenchDatabase, requests: int) -> Latencies:
    """Post every record once to warm up and to learn its rows, then again with the clock on."""
    files = files_of_one_record(requests)
    database.empty()
    register_other_practice(database)
    key = _new_key(database)
    with (
        _server() as port,
        closing(_connect(port)) as client,
        psycopg.connect(database.conninfo("nacor"), autocommit=True) as connection,
    ):
        rows = [rows_of(connection, _post(client, key, file)) for file in files]
        database.empty()
        posted, inserted = [], []
        for file, of_record in zip(files, rows, strict=True):
            started = time.perf_counter()
            _post(client, key, file)
            posted.append(time.perf_counter() - started)
            started = time.perf_counter()
            insert_rows(connection, of_record)
            inserted.append(time.perf_counter() - started)
    return Latencies(requests=posted, bare=inserted)


def _new_key(database: BenchDatabase) -> str:
    key = new_key()
    with UnitOfWork(database.engine) as work:
        work.keys.add(hash_of(key), role=Role.PRACTICE, practice_ids=[PRACTICE], sandbox=False)
        work.commit()
    return key


@contextmanager
def _server() -> Iterator[int]:
    port = _free_port()
    settings = {"NACOR_DATA_DIR": str(DATA_DIR), "NACOR_KEY_RATE": "1000000"}
    with (
        (OUT / "server.log").open("wb") as log,
        subprocess.Popen(
            [program("nacor"), "serve", "--port", str(port), "--no-worker"],
            env=child_environment(**settings),
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            _await_server(server, port)
            yield port
        finally:
            server.terminate()


def _await_server(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with closing(_connect(port)) as client:
            try:
                client.request("GET", "/healthz")
                client.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                return
    raise RuntimeError(f"the server does not start; see {OUT / 'server.log'}")


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _post(client: http.client.HTTPConnection, key: str, file: bytes) -> str:
    """Send one case file and return the id of its submission."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml"}
    client.request("POST", f"/v1/submissions?practice_id={PRACTICE}", file, headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != http.client.CREATED:
        raise RuntimeError(f"POST was answered {answer.status}: {body.decode()}")
    return answer.headers["Location"].rpartition("/")[2]
