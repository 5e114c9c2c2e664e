"""Surgical centers: results, the cases behind them, the file for CMS, and what centers enter."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from app.access.asked import AskedPractice, PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.exporting import ExportedList, record_export
from app.access.rights import Right, require_practice
from app.domain.asc import Landing
from app.domain.errors.measures import MeasureUnknown
from app.measures.asc.figures_wire import CenterFiguresBody, CenterFiguresOut
from app.measures.asc.service import (
    asc_file,
    asc_results,
    change_figures,
    manual_of,
    months_of,
    read_figures,
)
from app.measures.asc.wire import AscCaseBehind, AscResults
from app.roster.versions import SeenVersion, tell_version
from app.storage.figures.asc_store import AscCaseQuestion
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import OF_A_VERSION, problem_response
from app.web.paging import Page, Paged

router = APIRouter(tags=["surgical centers"])

_NOT_SPECIFIED: Final[dict[int | str, dict[str, Any]]] = {
    404: problem_response("No manual of the year is known, or nothing of this id.")
}
_FIGURES: Final = "/v1/practices/{practice_id}/facilities/{entry_id}/asc-figures/{year}"

Year = Annotated[int, Query(ge=2000, le=2100, description="Calendar year of the encounters.")]
PathYear = Annotated[int, Path(ge=2000, le=2100, description="Calendar year of the encounters.")]
EntryId = Annotated[UUID, Path(description="The center, by the id of its entry in the roster.")]
FacilityId = Annotated[
    str | None,
    # PostgreSQL takes every character but NUL
    Query(max_length=500, pattern=r"^[^\x00]*$", description="FacilityID, as in the case file."),
]
Quarter = Annotated[
    int | None, Query(ge=1, le=4, description="Of the year; without it all of the year.")
]


@router.get("/v1/asc-measures/results", responses=_NOT_SPECIFIED)
def read_asc_results(
    practice: AskedPractice,
    year: Year,
    caller: Caller,
    open_work: Work,
    facility: FacilityId = None,
    quarter: Quarter = None,
) -> AscResults:
    """What the cases at each surgical center came to in the measures of ASCQR.

    With what the center entered beside it, and with what no case file can say.
    """
    require_practice(caller, Right.SEE_FIGURES, practice)
    require_registered(open_work, practice)
    return asc_results(
        practice,
        year,
        facility=facility,
        quarter=quarter,
        sandbox=caller.sandbox,
        open_work=open_work,
    )


@router.get("/v1/asc-measures/results/cases", responses=_NOT_SPECIFIED)
def list_asc_cases(
    practice: AskedPractice,
    year: Year,
    measure_id: str,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    facility: FacilityId = None,
    quarter: Quarter = None,
    landing: Annotated[
        Landing | None, Query(description="Without it all that are in the population.")
    ] = None,
) -> Page[AscCaseBehind]:
    """The cases behind a number, each with the reason why it landed where it did."""
    require_practice(caller, Right.SEE_FIGURES, practice)
    require_registered(open_work, practice)
    manual = manual_of(year)
    if manual.measure(measure_id) is None:
        raise MeasureUnknown("Case files say nothing of a measure of this id in this year.")
    after = paged.uuid("after")
    if caller.sandbox:
        return Page(items=[], next_cursor=None)
    asked = AscCaseQuestion(
        practice=practice,
        year=year,
        measure_id=measure_id,
        facility_id=facility,
        landing=landing,
        months=None if quarter is None else months_of(quarter),
    )
    with open_work() as work:
        found = work.asc.cases(asked, after=after, limit=paged.with_next)
    return paged.page(
        found,
        show=lambda case: AscCaseBehind.of(case, manual),
        key_of=lambda case: {"after": case.case_id},
    )


@router.get(
    "/v1/asc-measures/file",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        **_NOT_SPECIFIED,
        422: problem_response("`findings` say what CMS would reject: by center and column."),
    },
)
def read_asc_file(
    practice: AskedPractice, year: Year, caller: Caller, open_work: Work, day: Today
) -> Response:
    """The upload file for CMS: one row for each center, named for an upload of today.

    A file with an error in it is refused here, as CMS would reject all of it. That encounters are
    paid for two years later is assumed.
    """
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    made = asc_file(practice, year, day=day, open_work=open_work)
    record_export(
        ExportedList.SURGICAL_CENTERS, practice, caller.actor, year=year, open_work=open_work
    )
    return Response(
        made.content,
        media_type="text/csv; charset=us-ascii",
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


@router.get(_FIGURES, responses=_NOT_SPECIFIED)
def read_center_figures(
    practice: PathPractice,
    entry_id: EntryId,
    year: PathYear,
    caller: Caller,
    open_work: Work,
    response: Response,
) -> CenterFiguresOut:
    """What a center entered for a year. Its ETag is what a change must name in If-Match."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    require_registered(open_work, practice)
    figures = read_figures(practice, entry_id, year, open_work=open_work)
    tell_version(response, figures.version)
    return CenterFiguresOut.of(figures)


@router.put(
    _FIGURES,
    responses={
        **_NOT_SPECIFIED,
        **OF_A_VERSION,
    },
    openapi_extra=described_body(CenterFiguresBody),
)
def change_center_figures(
    practice: PathPractice,
    entry_id: EntryId,
    year: PathYear,
    caller: Caller,
    open_work: Work,
    response: Response,
    seen: SeenVersion,
    asked: Annotated[CenterFiguresBody, Depends(json_body(CenterFiguresBody))],
) -> CenterFiguresOut:
    """Enter what no case file has: it becomes what the body says, whole.

    Before the first time the version to name in If-Match is `"0"`.
    """
    require_practice(caller, Right.CHANGE_ROSTER, practice)
    require_registered(open_work, practice)
    wanted = asked.figures(practice, entry_id, year)
    changed = change_figures(wanted, caller, seen=seen, open_work=open_work)
    tell_version(response, changed.version)
    return CenterFiguresOut.of(changed)
