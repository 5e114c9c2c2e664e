"""The registry: every practice in a year, who is behind, and the days that come."""

from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.billing.program_years import billing_model, days_of
from app.dashboard.deadlines.behind import Moment, behind_rules
from app.dashboard.deadlines.due import calendar_of
from app.dashboard.figures.views import AskedView, csv_answer
from app.dashboard.frame.dependencies import MemberWork
from app.dashboard.frame.desks import AskedYear
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.staff_desk import StaffPage
from app.dashboard.registry.figures import (
    cases_by_month,
    practice_rows,
    practices_figure,
    registry_tiles,
)
from app.reporting.reporting_years import deadlines_of
from app.web.dependencies import Today

router = APIRouter(include_in_schema=False, prefix="/registry", route_class=PageRoute)

_ON_A_PAGE: Final = 100


class Show(StrEnum):
    ALL = "all"
    BEHIND = "behind"


@router.get("")
def registry_page(
    member: StaffPage,
    open_work: MemberWork,
    today: Today,
    year: AskedYear,
    asked: AskedView,
    show: Show = Show.ALL,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The file of the practices has all of them, the page a hundred."""
    deadlines = deadlines_of(year)
    moment = Moment(day=today, performance_year=year, register_until=deadlines.register_until)
    with open_work() as work:
        everybody = practice_rows(work.standings.of_all(year), moment)
    by_month = cases_by_month(everybody, year)
    rows = [row for row in everybody if row.behind or show is Show.ALL]
    view = asked.view(year=year, show=show, start=start or None)
    if view.figure is not None:
        return csv_answer(view, (by_month, practices_figure(rows, year)))
    return member.page(
        "registry/registry.html",
        view=view,
        year=year,
        day=today,
        show=show,
        shows=tuple(Show),
        tiles_of_all=registry_tiles(everybody, ordered_in=billing_model(year).value),
        by_month=by_month,
        practices=practices_figure(rows[start : start + _ON_A_PAGE], year),
        following=start + _ON_A_PAGE if len(rows) > start + _ON_A_PAGE else None,
        calendar=calendar_of(deadlines, days_of(year)),
        rules=behind_rules(),
    )
