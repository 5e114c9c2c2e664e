"""Data quality of a practice: how complete each field is by month, and what lies behind it."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.figures.views import AskedView, csv_answer
from app.dashboard.frame.desks import AskedYear, AtDesk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.quality.figures import field_figures, found_figure, level_tiles
from app.dashboard.quality.thresholds import field_groups, watched_field
from app.domain.case_fields import CaseField
from app.domain.errors.requests import InvalidRequest
from app.domain.periods import Period, parse_period
from app.web.paging import Cursor, Paging

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/data-quality", route_class=PageRoute
)

_ON_A_PAGE: Final = 50


@router.get("")
def data_quality_page(desk: AtDesk, year: AskedYear, asked: AskedView) -> Response:
    with desk.open_work() as work:
        months = work.quality.told_by_month(desk.id, year)
        found = work.quality.findings_of_year(desk.id, year)
    groups = field_groups(months)
    fields = field_figures(groups, year, path=asked.path)
    in_files = found_figure(found, year)
    view = asked.view(year=year)
    if view.figure is not None:
        return csv_answer(view, (*fields, in_files))
    return desk.page(
        "quality/data_quality.html",
        year=year,
        view=view,
        tiles_of_levels=level_tiles(groups),
        fields=fields,
        in_files=in_files,
    )


@router.get("/{field}")
def lacking_page(
    desk: AtDesk,
    field: CaseField,
    period: Annotated[str, Query(max_length=7)],
    cursor: Cursor = None,
) -> Response:
    desk.require(Right.SEE_CASES)
    asked = _period(period)
    paged = Paging(_ON_A_PAGE, cursor)
    with desk.open_work() as work:
        found = work.quality.cases_lacking(
            desk.id, field, asked, after=paged.uuid("after"), limit=paged.with_next
        )
    shown, following = paged.cut(found, key_of=lambda case: {"after": case.case_id})
    return desk.page(
        "quality/lacking_cases.html",
        watched=watched_field(field),
        period=asked,
        year=asked.first_day.year,
        cases=shown,
        following=following,
    )


def _period(text: str) -> Period:
    """Raises: InvalidRequest."""
    try:
        return parse_period(text)
    except ValueError as error:
        raise InvalidRequest(f"period: {error}") from None
