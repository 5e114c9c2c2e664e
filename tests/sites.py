"""A deployment as an operator runs it: processes of `nacor` that share a database and a folder."""

import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from app.access.keys import hash_of, new_key
from app.deployment import create_intake
from app.domain.identifiers import PracticeId, Tin
from app.domain.principals import Role
from app.intake.service import Intake
from app.opening import create_engine_for
from app.roster.service import register_practice
from app.settings import Settings
from app.storage.unit_of_work import UnitOfWork
from tests.clear_http import ask_in_clear
from tests.processes import NACOR, free_port, without_settings
from tests.registry import MASTER_KEY
from tests.waiting import PATIENCE_SECONDS, wait_for

await_process = partial(wait_for, every_seconds=0.05)
"""For what other processes do, which need the processors themselves."""

PROJECT = Path(__file__).parents[1]

Process = subprocess.Popen[bytes]


@dataclass(kw_only=True)
class Site:
    """`port` is that of its server, also of the next one after the first was killed."""

    folder: Path
    port: int
    environment: Mapping[str, str]
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def server(self) -> Process:
        return self.processes["server"]

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    def start_server(self) -> Process:
        """A server that leaves large files to workers."""
        process = self.start("serve", "--no-worker", "--port", str(self.port), name="server")
        await_process(lambda: self._is_ready(process))
        return process

    def start_worker(self, name: str, **settings: object) -> Process:
        """Its connections to the database bear its name; `settings` differ from those of others."""
        return self.start("worker", name=name, **settings)

    def start(self, *words: str, name: str, **settings: object) -> Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [NACOR, *words],
                cwd=PROJECT,
                env={**self._environ(), **environment_of(settings), "PGAPPNAME": name},
                stderr=log,
            )
        self.processes[name] = process
        return process

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [NACOR, *words],
            cwd=PROJECT,
            env=self._environ(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def kill_all(self) -> None:
        for process in self.processes.values():
            kill(process)

    def kill_workers(self) -> None:
        for process in self.processes.values():
            if process is not self.server:
                kill(process)

    @contextmanager
    def intake(self) -> Iterator[Intake]:
        """The intake of this deployment in this process, for what an operator waits hours for."""
        settings = Settings.from_environ(self.environment)
        engine = create_engine_for(settings)
        yield create_intake(settings, engine)
        engine.dispose()

    def _environ(self) -> dict[str, str]:
        return {**without_settings(), **self.environment}

    def _is_ready(self, process: Process) -> bool:
        assert process.poll() is None, self.log_of("server")
        try:
            return ask_in_clear("GET", f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def environment_of(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"NACOR_{name.upper()}": str(value) for name, value in settings.items()}


def register(site: Site, practices: list[str], tins: list[Tin]) -> str:
    """Register the practices, and return the key of somebody who sends and reads for all."""
    engine = create_engine_for(Settings.from_environ(site.environment))
    key, ids = new_key(), [PracticeId(each) for each in practices]
    for each in ids:
        register_practice(
            each, name="Lakeside Anesthesia", tins=tins, open_work=lambda: UnitOfWork(engine)
        )
    with UnitOfWork(engine) as work:
        work.keys.add(hash_of(key), role=Role.PRACTICE, practice_ids=ids, sandbox=False)
        work.commit()
    engine.dispose()
    return key


def kill(process: Process) -> None:
    """As `kill -9` does."""
    process.kill()
    process.wait()


def end(process: Process, *, seconds: float = PATIENCE_SECONDS) -> int:
    """Ask a process to end, as an operator's supervisor does; return its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=seconds)


@contextmanager
def site(folder: Path, *, database_url: str, **settings: Any) -> Iterator[Site]:
    chosen = {
        "database_url": database_url,
        "data_dir": folder,
        "secret_key": MASTER_KEY,
        "key_rate": 1_000_000,
        "processes": 1,
        "worker_silence_seconds": 3,
        "retry_seconds": 0.5,
        "patience_seconds": PATIENCE_SECONDS,  # a test holds files up for as long as it needs
        **settings,
    }
    built = Site(folder=folder, port=free_port(), environment=environment_of(chosen))
    try:
        yield built
    finally:
        built.kill_all()
