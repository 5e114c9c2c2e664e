"""Processes that check the records of large case files; started when they are first needed."""

import multiprocessing
import threading
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from types import TracebackType
from typing import Final, Self, TypeVar

from app.checking.process import RunResult, SumUp, check_run, is_open, open_process
from app.checking.standards import Standards
from app.xsd.reads import RecordRun

RUN_BYTES: Final = 256 << 10
"""As quick as twice as much, and the process that cuts and waits holds 4 MiB less; a file of 4 MiB
keeps sixteen processes busy, and two of them to its end.
"""
WORTH_BYTES: Final = 1 << 20
"""A file that somebody waits for is answered sooner by several processes from this size on."""
_RUNS_AHEAD: Final = 2
"""For each process: one at work, one waiting for it."""

S = TypeVar("S")


class CheckingPool:
    """`standards` are read once, by the owner of the pool: all processes have the same.

    `start_method` is one of multiprocessing: None is the quickest, for a process without threads
    of its own; a service takes "spawn". A process gets records of about `run_bytes` at a time.
    """

    def __init__(
        self,
        processes: int,
        standards: Standards,
        *,
        start_method: str | None = None,
        run_bytes: int = RUN_BYTES,
    ) -> None:
        self.run_bytes = run_bytes
        self.most_under_way = _RUNS_AHEAD * processes
        self._processes = processes
        self._standards = standards
        self._context = multiprocessing.get_context(start_method)
        self._pool: ProcessPoolExecutor | None = None
        self._opening: Future[bool] | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the processes now: forks are to be made before there are threads."""
        self._opened()

    def ready_for(self, file_bytes: int) -> Self | None:
        """Return this pool where a file of that size is checked sooner with it, else None.

        The first to ask has the processes started and does not wait for them.
        """
        if file_bytes < WORTH_BYTES or self._is_closed:
            return None
        self._opened()
        return self if self._opening is not None and self._opening.done() else None

    def close(self) -> None:
        """End the processes. Whoever still has runs reads them itself."""
        with self._lock:
            self._is_closed = True
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(
        self, run: RecordRun, version_id: str, day: date, sum_up: SumUp[S]
    ) -> "Future[RunResult[S] | None]":
        pool = self._opened()
        try:
            return pool.submit(check_run, run, version_id, day, sum_up)
        except BrokenProcessPool:  # a process was killed: a pool does not get over that
            self._forget(pool)
            return self._opened().submit(check_run, run, version_id, day, sum_up)
        except RuntimeError:
            if not self._is_closed:
                raise
            return _not_done()

    def _opened(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=self._context,
                    initializer=open_process,
                    initargs=(self._standards.rules.rules, self._standards.schemas.folder),
                )
                # One for each: processes that are started afresh come as work does.
                for _ in range(self._processes):
                    self._opening = self._pool.submit(is_open)
            return self._pool

    def _forget(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None


def result_of(future: "Future[RunResult[S] | None]") -> RunResult[S] | None:
    """What came of a run; None when it is no run, or when nobody did it: then read it here.

    Raises: RunFailed.
    """
    try:
        return future.result()
    except (BrokenProcessPool, CancelledError):
        return None


def _not_done() -> "Future[RunResult[S] | None]":
    future: Future[RunResult[S] | None] = Future()
    future.set_result(None)
    return future
