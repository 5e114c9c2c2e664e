"""Takes a received case file into the registry: read, decide per record, store, count, receipt."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

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
_BATCH_RECORDS: Final = 1_000
_BATCH_BYTES: Final = 8 << 20
_BATCHES_UNDER_WAY: Final = 2


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
    taken = _take(submission, source, library, work, day, refuse=refuse)
    counts = RecordCounts(**{outcome.value: n for outcome, n in taken.outcomes.items()})
    work.submissions.add_findings(submission.practice_id, submission.id, taken.tally.findings)
    work.submissions.finish(
        submission,
        status=final_status(counts),
        schema_version=taken.tally.schema_version,
        records=counts,
        valid_records=taken.tally.records_valid,
        findings=taken.tally.counts,
    )


@dataclass(slots=True)
class _Taken:
    tally: Tally = field(default_factory=lambda: Tally(MAX_STORED_FINDINGS))
    outcomes: Counter[RecordOutcome] = field(default_factory=Counter)


def _take(
    submission: Submission,
    source: Source,
    library: Library,
    work: UnitOfWork,
    day: date,
    *,
    refuse: bool,
) -> _Taken:
    practice = work.practices.get(submission.practice_id)
    assert practice is not None, "a submission belongs to a registered practice"
    work.practices.lock(practice.id)
    expectation = Expectation(day=day, practice_id=practice.id)
    taken = _Taken()
    with _saving(submission, work, taken) as saver:
        intake = _Intake(submission, library, frozenset(practice.tins), saver, taken, refuse=refuse)
        for checked in check_case_file(source, library.schemas, expectation):
            intake.add(checked)
        saver.flush()
    return taken


class _Intake:
    """Decides what becomes of each part of the file that passes by."""

    def __init__(
        self,
        submission: Submission,
        library: Library,
        tins: frozenset[Tin],
        saver: "_Saver",
        taken: _Taken,
        *,
        refuse: bool,
    ) -> None:
        self._submission = submission
        self._library = library
        self._tins = tins
        self._saver = saver
        self._taken = taken
        self._refuse = refuse

    def add(self, checked: Checked) -> None:
        match checked:
            case HeaderRead():
                self._saver.begin(checked)
            case CheckedRecord():
                checked = self._add_record(checked)
            case Finding():
                self._refuse_on(checked)
        self._taken.tally.add(checked)

    def _add_record(self, checked: CheckedRecord) -> CheckedRecord:
        for finding in checked.findings:
            self._refuse_on(finding)
        if self._refuse or not checked.is_valid:
            self._saver.reject(checked)
            return checked
        prepared, remark = self._prepare(checked)
        self._saver.save(prepared)
        return checked if remark is None else _with(checked, remark)

    def _refuse_on(self, finding: Finding) -> None:
        concerns_all = finding.scope is Scope.FILE or self._submission.on_error is OnError.FILE
        if finding.is_error and concerns_all and not self._refuse:
            raise FileRefused

    def _prepare(self, checked: CheckedRecord) -> tuple[PreparedCase, Finding | None]:
        read = checked.read
        assert read.element is not None, "a valid record is well-formed"
        case = decode_case(read.element)
        year = self._library.measures.for_year(case.performance_year)
        outcomes = outcomes_for(case, year) if year else []
        held = not self._tins.issuperset(member.tin for member in case.staff)
        prepared = PreparedCase(
            number=read.number,
            line=read.line,
            anesthesia_record_id=case.anesthesia_record_id,
            data=read.data,
            rows=case_rows(case, outcomes),
            held=held,
        )
        return prepared, _held(checked) if held else None


class _Saver:
    """Saves batches in a second thread while the first reads on: COPY and zstd release the GIL."""

    def __init__(
        self, submission: Submission, work: UnitOfWork, taken: _Taken, pool: ThreadPoolExecutor
    ) -> None:
        self._submission = submission
        self._work = work
        self._taken = taken
        self._pool = pool
        self._store: CaseStore | None = None
        self._batch: list[PreparedCase] = []
        self._batch_bytes = 0
        self._rejected: list[RecordResult] = []
        self._under_way: list[Future[list[RecordResult]]] = []

    def begin(self, header: HeaderRead) -> None:
        if header.version is not None:
            self._store = self._work.case_store(
                self._submission.practice_id,
                sandbox=self._submission.sandbox,
                submission_id=self._submission.id,
                schema_version=header.version.id,
                same_content=say_the_same,
            )

    def reject(self, checked: CheckedRecord) -> None:
        self._rejected.append(
            RecordResult(
                number=checked.read.number,
                line=checked.read.line,
                anesthesia_record_id=checked.read.anesthesia_record_id,
                outcome=RecordOutcome.REJECTED,
                case_id=None,
            )
        )
        if len(self._rejected) >= _BATCH_RECORDS:
            self._send()

    def save(self, case: PreparedCase) -> None:
        self._batch.append(case)
        self._batch_bytes += len(case.data)
        if self._batch_bytes >= _BATCH_BYTES or len(self._batch) >= _BATCH_RECORDS:
            self._send()

    def flush(self) -> None:
        self._send()
        self._await(most=0)
        if self._store is not None:
            self._store.count()

    def _send(self) -> None:
        batch, rejected = self._batch, self._rejected
        self._batch, self._rejected, self._batch_bytes = [], [], 0
        self._await(most=_BATCHES_UNDER_WAY - 1)
        self._under_way.append(self._pool.submit(self._save, batch, rejected))

    def _save(self, batch: list[PreparedCase], rejected: list[RecordResult]) -> list[RecordResult]:
        saved: list[RecordResult] = []
        if batch:
            assert self._store is not None, "records are valid against a known version only"
            saved = self._store.save(batch)
        results = [*saved, *rejected]
        self._work.submissions.add_results(
            self._submission.practice_id, self._submission.id, results
        )
        return results

    def _await(self, *, most: int) -> None:
        while len(self._under_way) > most:
            for result in self._under_way.pop(0).result():
                self._taken.outcomes[result.outcome] += 1


@contextmanager
def _saving(submission: Submission, work: UnitOfWork, taken: _Taken) -> Iterator[_Saver]:
    """The pool ends before the transaction is touched again, also when reading fails."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="saver") as pool:
        yield _Saver(submission, work, taken, pool)


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
