"""Takes a received case file into the registry: read, decide per record, store, count, receipt.

Two threads share the work, because libxml2, zstd, hashes and the database let go of Python's lock:
one reads and validates, the other decides, compresses and stores what the first has read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
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
# A parsed record takes seven times its bytes, so few of them are under way at once ...
_HANDED_OVER_BYTES: Final = 1 << 20
_HANDED_OVER_RECORDS: Final = 200
_HANDED_OVER_AT_ONCE: Final = 2
# ... while what is left of them to be stored is worth gathering.
_BATCH_BYTES: Final = 8 << 20
_BATCH_RECORDS: Final = 1_000


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
    practice = work.practices.get(submission.practice_id)
    assert practice is not None, "a submission belongs to a registered practice"
    work.practices.lock(practice.id)
    taker = _Taker(submission, library, work, frozenset(practice.tins), refuse=refuse)
    expectation = Expectation(day=day, practice_id=practice.id)
    with reading_ahead(source) as ahead, ThreadPoolExecutor(1, "taker") as pool:
        checked = check_case_file(ahead, library.schemas, expectation)
        if not refuse:
            checked = _unless_refused(checked, submission.on_error)
        under_way: list[Future[None]] = []
        for handful in _handfuls(checked):
            if len(under_way) == _HANDED_OVER_AT_ONCE:
                under_way.pop(0).result()
            under_way.append(pool.submit(taker.take, handful))
        for future in under_way:
            future.result()
    taker.finish()


def _unless_refused(checked: Iterable[Checked], on_error: OnError) -> Iterator[Checked]:
    """Raises: FileRefused."""
    for each in checked:
        match each:
            case CheckedRecord() if on_error is OnError.FILE and not each.is_valid:
                raise FileRefused
            case Finding() if each.is_error and each.scope is Scope.FILE:
                raise FileRefused
        yield each


def _handfuls(checked: Iterable[Checked]) -> Iterator[list[Checked]]:
    handful: list[Checked] = []
    size = 0
    for each in checked:
        handful.append(each)
        if isinstance(each, CheckedRecord):
            size += len(each.read.data)
        if size >= _HANDED_OVER_BYTES or len(handful) >= _HANDED_OVER_RECORDS:
            yield handful
            handful, size = [], 0
    yield handful


class _Taker:
    """Decides what becomes of each part of the file, in its order, and stores it."""

    def __init__(
        self,
        submission: Submission,
        library: Library,
        work: UnitOfWork,
        tins: frozenset[Tin],
        *,
        refuse: bool,
    ) -> None:
        self._submission = submission
        self._library = library
        self._work = work
        self._tins = tins
        self._refuse = refuse
        self._tally = Tally(MAX_STORED_FINDINGS)
        self._outcomes: Counter[RecordOutcome] = Counter()
        self._store: CaseStore | None = None
        self._batch: list[PreparedCase] = []
        self._batch_bytes = 0
        self._rejected: list[RecordResult] = []

    def take(self, handful: list[Checked]) -> None:
        for each in handful:
            match each:
                case HeaderRead():
                    self._begin(each)
                case CheckedRecord():
                    each = self._take_record(each)
            self._tally.add(each)
        if self._batch_bytes >= _BATCH_BYTES or len(self._batch) >= _BATCH_RECORDS:
            self._save()

    def finish(self) -> None:
        """Store what is left, bring the totals into step, write the receipt."""
        self._save()
        if self._store is not None:
            self._store.count()
        submission, submissions = self._submission, self._work.submissions
        counts = RecordCounts(**{outcome.value: n for outcome, n in self._outcomes.items()})
        submissions.add_findings(submission.practice_id, submission.id, self._tally.findings)
        submissions.finish(
            submission,
            status=final_status(counts),
            schema_version=self._tally.schema_version,
            records=counts,
            valid_records=self._tally.records_valid,
            findings=self._tally.counts,
        )

    def _begin(self, header: HeaderRead) -> None:
        if header.version is not None:
            self._store = self._work.case_store(
                self._submission.practice_id,
                sandbox=self._submission.sandbox,
                submission_id=self._submission.id,
                schema_version=header.version.id,
                same_content=say_the_same,
            )

    def _take_record(self, checked: CheckedRecord) -> CheckedRecord:
        """Return the record with what deciding has to remark on it."""
        if self._refuse or not checked.is_valid:
            self._rejected.append(_rejection(checked))
            return checked
        prepared = self._prepare(checked)
        self._batch.append(prepared)
        self._batch_bytes += len(prepared.data)
        return _with(checked, _held(checked)) if prepared.held else checked

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

    def _save(self) -> None:
        saved: list[RecordResult] = []
        if self._batch:
            assert self._store is not None, "records are valid against a known version only"
            saved = self._store.save(self._batch)
        results = [*saved, *self._rejected]
        self._work.submissions.add_results(
            self._submission.practice_id, self._submission.id, results
        )
        self._outcomes.update(result.outcome for result in results)
        self._batch, self._batch_bytes, self._rejected = [], 0, []


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
