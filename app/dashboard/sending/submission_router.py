"""One submission: a page that follows its file, by an event stream or by refreshing itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from anyio import current_time, move_on_after, to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member, fragment
from app.dashboard.sending.submission_view import SubmissionView, look_at
from app.domain.errors import RegistryError
from app.reports.formats import ReportFormat
from app.storage.unit_of_work import OpenWork
from app.web.ending import ending_of
from app.web.streams import Streams

router = APIRouter(
    include_in_schema=False, prefix="/submissions/{submission_id}", route_class=PageRoute
)

_LOOK_EVERY_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 60.0
"""Then the browser connects anew by itself, and is asked again who it is."""
_RETRY_MILLISECONDS: Final = 2_000


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


async def _place(request: Request, followed: FollowedDep) -> AsyncIterator[None]:
    streams: Streams = request.app.state.streams
    with streams.place(str(followed.member.signed_in.principal.id)):
        yield


@router.get("/events", response_class=EventSourceResponse)
async def follow(
    request: Request,
    followed: FollowedDep,
    view: Annotated[SubmissionView, Depends(_first_look)],
    _: Annotated[None, Depends(_place)],
) -> AsyncIterator[ServerSentEvent]:
    """Each event has the part of the page that changes. Nothing is held while it waits."""
    ending = ending_of(request.scope)
    ends_at = current_time() + _LONGEST_SECONDS
    shown: SubmissionView | None = None
    while current_time() < ends_at and not ending.is_set():
        if view != shown:
            shown = view
            yield _event(view)
        if not view.is_under_way:
            return
        with move_on_after(_LOOK_EVERY_SECONDS):
            await ending.wait()
        try:
            view = await to_thread.run_sync(followed.look)
        except RegistryError:
            return  # the browser asks again, and is told why


def _event(view: SubmissionView) -> ServerSentEvent:
    html = fragment("sending/submission_live.html", **_told(view))
    return ServerSentEvent(
        event="shown" if view.is_under_way else "ended",
        data={"words": view.words, "html": html},
        retry=_RETRY_MILLISECONDS,
    )


def _told(view: SubmissionView) -> dict[str, object]:
    return {"view": view, "submission": view.submission, "formats": tuple(ReportFormat)}
