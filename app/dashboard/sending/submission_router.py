"""One submission: a page that follows its file, by an event stream or by refreshing itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.live_pages import StreamPlace, news_of
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member, fragment
from app.dashboard.sending.submission_view import SubmissionView, look_at
from app.reports.formats import ReportFormat
from app.storage.unit_of_work import OpenWork

router = APIRouter(
    include_in_schema=False, prefix="/submissions/{submission_id}", route_class=PageRoute
)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A submission, and who looks at it."""

    submission_id: UUID
    member: Member
    open_work: OpenWork

    def look(self) -> SubmissionView:
        """Raises: NotPermitted, SubmissionUnknown."""
        return look_at(self.submission_id, self.member.signed_in.principal, self.open_work)


def _followed(submission_id: UUID, member: SignedInPage, open_work: MemberWork) -> Followed:
    return Followed(submission_id=submission_id, member=member, open_work=open_work)


FollowedDep = Annotated[Followed, Depends(_followed)]


@router.get("")
def submission_page(followed: FollowedDep, again: str | None = None) -> Response:
    view = followed.look()
    return followed.member.page(
        "sending/submission.html", status_code=200, **_told(view), is_again=again == "yes"
    )


def _first_look(followed: FollowedDep) -> SubmissionView:
    """Whoever may not see it is refused before the stream begins."""
    return followed.look()


@router.get("/events", response_class=EventSourceResponse)
async def follow(
    request: Request,
    followed: FollowedDep,
    view: Annotated[SubmissionView, Depends(_first_look)],
    _: StreamPlace,
) -> AsyncIterator[ServerSentEvent]:
    async for event in news_of(request, view, look=followed.look, html=_html):
        yield event


def _html(view: SubmissionView) -> str:
    return fragment("sending/submission_live.html", **_told(view))


def _told(view: SubmissionView) -> dict[str, object]:
    return {"view": view, "submission": view.submission, "formats": tuple(ReportFormat)}
