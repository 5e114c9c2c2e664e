"""Why a case landed where it did in each measure."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.dependencies import Caller, Work
from app.access.rights import Right, require
from app.domain.audit import AuditAction
from app.intake.stored_records import decode_stored
from app.intake.visible_cases import record_reading, visible_case
from app.measures.asked_measures import measure_of, year_of
from app.measures.catalogue import Catalogue, Measure
from app.measures.dependencies import Measures
from app.measures.explaining import explain
from app.measures.explanation_wire import ExplainedCase
from app.xsd.parsing import PieceParser

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("/{case_id}/measures")
def explain_case(
    case_id: UUID,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    measure_id: Annotated[
        str | None, Query(description="One measure; without it every one of the year.")
    ] = None,
) -> ExplainedCase:
    """The place of a case in each measure, and the steps that led there, by the rules of its year.

    Each step names the elements of the record that it looks at, what is asked of them, and whether
    that holds; or the quality code that was reported. The last one decided. What the elements hold
    is not told: that is in the case itself. It is read from the record as received, so it says how
    the record lands by the rules of today; a year without measures has none.
    """
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        stored = visible_case(work.cases.get(case_id), caller)
        case = decode_stored(work.cases.record_as_received(stored), PieceParser({}))
        record_reading(AuditAction.CASE_MEASURES_READ, stored, caller, work)
        work.commit()
    found = (
        explanation
        for measure in _asked(measure_id, case.performance_year, catalogue)
        for explanation in explain(measure, case)
    )
    return ExplainedCase.of(case_id, case.performance_year, found)


def _asked(measure_id: str | None, year: int, catalogue: Catalogue) -> Sequence[Measure]:
    """Raises: MeasureUnknown."""
    known = catalogue.for_year(year)
    if measure_id is not None:
        return [measure_of(year_of(catalogue, year), measure_id)]
    return () if known is None else known.measures
