"""The reconciliation of TINs and NPIs: what cases and roster say differently, and what is right."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.domain.reconciliation import RowKind
from app.roster.reconciliation_service import decide, part_of_report
from app.roster.reconciliation_wire import (
    ReconciliationOut,
    ReconciliationReport,
    ReconciliationRequest,
    ReconciliationRow,
    RowState,
    state_of,
)
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Paged, encode_cursor

router = APIRouter(
    prefix="/v1/practices/{practice_id}/reconciliation",
    tags=["reconciliation"],
    route_class=KeepsAnswers,
)


@router.get("")
def read_reconciliation(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    performance_year: Annotated[
        int, Query(ge=1, le=9999, description="Calendar year of the dates of service.")
    ],
    paged: Paged,
    kind: Annotated[RowKind | None, Query(description="Only rows of this kind.")] = None,
    state: Annotated[RowState | None, Query(description="Only rows in this state.")] = None,
) -> ReconciliationReport:
    """What the cases of a year say of TINs and NPIs that the roster does not, and the reverse.

    It is made from the cases as they are now, held ones included, those of the sandbox left out.
    """
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    part = part_of_report(
        practice,
        performance_year,
        wanted=lambda row: kind in (None, row.row.key.kind) and state in (None, state_of(row)),
        start=max(0, paged.whole("start") or 0),
        limit=paged.limit,
        open_work=open_work,
    )
    return ReconciliationReport(
        practice_id=practice,
        performance_year=performance_year,
        as_of=datetime.now(UTC),
        totals=dict(part.totals),
        items=[ReconciliationRow.of(row) for row in part.rows],
        next_cursor=None if part.following is None else encode_cursor({"start": part.following}),
    )


@router.post(
    "",
    responses={
        409: problem_response("There is no such row any more, or the provider list is locked.")
    },
    openapi_extra=described_body(ReconciliationRequest),
)
def decide_reconciliation(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[ReconciliationRequest, Depends(json_body(ReconciliationRequest))],
) -> ReconciliationOut:
    """Decide about one row or many, all or none. Only the roster changes, never a case.

    `confirm`: what the cases say is right. A TIN is registered and its held cases count at once, a
    clinician joins the list; other rows are marked as looked at. `correct`: the list gets the days
    that are told. `reject`: the cases are wrong, and their sender is to mend them.
    """
    require_practice(caller, Right.CHANGE_ROSTER, practice)
    require_registered(open_work, practice)
    done = decide(
        [each.asked for each in asked.decisions],
        practice,
        asked.performance_year,
        caller.actor,
        day=day,
        open_work=open_work,
    )
    return ReconciliationOut.of(done)
