"""Makes of a checked record what is to be stored of it, in this process or in another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import Tin
from app.domain.submissions import RecordOutcome, RecordResult
from app.intake.checking import CheckedRecord
from app.intake.tally import CheckedRun
from app.measures.catalogue import Catalogue, load_catalogue
from app.measures.engine import outcomes_for
from app.storage.case_rows import case_rows
from app.storage.case_store import PreparedCase
from app.storage.payloads import payload_codec

_STAFF: Final = "AnesthesiaCase/AnesthesiaStaffSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What becomes of records: `cases` to save, `rejected` ones, and all that was found."""

    cases: tuple[PreparedCase, ...]
    rejected: tuple[RecordResult, ...]
    checked: CheckedRun


def prepare(
    records: Sequence[CheckedRecord], *, measures: Catalogue, tins: frozenset[Tin], refuse: bool
) -> Prepared:
    """Decide what becomes of each of `records`. `tins` are those registered for the practice.

    With `refuse` none is to be stored.
    """
    cases: list[PreparedCase] = []
    rejected: list[RecordResult] = []
    findings: list[Finding] = []
    for record in records:
        findings += record.findings
        if refuse or not record.is_valid:
            rejected.append(_rejection(record))
            continue
        prepared = _prepared(record, measures, tins)
        cases.append(prepared)
        if prepared.held:
            findings.append(_held(record))
    return Prepared(
        cases=tuple(cases),
        rejected=tuple(rejected),
        checked=CheckedRun(
            records=len(records),
            valid=sum(record.is_valid for record in records),
            findings=tuple(findings),
        ),
    )


def prepare_elsewhere(
    records: Sequence[CheckedRecord], *, tins: frozenset[Tin], refuse: bool
) -> Prepared:
    """As `prepare`, in a process that has loaded nothing yet."""
    return prepare(records, measures=_measures(), tins=tins, refuse=refuse)


@cache
def _measures() -> Catalogue:
    return load_catalogue()


def _prepared(record: CheckedRecord, measures: Catalogue, tins: frozenset[Tin]) -> PreparedCase:
    read, case = record.read, record.case
    assert case is not None, "a valid record was decoded"
    year = measures.for_year(case.performance_year)
    return PreparedCase(
        number=read.number,
        line=read.line,
        anesthesia_record_id=case.anesthesia_record_id,
        payload=payload_codec().compress(read.data),
        rows=case_rows(case, outcomes_for(case, year) if year else []),
        held=not tins.issuperset(member.tin for member in case.staff),
    )


def _rejection(record: CheckedRecord) -> RecordResult:
    return RecordResult(
        number=record.read.number,
        line=record.read.line,
        anesthesia_record_id=record.read.anesthesia_record_id,
        outcome=RecordOutcome.REJECTED,
        case_id=None,
    )


def _held(record: CheckedRecord) -> Finding:
    return Finding(
        code=FindingCode.TIN_NOT_REGISTERED,
        severity=Severity.WARNING,
        scope=Scope.RECORD,
        record=record.read.number,
        anesthesia_record_id=record.read.anesthesia_record_id,
        path=f"{record.read.path}/{_STAFF}",
        line=record.read.line,
        message=message_of(FindingCode.TIN_NOT_REGISTERED),
    )
