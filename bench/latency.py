"""How long one record takes over HTTP, beside a bare transaction that inserts the same rows."""

import http.client
import time
from contextlib import closing
from dataclasses import dataclass

import psycopg

from app.access.keys import hash_of, new_key
from app.storage.key_store import Role
from app.storage.unit_of_work import UnitOfWork
from bench.bare_rows import insert_rows, register_other_practice, rows_of
from bench.database import BenchDatabase
from bench.files import files_of_one_record
from bench.fixed import PRACTICE
from bench.server import connect, server


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
        server() as port,
        closing(connect(port)) as client,
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


def _post(client: http.client.HTTPConnection, key: str, file: bytes) -> str:
    """Send one case file and return the id of its submission."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml"}
    client.request("POST", f"/v1/submissions?practice_id={PRACTICE}", file, headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != http.client.CREATED:
        raise RuntimeError(f"POST was answered {answer.status}: {body.decode()}")
    return answer.headers["Location"].rpartition("/")[2]
