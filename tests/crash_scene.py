"""Practices with known cases, a large file for each, and processes that can be killed meanwhile."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import psycopg

from app.domain.identifiers import PracticeId, Tin
from app.domain.jobs import Job, Queue, Task
from app.domain.master_keys import MasterKeys
from app.jobs.housekeeping import tidy
from app.storage.database import create_database_engine
from app.storage.migrating import migrate_to_head
from app.storage.sealing.data_keys import DataKeys
from app.synthetic.generate import GenerationPlan, generate_case_file
from app.synthetic.practice import practice_tins
from tests.clear_http import ask_in_clear
from tests.databases import text_of
from tests.own_cluster import OwnCluster, own_cluster
from tests.registry import MASTER_KEY
from tests.seams import Gate, Seam
from tests.sites import PATIENCE_SECONDS, Site, await_process, end, register, site
from tests.stored_state import differing, stored

SEED, WRITTEN_FOR = 3, "12345"
PRACTICES = [str(number) for number in range(10_000, 10_200)]
REFERENCE = PRACTICES[0]
"""The practice whose file is taken in without a crash."""


@cache
def known_file(cases: int) -> bytes:
    """What a practice has sent before: the first cases of the large file, some with other words."""
    earlier = _plan(min(cases // 6, 100))  # taken in within the request
    return b"".join(generate_case_file(earlier)).replace(b"<ASAClass>II<", b"<ASAClass>III<")


@cache
def large_file(cases: int) -> bytes:
    """Creates, replaces, leaves unchanged, holds and rejects.

    It has more than 1 MiB, so that a worker takes it in, with a thread that stores and one that
    reads ahead.
    """
    file = b"".join(generate_case_file(_plan(cases, fault_rate=0.04)))
    remark = b"<!--" + b" nothing to see" * 700 + b" -->\n"
    remarks = max(0, (1 << 20) - len(file)) // len(remark) + 1
    return file.replace(b"</RecordHeader>", b"</RecordHeader>" + remark * remarks)


def registered_tins() -> list[Tin]:
    """All but one: some cases are held."""
    return list(practice_tins(PracticeId(WRITTEN_FOR), SEED))[:-1]


def sent_for(practice: str, file: bytes) -> bytes:
    written, meant = (f"<PracticeID>{each}<".encode() for each in (WRITTEN_FOR, practice))
    return file.replace(written, meant)


def _plan(cases: int, *, fault_rate: float = 0) -> GenerationPlan:
    return GenerationPlan(
        cases=cases,
        year=2024,
        seed=SEED,
        fault_rate=fault_rate,
        detail="small",
        practice_id=WRITTEN_FOR,
    )


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`cases` is how many records a large file has."""

    cluster: OwnCluster
    site: Site
    key: str
    keys: DataKeys
    cases: int
    expected: dict[str, Any] = field(default_factory=dict)

    # --- what senders do ----------------------------------------------------------------------

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **request.pop("headers", {})}
        return ask_in_clear(
            method, self.site.url + path, headers=headers, timeout=PATIENCE_SECONDS, **request
        )

    def read(self, path: str, **parameters: Any) -> Any:
        answer = self.ask("GET", path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, practice: str, file: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
        return self.ask(
            "POST",
            "/v1/submissions",
            params={"practice_id": practice},
            content=file,
            headers={"Content-Type": "application/xml", **headers},
        )

    def send_large(self, practice: str) -> httpx.Response:
        return self.send(practice, self.large_file(practice))

    def large_file(self, practice: str) -> bytes:
        return sent_for(practice, large_file(self.cases))

    def small_file(self, practice: str) -> bytes:
        return sent_for(practice, known_file(self.cases))

    def send_until_taken(self, practice: str) -> httpx.Response:
        """As a vendor's retry loop does; every other answer must tell it to come again."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := self.send_large(practice)).status_code not in (200, 201, 202):
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) > 0
            assert time.monotonic() < deadline, "nobody takes the file"
            time.sleep(0.2)
        return answer

    def know(self, practice: str) -> None:
        """Let the practice have sent its earlier file."""
        answer = self.send(practice, self.small_file(practice))
        assert answer.status_code == 201, answer.text

    # --- what an operator sees ----------------------------------------------------------------

    def ask_database(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with self.cluster.connect() as connection:
            return list(connection.execute(statement.encode(), parameters))

    @contextmanager
    def gate(self, seam: Seam, practice: str) -> Iterator[Gate]:
        """Whoever takes in what the practice has sent is held up at the seam meanwhile."""
        kind = self.reference("SELECT code, severity FROM submission_finding_counts")
        closed = Gate(
            self.cluster.url,
            seam,
            practice=practice,
            reference=REFERENCE,
            new_record=self._record("created"),
            replaced_record=self._record("replaced"),
            code=kind[0],
            severity=kind[1],
        )
        try:
            yield closed
        finally:
            closed.open()

    @contextmanager
    def running_to_the_end(self, seam: Seam, practice: str) -> Iterator[Gate]:
        """A worker has a file of the practice under way meanwhile, and may end it afterwards."""
        self.know(practice)
        with self.gate(seam, practice) as gate:
            assert self.send_large(practice).status_code == 202
            yield gate

    def is_receiving(self) -> bool:
        return any(self.site.blobs.glob("incoming/*"))

    def sha256(self, practice: str) -> str:
        return hashlib.sha256(self.large_file(practice)).hexdigest()

    def reference(self, select: str) -> tuple[Any, ...]:
        rows = self.ask_database(f"{select} WHERE practice_id = %(practice)s", practice=REFERENCE)
        return rows[len(rows) // 2]

    def _record(self, outcome: str) -> str:
        """One in the middle of those of the large file with this outcome."""
        rows = self.ask_database(
            """SELECT anesthesia_record_id FROM submission_records
               WHERE practice_id = %(practice)s AND outcome = %(outcome)s AND submission_id =
                   (SELECT id FROM submissions WHERE practice_id = %(practice)s
                    ORDER BY received_at DESC LIMIT 1)
               ORDER BY number""",
            practice=REFERENCE,
            outcome=outcome,
        )
        record: str = rows[len(rows) // 2][0]
        return record

    def wait_for_end(self, *practices: str) -> None:
        """Until every submission of the practices has its end state and no job is left."""
        with self.cluster.connect() as connection:
            await_process(lambda: _is_over(connection, practices))

    def listed_workers(self) -> set[int]:
        """Those that work, and those that died without a word."""
        return {row[0] for row in self.ask_database("SELECT id FROM procrastinate_workers")}

    def let_silence_pass(self, workers: set[int]) -> None:
        """Put back when they last said something, and let who is alive look who is dead.

        So no test waits for the clock, and none takes a slow worker for a dead one.
        """
        self.ask_database(
            """UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'
               WHERE id = ANY(%(workers)s) RETURNING id""",
            workers=list(workers),
        )
        with self.site.intake() as intake, intake.open_work() as work:
            look = Job(task=Task.LOOK_AFTER, queue=Queue.ERRANDS, arguments={"timestamp": 0})
            work.jobs.add(look)
            work.commit()

    # --- what must hold after any crash -------------------------------------------------------

    def check_as_without_a_crash(self, *practices: str) -> None:
        """Same cases, history, totals, outcomes, findings and figures; one receipt a file."""
        self.wait_for_end(*practices)
        with self.cluster.connect() as connection:
            for practice in practices:
                found = differing(stored(connection, practice, self.keys), self.expected["stored"])
                assert found == {}, f"practice {practice} differs"
        for practice in practices:
            assert self.figures(practice) == self.expected["figures"]
            self._check_retry(practice)
        self.check_only_needed_files_are_kept()

    def _check_retry(self, practice: str) -> None:
        receipts = self.read("/v1/submissions", practice_id=practice)["items"]
        assert len(receipts) == 2  # the earlier file, the large file
        again = self.send_large(practice)
        assert (again.status_code, again.headers["Idempotent-Replay"]) == (200, "true")
        assert again.json()["id"] == receipts[0]["id"]

    def figures(self, practice: str) -> Any:
        counts = self.read(
            "/v1/counts",
            practice_id=practice,
            performance_year=2024,
            group_by="tin,npi,month,facility",
        )
        results = [
            self.read(
                "/v1/measures/results", practice_id=practice, performance_year=2024, level=level
            )
            for level in ("group", "individual")
        ]
        return [_without_when_and_whose(each) for each in (counts, *results)]

    def check_only_needed_files_are_kept(self) -> None:
        """A day later, when what processes left that died has been tidied away."""
        for path in self.site.blobs.rglob("*"):
            if path.is_file():
                os.utime(path, (time.time() - 90_000,) * 2)
        with self.site.intake() as intake:
            tidy(intake)
        needed = {
            row[0]
            for row in self.ask_database(
                "SELECT sha256 FROM submissions WHERE status <> 'rejected'"
            )
        }
        files = [path for path in self.site.blobs.glob("*/**/*") if path.is_file()]
        assert {path.name.partition(".")[0] for path in files} == needed


@contextmanager
def a_scene(folder: Path, *, cases: int) -> Iterator[Scene]:
    """A server, and what a file leaves that was taken in without a crash."""
    with (
        own_cluster() as cluster,
        site(folder, database_url=text_of(cluster.url), worker_files=10) as built,
    ):
        engine = create_database_engine(text_of(cluster.url))
        migrate_to_head(engine)
        key = register(built, PRACTICES, registered_tins())
        keys = DataKeys(engine, MasterKeys([MASTER_KEY]))
        scene = Scene(cluster=cluster, site=built, key=key, keys=keys, cases=cases)
        built.start_server()
        _observe_the_reference(scene)
        yield scene
        engine.dispose()


def _observe_the_reference(scene: Scene) -> None:
    scene.know(REFERENCE)
    worker = scene.site.start_worker("undisturbed")
    assert scene.send_large(REFERENCE).status_code == 202
    scene.wait_for_end(REFERENCE)
    assert end(worker) == 0
    with scene.cluster.connect() as connection:
        scene.expected["stored"] = stored(connection, REFERENCE, scene.keys)
    scene.expected["figures"] = scene.figures(REFERENCE)


def _is_over(connection: psycopg.Connection, practices: tuple[str, ...]) -> bool:
    left = connection.execute(
        """SELECT FROM submissions WHERE practice_id = ANY(%(practices)s)
               AND (finished_at IS NULL OR EXISTS (
                   SELECT FROM procrastinate_jobs j WHERE j.task_name = 'process_submission'
                   AND j.args->>'submission_id' = submissions.id::text))""",
        {"practices": list(practices)},
    )
    return left.rowcount == 0


def _without_when_and_whose(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("as_of", "practice_id")}


@dataclass(kw_only=True)
class Sender:
    """Somebody who sends a file, the large one if not told, while the test does other things."""

    scene: Scene
    practice: str
    file: bytes | None = None
    hears: httpx.Response | Exception | None = None
    go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._body: Callable[[], bytes | Iterator[bytes]] = self._whole

    def start(self) -> "Sender":
        self._thread.start()
        return self

    def start_and_pause(self) -> "Sender":
        """Send one half; the other one follows when `go_on` is set."""
        self._body = self._halves
        return self.start()

    def answer(self) -> httpx.Response | Exception:
        self._thread.join(PATIENCE_SECONDS)
        assert self.hears is not None, "the sender hears nothing"
        return self.hears

    def _whole(self) -> bytes:
        return self.scene.large_file(self.practice) if self.file is None else self.file

    def _halves(self) -> Iterator[bytes]:
        file = self._whole()
        half = len(file) // 2
        yield file[:half]
        self.go_on.wait(PATIENCE_SECONDS)
        yield file[half:]

    def _send(self) -> None:
        try:
            self.hears = self.scene.send(self.practice, self._body())
        except httpx.TransportError as error:
            self.hears = error


def terminate(looker: psycopg.Connection, pids: list[int]) -> None:
    """What the database does itself once it notices that a client is gone."""
    for pid in pids:
        looker.execute("SELECT pg_terminate_backend(%s, 30000)", (pid,))  # waits for its end
