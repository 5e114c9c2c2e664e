"""Two workers on two files, beside one worker on the same files one after the other."""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from subprocess import Popen
from typing import Final

from app.deployment import create_intake
from app.domain.identifiers import PracticeId
from app.settings import Settings
from bench.database import DATA_DIR, BenchDatabase
from bench.files import CaseFile, case_file
from bench.fixed import OTHER_PRACTICE, PRACTICE
from bench.measured import TWO_WORKERS_TARGET, Comparison
from bench.pairs import alternate
from bench.receiving import receive
from bench.setting import Setting
from bench.workers import await_accepted, workers

_ONE_FILE_EACH: Final = {"NACOR_WORKER_FILES": "1"}
_WAYS: Final[Mapping[str, Mapping[str, str]]] = {
    "each a process": {"NACOR_PROCESSES": "1"},
    "as configured": {},
}
"""As it is configured, one worker alone keeps every core busy with its checking processes."""


def compare_two_workers(setting: Setting) -> Iterator[Comparison]:
    setting.database.pin(setting.cores.every)
    records = setting.sizes.few
    files = {practice: case_file(records, practice) for practice in (PRACTICE, OTHER_PRACTICE)}
    for way, settings in _WAYS.items():
        setting.say(f"two workers on two files of {records:,} records, {way}")
        pairs = alternate(
            lambda settings=settings: _seconds(setting.database, files, 1, settings),  # type: ignore[misc]
            lambda settings=settings: _seconds(setting.database, files, 2, settings),  # type: ignore[misc]
            setting.sizes.pairs,
        )
        yield Comparison(
            what=f"two workers on two files, {way}",
            against="one worker on both",
            records=len(files) * records,
            ours=[seconds for _, seconds in pairs],
            yardstick=[seconds for seconds, _ in pairs],
            target=TWO_WORKERS_TARGET,
        )


def _seconds(
    database: BenchDatabase,
    files: Mapping[PracticeId, CaseFile],
    number: int,
    settings: Mapping[str, str],
) -> float:
    """From the moment that both files wait for workers that are ready, to the end of both."""
    database.empty()
    with workers(database, number, **_ONE_FILE_EACH, **settings) as running:
        with _held_still(running):
            received = _receive(database, files)
        began = time.perf_counter()
        await_accepted(database, received)
        return time.perf_counter() - began


def _receive(database: BenchDatabase, files: Mapping[PracticeId, CaseFile]) -> list[str]:
    intake = create_intake(Settings(data_dir=DATA_DIR), database.engine)
    received = []
    for practice, file in files.items():
        with file.path.open("rb") as source:
            received.append(str(receive(intake, source, practice).id))
    return received


@contextmanager
def _held_still(processes: Sequence["Popen[bytes]"]) -> Iterator[None]:
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)
