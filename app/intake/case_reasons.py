"""Why a case landed where it did in each measure, for whoever may see that of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.access.rights import Right, require
from app.domain.audit import AuditAction
from app.domain.principals import Principal
from app.intake.stored_records import decode_stored
from app.intake.visible_cases import record_reading, visible_case
from app.measures.catalogue.asked_measures import measure_of, year_of
from app.measures.catalogue.catalogue import Catalogue, Measure
from app.measures.evaluation.explaining import Explanation, explain
from app.storage.cases.case_queries import StoredCase
from app.storage.unit_of_work import OpenWork
from app.xsd.parsing import PieceParser


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReasons:
    """`explanations`: of every measure of the year, or of the one that is asked for."""

    case: StoredCase
    performance_year: int
    explanations: tuple[Explanation, ...]


def reasons_of_case(
    case_id: UUID,
    caller: Principal,
    *,
    measure_id: str | None,
    catalogue: Catalogue,
    open_work: OpenWork,
) -> CaseReasons:
    """By the rules of today, from the record as received. The look is written down.

    Raises: NotPermitted, CaseUnknown, MeasureUnknown.
    """
    require(caller, Right.SEE_REASONS)
    with open_work() as work:
        stored = visible_case(work.cases.get(case_id), caller, Right.SEE_REASONS)
        case = decode_stored(work.cases.record_as_received(stored), PieceParser({}))
        record_reading(AuditAction.CASE_MEASURES_READ, stored, caller, work)
        work.commit()
    asked = _asked(measure_id, case.performance_year, catalogue)
    return CaseReasons(
        case=stored,
        performance_year=case.performance_year,
        explanations=tuple(found for measure in asked for found in explain(measure, case)),
    )


def _asked(measure_id: str | None, year: int, catalogue: Catalogue) -> Sequence[Measure]:
    """Raises: MeasureUnknown."""
    known = catalogue.for_year(year)
    if measure_id is not None:
        return [measure_of(year_of(catalogue, year), measure_id)]
    return () if known is None else known.measures
