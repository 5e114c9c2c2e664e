"""Why a case landed where it did in each measure."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.dependencies import Caller, Work
from app.intake.case_reasons import reasons_of_case
from app.measures.dependencies import Measures
from app.measures.explanation_wire import ExplainedCase

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
    the record lands by the rules of today; a year without measures has none. A clinician sees it of
    the cases that they are on the staff of.
    """
    found = reasons_of_case(
        case_id, caller, measure_id=measure_id, catalogue=catalogue, open_work=open_work
    )
    return ExplainedCase.of(case_id, found.performance_year, found.explanations)
