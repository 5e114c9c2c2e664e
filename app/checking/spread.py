"""Spreads the records of a large case file over processes, and takes them in the order of the file.

Whole stretches of records are read, checked and summed up elsewhere; what comes out is the same as
one process would have given.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from typing import Generic, TypeVar

from app.checking.checker import Checked, Checker, Expectation
from app.checking.pool import CheckingPool, result_of
from app.checking.process import RunResult, SumUp
from app.checking.standards import Standards
from app.xsd.catalogue import SchemaVersion
from app.xsd.reader import CaseFileReader
from app.xsd.reads import HeaderRead, RecordRun, RunsOver
from app.xsd.runs import read_run
from app.xsd.window import Source

S = TypeVar("S")


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
        self._under_way: deque[tuple[RecordRun, Future[RunResult[S] | None]]] = deque()

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
            result = result_of(future)
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
