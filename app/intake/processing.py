"""Takes a received case file into the registry: read, decide per record, store, count, receipt.

One thread reads, validates and decides, or takes what other processes decided; another one stores
what is decided, which lets go of Python's lock. A parsed record never changes threads: it would be
freed by the one while the other parses, and libxml2's memory would be locked between them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, ParamSpec, TypeVar

from app.checking.acceptance import InForce
from app.checking.checker import Checked, CheckedRecord, Expectation, check_case_file
from app.checking.pool import CheckingPool
from app.checking.read_ahead import reading_ahead
from app.checking.spread import check_in_runs
from app.checking.standards import Standards
from app.checking.tally import Tally
from app.domain.findings import Finding, Scope, has_error
from app.domain.periods import Period
from app.domain.roster import RegisteredTins
from app.domain.submissions import (
    FindingKinds,
    OnError,
    RecordCounts,
    RecordOutcome,
    RecordResult,
    Submission,
    final_status,
)
from app.intake.preparing import Prepared, PreparedRun, Terms, prepare, prepare_run
from app.intake.sameness import say_the_same
from app.intake.too_many_records import too_many_records
from app.intake.watching import Watch
from app.measures.catalogue.catalogue import Catalogue
from app.storage.cases.case_store import CaseStore, PreparedCase
from app.storage.unit_of_work import UnitOfWork
from app.xsd.reads import HeaderRead
from app.xsd.window import Source

MAX_STORED_FINDINGS: Final = 10_000
_WORTH_THREADS_BYTES: Final = 1 << 20
_BATCH_BYTES: Final = 8 << 20
_BATCH_RECORDS: Final = 400
"""Two batches are held at a time, and one of them as COPY text: 1,000 records take 20 MiB more."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What deciding needs and never changes while the service runs."""

    standards: Standards
    measures: Catalogue


class FileRefused(Exception):
    """An error was found that keeps every record of the file from being stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What was found in a file, and what became of its records."""

    tally: Tally
    records: RecordCounts


def store_records(
    submission: Submission,
    source: Source,
    *,
    library: Library,
    work: UnitOfWork,
    day: date,
    refuse: bool,
    max_records: int,
    pool: CheckingPool | None = None,
    watch: Watch | None = None,
) -> TakenIn:
    """Give `submission` its cases; the caller writes its receipt and commits.

    With `refuse` no record is stored: the file is read to report on all of it, at most up to the
    first run of records that goes beyond `max_records`. With `pool` other
    processes check the records and prepare them. `watch` is told of every part.
    Raises: FileRefused as soon as an error is found that concerns every record. It may show only
    at the end of the file: then leave without a commit and read the file once more with `refuse`.
    Interrupted by `watch`; ServiceBusy when its patience ends.
    """
    patience = None if watch is None else watch.patience_seconds
    work.practices.lock(submission.practice_id, at_most_seconds=patience)
    # Read behind the lock: a TIN that is registered while this waits for it is known then.
    practice = submission.practice_id
    tins = work.practices.registered_tins(practice)
    expectation = Expectation(day=day, practice_id=practice)
    accepted = work.acceptances.in_force(practice, sandbox=submission.sandbox, day=day)
    with _helpers(source, submission.bytes) as (ahead, saving):
        saver = _Saver(submission, work, saving)
        tally = Tally(MAX_STORED_FINDINGS, InForce(accepted))
        taker = _Taker(submission, saver, tally, refuse=refuse)
        decide = _Decide(library, tins=tins, refuse=refuse, within=submission.replaced_period)
        for part in decide.parts(ahead, expectation, tally.in_force, pool):
            taker.take(part)
            if tally.records_total > max_records:
                taker.take(too_many_records(max_records))
                break
            if watch is not None:
                watch.saw(tally.records_total)
        outcomes = saver.finish()
    return TakenIn(tally=tally, records=RecordCounts.of(outcomes))


Part = HeaderRead | Finding | Prepared | PreparedRun


class _Decide:
    """Decides what becomes of the records of a file, here or in other processes."""

    def __init__(
        self, library: Library, *, tins: RegisteredTins, refuse: bool, within: Period | None
    ) -> None:
        terms = Terms(tins=tins, refuse=refuse, within=within)
        self._standards = library.standards
        self._here = partial(prepare, measures=library.measures, terms=terms)
        self._elsewhere = partial(prepare_run, terms=terms, max_findings=MAX_STORED_FINDINGS)

    def parts(
        self, source: Source, expectation: Expectation, in_force: InForce, pool: CheckingPool | None
    ) -> Iterator[Part]:
        """Yield the parts of the file in its order, its records decided on."""
        for part in self._checked(source, expectation, in_force, pool):
            yield self._here(part) if isinstance(part, CheckedRecord) else part

    def _checked(
        self, source: Source, expectation: Expectation, in_force: InForce, pool: CheckingPool | None
    ) -> Iterator[Checked | PreparedRun]:
        if pool is None:
            return check_case_file(source, self._standards, expectation)
        sum_up = partial(self._elsewhere, in_force=in_force)
        return check_in_runs(source, self._standards, expectation, pool=pool, sum_up=sum_up)


@contextmanager
def _helpers(source: Source, size: int) -> Iterator[tuple[Source, Executor]]:
    """Threads that read ahead and save, where the file is worth them."""
    if size < _WORTH_THREADS_BYTES:
        yield source, _AtOnce()
        return
    with reading_ahead(source) as ahead, ThreadPoolExecutor(1, "saver") as pool:
        yield ahead, pool


class _AtOnce(Executor):
    """Does what it is given before it returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def write_receipt(submission: Submission, taken: TakenIn, work: UnitOfWork) -> Submission:
    """Give `submission` its end state, with what was found in the file, and return it.

    Of a replacement it has the period alone.
    """
    tally = taken.tally
    write_findings(submission, tally, work)
    return work.submissions.finish(
        submission,
        status=final_status(taken.records),
        schema_version=tally.schema_version,
        records=taken.records,
        valid_records=tally.records_valid,
        findings=tally.counts,
    )


def write_findings(submission: Submission, tally: Tally, work: UnitOfWork) -> None:
    work.submissions.add_findings(submission.practice_id, submission.id, tally.findings)
    kinds = FindingKinds(found=tally.kinds, accepted=tally.accepted)
    work.submissions.add_kinds(submission.practice_id, submission.id, kinds)


class _Taker:
    """Takes each part of the file in its order to where it belongs."""

    def __init__(
        self, submission: Submission, saver: "_Saver", tally: Tally, *, refuse: bool
    ) -> None:
        self._submission = submission
        self._saver = saver
        self._tally = tally
        self._refuse = refuse

    def take(self, part: Part) -> None:
        """Raises: FileRefused."""
        match part:
            case HeaderRead():
                self._saver.begin(part)
                self._tally.add(part)
            case Finding():
                self._refuse_if(part.is_error, of_file=part.scope is Scope.FILE)
                self._tally.add(part)
            case Prepared():
                self._refuse_if(has_error(part.checked.findings))
                self._saver.save(_one(part.case), _one(part.rejection))
                self._tally.add(part.checked)
            case PreparedRun():
                self._refuse_if(part.tally.errors > 0)
                self._saver.save(part.cases, part.rejections)
                self._tally.add(part.tally)

    def _refuse_if(self, has_error: bool, *, of_file: bool = False) -> None:
        concerns_all = of_file or self._submission.on_error is OnError.FILE
        if has_error and concerns_all and not self._refuse:
            raise FileRefused


class _Saver:
    """Gathers what is decided into batches and stores each in a second thread."""

    def __init__(self, submission: Submission, work: UnitOfWork, pool: Executor) -> None:
        self._submission = submission
        self._work = work
        self._pool = pool
        self._store: CaseStore | None = None
        self._batch: list[PreparedCase] = []
        self._batch_bytes = 0
        self._rejected: list[RecordResult] = []
        self._under_way: Future[None] | None = None
        self._outcomes: Counter[RecordOutcome] = Counter()

    def begin(self, header: HeaderRead) -> None:
        if header.version is not None:
            self._store = self._work.case_store(
                self._submission.practice_id,
                sandbox=self._submission.sandbox,
                submission_id=self._submission.id,
                schema_version=header.version.id,
                same_content=say_the_same,
            )

    def save(self, cases: Iterable[PreparedCase], rejections: Iterable[RecordResult]) -> None:
        for case in cases:
            self._batch.append(case)
            self._batch_bytes += len(case.payload)
        self._rejected += rejections
        records = len(self._batch) + len(self._rejected)
        if records >= _BATCH_RECORDS or self._batch_bytes >= _BATCH_BYTES:
            self._hand_over()

    def finish(self) -> Counter[RecordOutcome]:
        """Store what is left, bring the totals into step, and tell what became of the records."""
        self._hand_over()
        self._await()
        if self._store is not None:
            self._store.count()
        return self._outcomes

    def _hand_over(self) -> None:
        batch, rejected = self._batch, self._rejected
        self._batch, self._batch_bytes, self._rejected = [], 0, []
        self._await()
        self._under_way = self._pool.submit(self._save, batch, rejected)

    def _await(self) -> None:
        if self._under_way is not None:
            self._under_way.result()

    def _save(self, batch: list[PreparedCase], rejected: list[RecordResult]) -> None:
        saved: list[RecordResult] = []
        if batch:
            assert self._store is not None, "records are valid against a known version only"
            saved = self._store.save(batch)
        results = [*saved, *rejected]
        self._work.submissions.add_results(
            self._submission.practice_id, self._submission.id, results
        )
        self._outcomes.update(result.outcome for result in results)


def _one(thing: T | None) -> Iterator[T]:
    if thing is not None:
        yield thing
