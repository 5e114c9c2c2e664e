"""The reconciliation of TINs and NPIs as a page: rows are confirmed, corrected and rejected."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.billing.service import count_of_year
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.roster.reconciliation_view import (
    Moved,
    ShownRow,
    decisions_about,
    groups_of,
    key_of,
)
from app.dashboard.roster.reconciliation_words import WORDS
from app.domain.errors import RegistryError
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import ProviderListLocked, RosterConflict
from app.domain.reconciliation import RowKind, Verdict
from app.domain.roster import Credentials
from app.roster.provider_list_service import read_list_state
from app.roster.reconciled import Asked
from app.roster.reconciliation_service import decide, outline_of, part_of_report
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/reconciliation",
    route_class=PageRoute,
)

_REFUSED: Final = (InvalidRequest, RosterConflict, ProviderListLocked)


@router.get("")
def reconciliation_page(
    desk: AtDesk,
    year: AskedYear,
    kind: RowKind | None = None,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    moved = Moved.told_in(desk.member.request.query_params)
    return _page(desk, year, kind=kind, start=start, moved=moved)


@router.post("")
def decide_about_rows(desk: AtDesk, year: AskedYear, form: SignedInLongForm) -> Response:
    """Confirm or reject the rows that are ticked, or begin to correct one."""
    desk.require(Right.CHANGE_ROSTER)
    if form.get("correct"):
        return _begun_correction(desk, year, form.get("correct"))
    try:
        verdict = Verdict(form.get("decision"))
    except ValueError:
        raise InvalidRequest("decision: it is none of those on the page.") from None
    if not form.all("row"):
        return _page(desk, year, fault="Tick a row first.", status_code=422)
    try:
        told = {"reason": form.get("reason")}
        asked = decisions_about(form.all("row"), verdict, year=year, told=told)
        return _decided(desk, year, asked)
    except _REFUSED as error:
        return _page(desk, year, refusal=error, status_code=status_of(error))


@router.post("/correction")
def correct_row(desk: AtDesk, year: AskedYear, form: SignedInLongForm) -> Response:
    desk.require(Right.CHANGE_ROSTER)
    key = form.get("row")
    row = _find_row(desk, year, key)
    if row is None:
        return _gone(desk, year)
    names = (*WORDS[row.row.kind].corrected, "reason")
    told = {name: form.get(name) for name in names}
    try:
        return _decided(desk, year, decisions_about([key], Verdict.CORRECT, year=year, told=told))
    except _REFUSED as error:
        return _correction(desk, year, row, form=form, refusal=error)


def _decided(desk: Desk, year: int, asked: list[Asked]) -> Response:
    """Raises: InvalidRequest, RosterConflict, ProviderListLocked."""
    before = count_of_year(desk.id, year, open_work=desk.open_work)
    done = decide(asked, desk.id, year, desk.caller.actor, day=desk.day, open_work=desk.open_work)
    after = count_of_year(desk.id, year, open_work=desk.open_work)
    moved = Moved.by(done, before=before, after=after)
    return desk.go("/reconciliation", year=year, **asdict(moved))


def _begun_correction(desk: Desk, year: int, key: str) -> Response:
    row = _find_row(desk, year, key)
    return _gone(desk, year) if row is None else _correction(desk, year, row)


def _find_row(desk: Desk, year: int, key: str) -> ShownRow | None:
    found = part_of_report(
        desk.id, year, wanted=lambda row: key_of(row) == key, limit=1, open_work=desk.open_work
    )
    return next(map(ShownRow.of, found.rows), None)


def _gone(desk: Desk, year: int) -> Response:
    error = RosterConflict("The report has no such row any more.")
    return _page(desk, year, refusal=error, status_code=status_of(error))


def _correction(
    desk: Desk,
    year: int,
    row: ShownRow,
    *,
    form: LongForm | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    words = WORDS[row.row.kind]
    if not words.corrected:
        raise InvalidRequest("The list has nothing to correct there; confirm or reject the row.")
    return desk.page(
        "roster/correction.html",
        status_code=200 if refusal is None else status_of(refusal),
        year=year,
        shown=row,
        words=words,
        credentials=list(Credentials),
        typed={} if form is None else form.last,
        refusal=refusal,
    )


def _page(
    desk: Desk,
    year: int,
    *,
    kind: RowKind | None = None,
    start: int = 0,
    moved: Moved | None = None,
    fault: str | None = None,
    refusal: RegistryError | None = None,
    status_code: int = 200,
) -> Response:
    outline = outline_of(desk.id, year, open_work=desk.open_work)
    return desk.page(
        "roster/reconciliation.html",
        status_code=status_code,
        year=year,
        only=kind,
        groups=groups_of(outline.rows, only=kind, start=start),
        cases=outline.cases,
        provider_list=read_list_state(year, day=desk.day, open_work=desk.open_work),
        moved=moved,
        fault=fault,
        refusal=refusal,
    )
