"""Processes that check the records of large case files; started when the first run comes."""

import multiprocessing
import threading
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from types import TracebackType
from typing import Final, Self, TypeVar

from app.checking.process import RunResult, SumUp, check_run, is_open, open_process
from app.checking.standards import Standards
from app.xsd.reader import RecordRun

RUN_BYTES: Final = 1 << 20
_RUNS_AHEAD: Final = 2
"""For each process: one at work, one waiting for it."""

S = TypeVar("S")


class CheckingPool:
    """`standards` are read once, by the owner of the pool: all processes have the same.

    `start_method` is one of multiprocessing: None is the quickest, for a process without threads
    of its own; a service takes "spawn". Shorter files than `run_bytes` are checked by the caller.
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
        self._opened().submit(is_open)

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
