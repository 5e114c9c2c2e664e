"""Backfills: the stored cases of a year decided by changed rules, with what it came to."""

from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import asked_practice_or_all
from app.access.dependencies import Caller, Work
from app.access.exporting import ExportedList, record_export
from app.access.rights import Right, may_reach, practices_of, require, require_practice
from app.access.rights import sees_every_practice as is_staff
from app.domain.backfills import Backfill
from app.domain.errors.intake import BackfillUnknown
from app.domain.errors.requests import BadCursor
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.intake.backfill_wire import (
    BackfillOut,
    BackfillReport,
    MovedCase,
    PlaceRow,
    place_rows,
)
from app.reporting.csv_lists import csv_of
from app.storage.unit_of_work import UnitOfWork
from app.web.paging import (
    Page,
    Paged,
    decode_cursor,
    is_storable,
)

router = APIRouter(prefix="/v1/backfills", tags=["measures"])

_CSV_TOO: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}


class ReportFormat(StrEnum):
    JSON = "json"
    CSV = "csv"


AskedPracticeOrAll = Annotated[PracticeId | None, Depends(asked_practice_or_all)]
AskedYearOrAll = Annotated[
    int | None, Query(ge=1, le=9999, description="The performance year; without it every one.")
]


@router.get("", summary="List backfills")
def list_backfills(
    caller: Caller,
    open_work: Work,
    practice: AskedPracticeOrAll,
    paged: Paged,
    performance_year: AskedYearOrAll = None,
) -> Page[BackfillOut]:
    """How far they are, the newest first, of the practices that the key reaches."""
    require(caller, Right.SEE_FIGURES)
    if practice is not None:
        require_practice(caller, Right.SEE_FIGURES, practice)
    before = paged.uuid("before")
    with open_work() as work:
        found = work.backfills.page(
            _meant(practice, caller), performance_year, before=before, limit=paged.with_next
        )
    return paged.page(
        found,
        show=BackfillOut.model_validate,
        key_of=lambda backfill: {"before": backfill.id},
    )


@router.get(
    "/{backfill_id}",
    response_model=BackfillReport,
    responses=_CSV_TOO,
    summary="Read the report of a backfill",
)
def read_backfill(
    backfill_id: UUID,
    caller: Caller,
    open_work: Work,
    format_: Annotated[
        ReportFormat, Query(alias="format", description="`csv`: a row for each place and level.")
    ] = ReportFormat.JSON,
) -> BackfillReport | Response:
    """What every measure came to before and after, by TIN, clinician and surgical center."""
    with open_work() as work:
        backfill = _visible(backfill_id, caller, work)
        report = BackfillReport.of(
            backfill, work.backfills.counts(backfill), work.backfills.move_classes(backfill)
        )
    if format_ is ReportFormat.JSON:
        return report
    practice, year = backfill.practice_id, backfill.performance_year
    record_export(ExportedList.BACKFILL, practice, caller.actor, open_work=open_work, year=year)
    name = f"backfill-{practice}-{year}.csv"
    return Response(
        csv_of(PlaceRow, place_rows(report.changes)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{backfill_id}/cases", summary="List the cases that a backfill moved")
def list_moved_cases(
    backfill_id: UUID,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[MovedCase]:
    """Each measure in which a case landed elsewhere, with the place and reason on both sides."""
    after = _decode(paged.cursor)
    with open_work() as work:
        backfill = _visible(backfill_id, caller, work)
        found = work.backfills.moves(backfill, after=after, limit=paged.with_next)
    return paged.page(
        found,
        show=MovedCase.of,
        key_of=lambda move: {
            "case": move.case_id,
            "measure": move.measure_id,
            "stratum": move.stratum,
        },
    )


def _meant(practice: PracticeId | None, caller: Principal) -> frozenset[PracticeId] | None:
    """A sandbox has none: what it holds is not counted."""
    if caller.sandbox:
        return frozenset()
    if practice is not None:
        return frozenset({practice})
    return None if is_staff(caller) else practices_of(caller, Right.SEE_FIGURES)


def _visible(backfill_id: UUID, caller: Principal, work: UnitOfWork) -> Backfill:
    """Raises: NotPermitted; BackfillUnknown, also for one that the caller may not see."""
    require(caller, Right.SEE_FIGURES)
    backfill = work.backfills.get(backfill_id)
    if (
        backfill is None
        or caller.sandbox
        or not may_reach(caller, Right.SEE_FIGURES, backfill.practice_id)
    ):
        raise BackfillUnknown("No backfill of this id can be seen with this key.")
    return backfill


def _decode(cursor: str | None) -> tuple[UUID, str, str] | None:
    """Raises: BadCursor."""
    key = decode_cursor(cursor)
    if key is None:
        return None
    try:
        place = UUID(str(key["case"])), str(key["measure"]), str(key["stratum"])
    except (KeyError, ValueError):
        raise BadCursor("This cursor belongs to another list.") from None
    if not is_storable("".join(place[1:])):
        raise BadCursor("This cursor belongs to another list.")
    return place
