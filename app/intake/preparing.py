"""Makes of a checked record what is to be stored of it, in this process or in another one."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.checking.acceptance import InForce
from app.checking.checker import CheckedRecord
from app.checking.tally import Tally
from app.domain.cases import AnesthesiaCase
from app.domain.periods import Period
from app.domain.roster import RegisteredTins
from app.domain.submissions import RecordOutcome, RecordResult
from app.intake.remarks import held
from app.intake.replaced_periods import held_against
from app.measures.asc.deciding import asc_outcomes_for
from app.measures.catalogue.catalogue import Catalogue, shipped_catalogue
from app.measures.catalogue.version import catalogue_version
from app.measures.evaluation.engine import outcomes_for
from app.storage.cases.case_rows import CaseRows, case_rows
from app.storage.cases.case_store import PreparedCase
from app.storage.cases.payloads import payload_codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a submission's records are held against beside the rules.

    `tins` are those registered for the practice. With `refuse` no record is to be stored, whatever
    it is. `within` is the period that the file replaces, None where it replaces none.
    """

    tins: RegisteredTins
    refuse: bool = False
    within: Period | None = None


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


def prepare(record: CheckedRecord, *, measures: Catalogue, terms: Terms) -> Prepared:
    """Decide what becomes of `record`."""
    if terms.within is not None:
        record = held_against(terms.within, record)
    if terms.refuse or not record.is_valid:
        return Prepared(case=None, rejection=_rejection(record), checked=record)
    case = _prepared(record, measures, terms.tins)
    checked = held(record) if case.held else record
    return Prepared(case=case, rejection=None, checked=checked)


def prepare_run(
    records: Iterable[CheckedRecord], *, terms: Terms, max_findings: int, in_force: InForce
) -> PreparedRun:
    """Decide in another process, which reads the measures first, and sum up what was found."""
    cases: list[PreparedCase] = []
    rejections: list[RecordResult] = []
    tally = Tally(max_findings, in_force)
    for record in records:
        prepared = prepare(record, measures=shipped_catalogue(), terms=terms)
        tally.add(prepared.checked)
        if prepared.case is not None:
            cases.append(prepared.case)
        if prepared.rejection is not None:
            rejections.append(prepared.rejection)
    return PreparedRun(cases=tuple(cases), rejections=tuple(rejections), tally=tally)


def rows_of(case: AnesthesiaCase, measures: Catalogue) -> CaseRows:
    year = measures.for_year(case.performance_year)
    return case_rows(
        case,
        outcomes_for(case, year) if year else [],
        asc_outcomes_for(case),
        catalogue_version=catalogue_version(measures, case.performance_year),
    )


def is_held(case: AnesthesiaCase, tins: RegisteredTins) -> bool:
    """Whether a TIN among the staff is not registered for the practice on the date of service."""
    return not all(tins.cover(member.tin, case.date_of_service) for member in case.staff)


def _prepared(record: CheckedRecord, measures: Catalogue, tins: RegisteredTins) -> PreparedCase:
    read, case = record.read, record.case
    assert case is not None, "a valid record was decoded"
    return PreparedCase(
        number=read.number,
        line=read.line,
        anesthesia_record_id=case.anesthesia_record_id,
        payload=payload_codec().compress(read.data),
        rows=rows_of(case, measures),
        held=is_held(case, tins),
    )


def _rejection(record: CheckedRecord) -> RecordResult:
    return RecordResult(
        number=record.read.number,
        line=record.read.line,
        anesthesia_record_id=record.read.anesthesia_record_id,
        outcome=RecordOutcome.REJECTED,
        case_id=None,
    )
