"""Operations: what waits, how fast it goes, what failed, which versions come in."""

from datetime import datetime, timedelta
from enum import StrEnum

from fastapi import APIRouter, Response

from app.dashboard.figures.views import AskedView, csv_answer
from app.dashboard.frame.dependencies import MemberWork
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.staff_desk import StaffPage
from app.dashboard.registry.operations_figures import (
    activity_figures,
    operations_tiles,
    waiting_figures,
)
from app.web.dependencies import Now

router = APIRouter(include_in_schema=False, prefix="/operations", route_class=PageRoute)


class Window(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        return {
            Window.DAY: timedelta(days=1),
            Window.WEEK: timedelta(days=7),
            Window.MONTH: timedelta(days=30),
        }[self]

    @property
    def step(self) -> timedelta:
        return timedelta(hours=1) if self is Window.DAY else timedelta(days=1)


@router.get("")
def operations_page(
    member: StaffPage,
    open_work: MemberWork,
    now: Now,
    asked: AskedView,
    window: Window = Window.DAY,
) -> Response:
    with open_work() as work:
        standing = work.operations.standing()
        activity = work.operations.activity(since=_since(window, now), step=window.step)
    waits = waiting_figures(standing)
    happened = activity_figures(activity, by_the_hour=window is Window.DAY)
    view = asked.view(window=window)
    if view.figure is not None:
        return csv_answer(view, (*waits, *happened))
    return member.page(
        "registry/operations.html",
        view=view,
        window=window,
        windows=tuple(Window),
        now=now,
        tiles_of_all=operations_tiles(standing, activity, now=now),
        waits=waits,
        happened=happened,
    )


def _since(window: Window, now: datetime) -> datetime:
    """From a full hour or day on, so that the spans are those of a clock."""
    begins = now - window.length
    begins = begins.replace(minute=0, second=0, microsecond=0)
    return begins if window is Window.DAY else begins.replace(hour=0)
