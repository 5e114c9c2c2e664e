"""Purges that staff begin: previewed, confirmed by a number, done by a worker."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.retention.purging import Purges
from app.retention.wire import PreviewOut, PurgeOut, PurgeRequest
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response

router = APIRouter(
    prefix="/v1/practices/{practice_id}/purges", tags=["retention"], route_class=KeepsAnswers
)

_NOT_BEGUN: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("A legal hold is in force, or another number of cases would be purged.")
}


async def _purges(request: Request, day: Today) -> Purges:
    return replace(cast(Purges, request.app.state.purges), day=lambda: day)


PurgesDep = Annotated[Purges, Depends(_purges)]


@router.get("/preview")
def preview_purge(
    practice: PathPractice,
    caller: Caller,
    purges: PurgesDep,
    older_than: Annotated[
        date | None,
        Query(description="Dates of service before this day. Absent: as the policy says."),
    ] = None,
) -> PreviewOut:
    """What a purge would remove for good. Nothing is removed."""
    require_practice(caller, Right.SET_RETENTION, practice)
    before = older_than or purges.first_day_kept(practice)
    return PreviewOut.of(before, purges.preview(practice, before))


@router.post("", status_code=202, responses=_NOT_BEGUN, openapi_extra=described_body(PurgeRequest))
def begin_purge(
    practice: PathPractice,
    response: Response,
    caller: Caller,
    purges: PurgesDep,
    asked: Annotated[PurgeRequest, Depends(json_body(PurgeRequest))],
) -> PurgeOut:
    """Purge for good, by a worker, what was previewed; `cases` says that number again.

    How far it is stands among the `purges` of the retention of the practice.
    """
    require_practice(caller, Right.SET_RETENTION, practice)
    purge = purges.begin(
        practice,
        asked.older_than,
        caller.actor,
        cases=asked.cases,
        reason=asked.reason,
        early=asked.early,
        by_worker=True,
    )
    response.headers["Location"] = f"/v1/practices/{practice}/retention"
    return PurgeOut.of(purge)
