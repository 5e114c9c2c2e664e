"""Program years: ordered against submitted, as a preview and for good."""

from typing import Any, Final

from fastapi import APIRouter

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require, require_practice
from app.billing.paths import PathYear
from app.billing.year_service import look_at_year, reconcile_all, reconcile_year
from app.billing.year_wire import RunOut, RunsOut, YearBillingOut
from app.web.dependencies import Today
from app.web.openapi import problem_response

router = APIRouter(tags=["billing"], route_class=KeepsAnswers)

_YEAR: Final = "/v1/practices/{practice_id}/billing/{performance_year}"
_TOO_EARLY: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response(
        "The year is not over, nothing is ordered, or an order waits for its invoice."
    )
}


@router.get(_YEAR)
def read_year_of_practice(
    practice: PathPractice, performance_year: PathYear, caller: Caller, open_work: Work, day: Today
) -> YearBillingOut:
    """What is ordered, what is submitted, and what is, or would be, invoiced for the difference.

    Fewer than ordered is no refund. Until the year is reconciled this is a preview.
    """
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    return YearBillingOut.of(look_at_year(practice, performance_year, day=day, open_work=open_work))


@router.post(f"{_YEAR}/reconciliation", responses=_TOO_EARLY)
def reconcile_year_of_practice(
    practice: PathPractice, performance_year: PathYear, caller: Caller, open_work: Work, day: Today
) -> YearBillingOut:
    """Freeze the count of the year and issue the final invoice; done once, asked again it stays."""
    require_practice(caller, Right.MANAGE_BILLING, practice)
    require_registered(open_work, practice)
    reconcile_year(practice, performance_year, caller.actor, day=day, open_work=open_work)
    return YearBillingOut.of(look_at_year(practice, performance_year, day=day, open_work=open_work))


@router.post("/v1/billing/{performance_year}/reconciliation", responses=_TOO_EARLY)
def reconcile_year_of_all(
    performance_year: PathYear, caller: Caller, open_work: Work, day: Today
) -> RunsOut:
    """Reconcile every practice with cases or an order in the year.

    One that cannot be is told with the problem, and holds up no other.
    """
    require(caller, Right.MANAGE_BILLING)
    runs = reconcile_all(performance_year, caller.actor, day=day, open_work=open_work)
    return RunsOut(items=[RunOut.of(run) for run in runs])
