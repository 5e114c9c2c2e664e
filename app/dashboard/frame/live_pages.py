"""Pages that tell by themselves how far something is, by a stream of events."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Final, Protocol, TypeVar

from anyio import current_time, move_on_after, to_thread
from fastapi import Depends, Request
from fastapi.sse import ServerSentEvent

from app.dashboard.frame.dependencies import SignedInPage
from app.domain.errors import RegistryError
from app.web.ending import ending_of
from app.web.streams import Streams

_LOOK_EVERY_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 60.0
"""Then the browser connects anew by itself, and is asked again who it is."""
_RETRY_MILLISECONDS: Final = 2_000


class LiveView(Protocol):
    """What a page shows of something that goes on; equal ones look alike."""

    @property
    def words(self) -> str: ...

    @property
    def is_under_way(self) -> bool: ...


_View = TypeVar("_View", bound=LiveView)


async def _place(request: Request, member: SignedInPage) -> AsyncIterator[None]:
    streams: Streams = request.app.state.streams
    with streams.place(str(member.signed_in.principal.id)):
        yield


StreamPlace = Annotated[None, Depends(_place)]
"""One of the few streams that somebody may have open. Raises: TooManyRequests."""


async def news_of(
    request: Request, view: _View, *, look: Callable[[], _View], html: Callable[[_View], str]
) -> AsyncIterator[ServerSentEvent]:
    """Each event has the part of the page that changes. Nothing is held while it waits.

    `view` is the first; who may not look any more gets no more, asks again, and is told why.
    """
    ending = ending_of(request.scope)
    ends_at = current_time() + _LONGEST_SECONDS
    shown: _View | None = None
    while current_time() < ends_at and not ending.is_set():
        if view != shown:
            shown = view
            yield _event(view, html(view))
        if not view.is_under_way:
            return
        with move_on_after(_LOOK_EVERY_SECONDS):
            await ending.wait()
        try:
            view = await to_thread.run_sync(look)
        except RegistryError:
            return


def _event(view: LiveView, html: str) -> ServerSentEvent:
    return ServerSentEvent(
        event="shown" if view.is_under_way else "ended",
        data={"words": view.words, "html": html},
        retry=_RETRY_MILLISECONDS,
    )
