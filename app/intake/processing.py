"""Takes a received case file into the registry: read, decide per record, store, count, receipt.

One thread reads, validates and decides; another compresses and stores what the first has decided,
which lets go of Python's lock. A parsed record never changes threads: it would be freed by the one
while the other parses, and libxml2's memory would be locked between them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final, ParamSpec, TypeVar

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import Tin
from app.domain.submissions import (
    OnError,
    RecordCounts,
    RecordOutcome,
    RecordResult,
    Submission,
    final_status,
)
from app.intake.checking import Checked, CheckedRecord, Expectation, check_case_file
from app.intake.decode import decode_case
from app.intake.read_ahead import reading_ahead
from app.intake.report import Tally
from app.intake.sameness import say_the_same
from app.measures.catalogue import Catalogue
from app.measures.engine import outcomes_for
from app.storage.case_rows import case_rows
from app.storage.case_store import CaseStore, PreparedCase
from app.storage.unit_of_work import UnitOfWork
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.reader import HeaderRead
from app.xsd.window import Source

MAX_STORED_FINDINGS: Final = 10_000
_WORTH_THREADS_BYTES: Final = 1 << 20
_BATCH_BYTES: Final = 8 << 20
_BATCH_RECORDS: Final = 1_000


P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What deciding needs and never changes while the service runs."""

    schemas: SchemaCatalogue
    measures: Catalogue


class FileRefused(Exception):
    """An error was found that keeps every record of the file from being stored."""


def take_in(
    submission: Submission,
    source: Source,
    *,
    library: Library,
    work: UnitOfWork,
    day: date,
    refuse: bool,
) -> None:
    """Give `submission` its cases and its end state; the caller commits.

    With `refuse` no record is stored: the file is read to report on all of it.
    Raises: FileRefused as soon as an error is found that concerns every record. It may show only
    at the end of the file: then leave without a commit and read the file once more with `refuse`.
    """
    work.practices.lock(submission.practice_id)
    # Read behind the lock: a TIN that is registered while this waits for it is known then.
    practice = work.practices.get(submission.practice_id)
    assert practice is not None, "a submission belongs to a registered practice"
    expectation = Expectation(day=day, practice_id=practice.id)
    with _helpers(source, submission.bytes) as (ahead, pool):
        saver = _Saver(submission, work, pool)
        taker = _Taker(submission, library, saver, frozenset(practice.tins), refuse=refuse)
        for checked in check_case_file(ahead, library.schemas, expectation):
            taker.take(checked)
        outcomes = saver.finish()
    _write_receipt(submission, taker.tally, RecordCounts.of(outcomes), work)


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


def _write_receipt(
    submission: Submission, tally: Tally, counts: RecordCounts, work: UnitOfWork
) -> None:
    work.submissions.add_findings(submission.practice_id, submission.id, tally.findings)
    work.submissions.finish(
        submission,
        status=final_status(counts),
        schema_version=tally.schema_version,
        records=counts,
        valid_records=tally.records_valid,
        findings=tally.counts,
    )


class _Taker:
    """Decides what becomes of each part of the file, in its order."""

    def __init__(
        self,
        submission: Submission,
        library: Library,
        saver: "_Saver",
        tins: frozenset[Tin],
        *,
        refuse: bool,
    ) -> None:
        self._submission = submission
        self._library = library
        self._saver = saver
        self._tins = tins
        self._refuse = refuse
        self.tally = Tally(MAX_STORED_FINDINGS)

    def take(self, checked: Checked) -> None:
        """Raises: FileRefused."""
        match checked:
            case HeaderRead():
                self._saver.begin(checked)
            case CheckedRecord():
                checked = self._take_record(checked)
            case Finding():
                self._refuse_for(checked)
        self.tally.add(checked)

    def _take_record(self, checked: CheckedRecord) -> CheckedRecord:
        """Return the record with what deciding has to remark on it."""
        for finding in checked.findings:
            self._refuse_for(finding)
        if self._refuse or not checked.is_valid:
            self._saver.reject(checked)
            return checked
        prepared = self._prepare(checked)
        self._saver.save(prepared)
        return _with(checked, _held(checked)) if prepared.held else checked

    def _refuse_for(self, finding: Finding) -> None:
        concerns_all = finding.scope is Scope.FILE or self._submission.on_error is OnError.FILE
        if finding.is_error and concerns_all and not self._refuse:
            raise FileRefused

    def _prepare(self, checked: CheckedRecord) -> PreparedCase:
        read = checked.read
        assert read.element is not None, "a valid record is well-formed"
        case = decode_case(read.element)
        year = self._library.measures.for_year(case.performance_year)
        return PreparedCase(
            number=read.number,
            line=read.line,
            anesthesia_record_id=case.anesthesia_record_id,
            data=read.data,
            rows=case_rows(case, outcomes_for(case, year) if year else []),
            held=not self._tins.issuperset(member.tin for member in case.staff),
        )


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

    def save(self, case: PreparedCase) -> None:
        self._batch.append(case)
        self._batch_bytes += len(case.data)
        if self._batch_bytes >= _BATCH_BYTES or len(self._batch) >= _BATCH_RECORDS:
            self._hand_over()

    def reject(self, checked: CheckedRecord) -> None:
        self._rejected.append(_rejection(checked))
        if len(self._rejected) >= _BATCH_RECORDS:
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


def _rejection(checked: CheckedRecord) -> RecordResult:
    return RecordResult(
        number=checked.read.number,
        line=checked.read.line,
        anesthesia_record_id=checked.read.anesthesia_record_id,
        outcome=RecordOutcome.REJECTED,
        case_id=None,
    )


def _with(checked: CheckedRecord, remark: Finding) -> CheckedRecord:
    return CheckedRecord(read=checked.read, findings=(*checked.findings, remark))


def _held(checked: CheckedRecord) -> Finding:
    return Finding(
        code=FindingCode.TIN_NOT_REGISTERED,
        severity=Severity.WARNING,
        scope=Scope.RECORD,
        record=checked.read.number,
        anesthesia_record_id=checked.read.anesthesia_record_id,
        path=f"{checked.read.path}/AnesthesiaCase/AnesthesiaStaffSet",
        line=checked.read.line,
        message="A TaxID of this record is not registered for the practice. The case is held and"
        " counts as soon as the TIN is confirmed.",
    )
