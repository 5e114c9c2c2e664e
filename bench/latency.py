"""How long one record takes over HTTP, beside a bare transaction that inserts the same rows."""

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import psycopg

from app.deployment import create_intake
from app.settings import Settings
from bench import ours
from bench.bare_rows import Insert, insert_rows, register_other_practice, rows_of
from bench.database import DATA_DIR, BenchDatabase
from bench.files import files_of_one_record
from bench.fixed import OTHER_PRACTICE
from bench.measured import BESIDE_A_FILE_TARGET, Latency, LatencyRatio
from bench.posting import key_for_practice, post
from bench.processes import piped
from bench.receiving import receive
from bench.server import connect, server
from bench.setting import Setting
from bench.workers import await_begun, is_under_way, workers

_POST: Final = "POST of one record"
_BARE: Final = "bare transaction"

MayGoOn = Callable[[], bool]


def measure_latencies(setting: Setting) -> Sequence[LatencyRatio]:
    """In quiet, and while a worker takes in a large file of another practice."""
    database, requests, records = setting.database, setting.sizes.requests, setting.sizes.many
    database.pin(setting.cores.every)
    database.empty()
    register_other_practice(database)
    with (
        server() as running,
        closing(connect(running.port)) as client,
        psycopg.connect(database.conninfo("nacor"), autocommit=True) as connection,
    ):
        setting.say(f"{requests} requests of one record")
        both = _Both(client, key_for_practice(database), connection, requests)
        database.empty()
        posted, bare = both.in_turn("in quiet", lambda: True)
        setting.say(f"the same beside a file of {records:,} records")
        database.empty()
        with _large_file_under_way(database, records) as large:
            busy_posted, busy_bare = both.in_turn(
                "beside a large file", lambda: is_under_way(connection, large)
            )
    return [
        LatencyRatio(ours=posted, yardstick=bare),
        LatencyRatio(ours=busy_posted, yardstick=busy_bare, target=BESIDE_A_FILE_TARGET),
        LatencyRatio(ours=busy_posted, yardstick=bare),
    ]


class _Both:
    """Posts every record once to warm up and to learn its rows, then again with the clock on."""

    def __init__(
        self,
        client: http.client.HTTPConnection,
        key: str,
        connection: psycopg.Connection,
        requests: int,
    ) -> None:
        self._client = client
        self._key = key
        self._connection = connection
        self._files = files_of_one_record(requests)
        self._rows = [rows_of(connection, self._post(file)) for file in self._files]

    def in_turn(self, when: str, may_go_on: MayGoOn) -> tuple[Latency, Latency]:
        self._client.close()  # the server has ended it, if it was idle; a request opens it again
        posted, inserted = [], []
        for file, rows in zip(self._files, self._rows, strict=True):
            if not may_go_on():
                break
            posted.append(_seconds(lambda file=file: self._post(file)))  # type: ignore[misc]
            inserted.append(_seconds(lambda rows=rows: self._insert(rows)))  # type: ignore[misc]
        return (
            Latency(what=f"{_POST}, {when}", seconds=tuple(posted)),
            Latency(what=f"{_BARE}, {when}", seconds=tuple(inserted)),
        )

    def _post(self, file: bytes) -> str:
        return post(self._client, self._key, file)

    def _insert(self, rows: list[Insert]) -> None:
        insert_rows(self._connection, rows)


@contextmanager
def _large_file_under_way(database: BenchDatabase, records: int) -> Iterator[str]:
    intake = create_intake(Settings(data_dir=DATA_DIR), database.engine)
    with piped(ours.generator(records, OTHER_PRACTICE)) as file:
        submission = str(receive(intake, file, OTHER_PRACTICE).id)
    with workers(database, 1):
        await_begun(database, submission)
        yield submission


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
