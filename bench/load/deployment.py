"""A deployment of its own: database, server, worker; gone when the load is over."""

import contextlib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.access.keys import hash_of, new_key
from app.domain.principals import Role
from app.roster.service import register_practice
from app.storage.unit_of_work import UnitOfWork
from bench.database import DATA_DIR, BenchDatabase, bench_database
from bench.fixed import OUT
from bench.load.plan import PracticeRecords
from bench.processes import child_environment, program
from bench.server import await_server, free_port

_KIB_IN_MIB: Final = 1024
_MANY: Final = "1000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    url: str
    database: BenchDatabase
    processes: dict[str, "subprocess.Popen[bytes]"]

    def enroll(self, records: PracticeRecords) -> str:
        """Register a practice with its TINs and return a key that may send for it."""
        register_practice(
            records.practice, name="Under load", tins=records.tins, open_work=self._open_work
        )
        key = new_key()
        with self._open_work() as work:
            work.keys.add(
                hash_of(key), role=Role.PRACTICE, practice_ids=[records.practice], sandbox=False
            )
            work.commit()
        return key

    def _open_work(self) -> UnitOfWork:
        return UnitOfWork(self.database.engine)

    def verify(self) -> bool:
        """Whether all that is kept follows from the records as received."""
        done = subprocess.run(
            [program("nacor"), "verify"], env=_environment(), capture_output=True, check=False
        )
        return done.returncode == 0

    def peak_mib(self) -> dict[str, float]:
        """The largest resident memory of each process so far."""
        return {name: _peak_mib(process.pid) for name, process in self.processes.items()}


@contextmanager
def deployment(workers: int) -> Iterator[Deployment]:
    with bench_database() as database, ExitStack() as stack:
        port = free_port()
        serve = ["serve", "--port", str(port), "--no-worker"]
        processes = {"server": stack.enter_context(_running(serve, "server"))}
        for number in range(1, workers + 1):
            name = f"worker {number}"
            processes[name] = stack.enter_context(_running(["worker"], name.replace(" ", "-")))
        await_server(processes["server"], port)
        yield Deployment(url=f"http://127.0.0.1:{port}", database=database, processes=processes)


@contextmanager
def _running(command: list[str], name: str) -> Iterator["subprocess.Popen[bytes]"]:
    log = OUT / f"load-{name}.log"
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [program("nacor"), *command], env=_environment(), stdout=written, stderr=written
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    return child_environment(NACOR_DATA_DIR=str(DATA_DIR), NACOR_KEY_RATE=_MANY)


def _peak_mib(process: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KIB_IN_MIB
    return float("nan")
