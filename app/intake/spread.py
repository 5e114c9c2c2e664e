"""Checks the records of a large case file in several processes, in the order of the file.

Whole stretches of records are read, checked and summed up elsewhere; what comes out is the same as
one process would have given.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

from app.intake.checking import Checked, CheckedRecord, Checker, Expectation, RecordChecker
from app.intake.checks import Twins
from app.intake.rule_findings import RecordRules
from app.intake.standards import Standards, load_standards
from app.xsd.catalogue import SchemaVersion
from app.xsd.reader import CaseFileReader, HeaderRead, RecordRun, RunsOver
from app.xsd.runs import NoRun, read_run
from app.xsd.window import Source

RUN_BYTES: Final = 1 << 20
_RUNS_AHEAD: Final = 2
"""For each process: one at work, one waiting for it."""

S = TypeVar("S")

SumUp = Callable[[Sequence[CheckedRecord]], S]
"""Makes of the records of a run what goes back to the caller. It is pickled, and so is the sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunResult(Generic[S]):
    """`ids` are those of the records that are no twins within the run, with their numbers."""

    ids: tuple[tuple[str, int], ...]
    sum: S


class CheckingPool:
    """Processes that check runs of records; they are started when the first run comes.

    `rules_file` is that of the deployment, as for `load_standards`. `start_method` is one of
    multiprocessing: None is the quickest, for a process without threads of its own; a service
    takes "spawn". Shorter files than `run_bytes` are checked by the caller alone.
    """

    def __init__(
        self,
        processes: int,
        rules_file: Path | None,
        *,
        start_method: str | None = None,
        run_bytes: int = RUN_BYTES,
    ) -> None:
        self.run_bytes = run_bytes
        self.most_under_way = _RUNS_AHEAD * processes
        self._processes = processes
        self._rules_file = rules_file
        self._context = multiprocessing.get_context(start_method)
        self._pool: ProcessPoolExecutor | None = None
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
        self._opened().submit(_is_open)

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(
        self, run: RecordRun, version_id: str, day: date, sum_up: SumUp[S]
    ) -> "Future[_RunResult[S] | None]":
        pool = self._opened()
        try:
            return pool.submit(_check_run, run, version_id, day, sum_up)
        except BrokenProcessPool:  # a process was killed: a pool does not get over that
            self._forget(pool)
            return self._opened().submit(_check_run, run, version_id, day, sum_up)

    def _opened(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=self._context,
                    initializer=_open,
                    initargs=(self._rules_file,),
                )
            return self._pool

    def _forget(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None


def check_in_runs(
    source: Source,
    standards: Standards,
    expectation: Expectation,
    *,
    pool: CheckingPool,
    sum_up: SumUp[S],
) -> Generator[Checked | S]:
    """Yield what `check_case_file` would, but for runs of records what `sum_up` makes of them."""
    spread = _Spread(source, standards, expectation, pool, sum_up)
    try:
        yield from spread.check()
    finally:
        spread.cancel()


class _Spread(Generic[S]):
    def __init__(
        self,
        source: Source,
        standards: Standards,
        expectation: Expectation,
        pool: CheckingPool,
        sum_up: SumUp[S],
    ) -> None:
        self._reader = CaseFileReader(source, standards.schemas, run_bytes=pool.run_bytes)
        self._checker = Checker(standards, expectation)
        self._schemas = standards.schemas
        self._day = expectation.day
        self._pool = pool
        self._sum_up = sum_up
        self._version: SchemaVersion | None = None
        self._under_way: deque[tuple[RecordRun, Future[_RunResult[S] | None]]] = deque()

    def check(self) -> Iterator[Checked | S]:
        for read in self._reader.reads():
            match read:
                case RecordRun():
                    yield from self._send(read)
                case RunsOver():
                    yield from self._settle(leave=0)
                case HeaderRead():
                    self._version = read.version
                    yield from self._checker.check(read)
                case _:
                    yield from self._checker.check(read)

    def cancel(self) -> None:
        for _, future in self._under_way:
            future.cancel()
        self._under_way.clear()

    def _send(self, run: RecordRun) -> Iterator[Checked | S]:
        assert self._version is not None, "runs follow a header that names a known version"
        future = self._pool.submit(run, self._version.id, self._day, self._sum_up)
        self._under_way.append((run, future))
        yield from self._settle(leave=self._pool.most_under_way)

    def _settle(self, *, leave: int) -> Iterator[Checked | S]:
        """Take the results in the order of the file until no more than `leave` are under way."""
        while len(self._under_way) > leave:
            run, future = self._under_way[0]
            result = _result_of(future)
            if result is None:
                self._give_back()
                return
            self._under_way.popleft()
            if self._has_twins_before(result.ids):
                yield from self._check_here(run)
            else:
                yield result.sum

    def _give_back(self) -> None:
        runs = [run for run, _ in self._under_way]
        self.cancel()
        self._reader.give_back(runs)

    def _has_twins_before(self, ids: tuple[tuple[str, int], ...]) -> bool:
        """Whether an earlier run holds one of `ids`. If none does, they are taken from now on."""
        twins = self._checker.twins
        if any(twins.knows(record_id) for record_id, _ in ids):
            return True
        for record_id, number in ids:
            twins.first_of(record_id, number)
        return False

    def _check_here(self, run: RecordRun) -> Iterator[Checked]:
        assert self._version is not None, "runs follow a header that names a known version"
        for read in read_run(run, self._version, self._schemas):
            yield from self._checker.check(read)


def _result_of(future: "Future[_RunResult[S] | None]") -> _RunResult[S] | None:
    """What came of a run, or None when it is to be read here."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def usable_cores() -> int:
    """The cores that this process may run on: fewer than the machine has, in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# In the other processes

_standards: Standards | None = None


def _open(rules_file: Path | None) -> None:
    global _standards
    _standards = load_standards(rules_file)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C: the owner hears it and ends
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """A pool does not notice that its owner was killed: its processes would wait for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a process of a pool has a parent"
    wait([parent.sentinel])
    os._exit(1)


def _is_open() -> bool:
    return _standards is not None


def _check_run(
    run: RecordRun, version_id: str, day: date, sum_up: SumUp[S]
) -> _RunResult[S] | None:
    """Return what is in `run`, or None when it is no run."""
    assert _standards is not None, "every process of the pool was opened"
    version = _standards.schemas.get(version_id)
    rules = RecordRules(_standards.rules, version, _standards.schemas, day)
    checker = RecordChecker(rules, Twins())
    try:
        records = [checker.check(read) for read in read_run(run, version, _standards.schemas)]
    except NoRun:
        return None
    return _RunResult(ids=tuple(_ids_of(records)), sum=sum_up(records))


def _ids_of(records: Sequence[CheckedRecord]) -> Iterator[tuple[str, int]]:
    for record in records:
        if record.case is not None:
            yield record.case.anesthesia_record_id, record.read.number
