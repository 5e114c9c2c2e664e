"""Makes of a checked record what is to be stored of it, in this process or in another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.checking.acceptance import InForce
from app.checking.checker import CheckedRecord
from app.checking.tally import Tally, sum_up
from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import Tin
from app.domain.submissions import RecordOutcome, RecordResult
from app.measures.catalogue import Catalogue, load_catalogue
from app.measures.engine import outcomes_for
from app.storage.case_rows import case_rows
from app.storage.case_store import PreparedCase
from app.storage.payloads import payload_codec

_STAFF: Final = "AnesthesiaCase/AnesthesiaStaffSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A case to save, or a rejection; `checked` has all that was found in the record."""

    case: PreparedCase | None
    rejection: RecordResult | None
    checked: CheckedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """What becomes of consecutive records."""

    cases: tuple[PreparedCase, ...]
    rejections: tuple[RecordResult, ...]
    tally: Tally


def prepare(
    record: CheckedRecord, *, measures: Catalogue, tins: frozenset[Tin], refuse: bool
) -> Prepared:
    """Decide what becomes of `record`. `tins` are those registered for the practice.

    With `refuse` it is not to be stored, whatever it is.
    """
    if refuse or not record.is_valid:
        return Prepared(case=None, rejection=_rejection(record), checked=record)
    case = _prepared(record, measures, tins)
    checked = _with(record, _held(record)) if case.held else record
    return Prepared(case=case, rejection=None, checked=checked)


def prepare_run(
    records: Sequence[CheckedRecord],
    *,
    tins: frozenset[Tin],
    refuse: bool,
    max_findings: int,
    in_force: InForce,
) -> PreparedRun:
    """Decide in another process, which reads the measures first, and sum up what was found."""
    prepared = [
        prepare(record, measures=_measures(), tins=tins, refuse=refuse) for record in records
    ]
    return PreparedRun(
        cases=tuple(each.case for each in prepared if each.case is not None),
        rejections=tuple(each.rejection for each in prepared if each.rejection is not None),
        tally=sum_up(
            [each.checked for each in prepared], max_findings=max_findings, in_force=in_force
        ),
    )


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


def _with(record: CheckedRecord, remark: Finding) -> CheckedRecord:
    return CheckedRecord(read=record.read, findings=(*record.findings, remark), case=record.case)


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
