"""A feedback report that was asked for: a page that follows it until it is made."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.access.rights import Right
from app.dashboard.boards.feedback_request_view import RequestView
from app.dashboard.frame.desks import AtFiguresDesk, Desk
from app.dashboard.frame.live_pages import StreamPlace, news_of
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import fragment
from app.domain.errors.measures import FeedbackRequestUnknown
from app.feedback.visible import visible_request

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/feedback/requests/{request_id}",
    route_class=PageRoute,
)


def _view(desk: Desk, request_id: UUID) -> RequestView:
    """Raises: NotPermitted, FeedbackRequestUnknown."""
    request = visible_request(request_id, desk.caller, desk.open_work)
    if request.practice_id != desk.id:
        raise FeedbackRequestUnknown("The practice has no request of this id.")
    return RequestView(request=request, may_see_cases=desk.may(Right.SEE_REASONS))


def _look(desk: AtFiguresDesk, request_id: UUID) -> RequestView:
    return _view(desk, request_id)


Looked = Annotated[RequestView, Depends(_look)]
"""Whoever may not see it is refused before anything is answered."""


@router.get("")
def request_page(desk: AtFiguresDesk, view: Looked) -> Response:
    return desk.page("boards/feedback_request.html", view=view)


@router.get("/events", response_class=EventSourceResponse)
async def follow(
    request: Request, desk: AtFiguresDesk, view: Looked, _: StreamPlace
) -> AsyncIterator[ServerSentEvent]:
    look = partial(_view, desk, view.request.id)
    async for event in news_of(request, view, look=look, html=_html):
        yield event


def _html(view: RequestView) -> str:
    return fragment("boards/feedback_request_live.html", view=view)
