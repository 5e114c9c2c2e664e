"""When a notice that could not be delivered is tried again, and when it is given up."""

from datetime import datetime, timedelta
from typing import Final

from app.domain.notices import NoticeProgress, NoticeState, Tried

WAITS: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
)
"""Before the second try, the third, and so on: eight tries within a day."""


def after_try(progress: NoticeProgress, tried: Tried, *, now: datetime) -> NoticeProgress:
    """How far a notice came that was at `progress` before it was tried once more."""
    tries = progress.tries + 1
    state, next_try_at = NoticeState.DEAD, None
    if tried.failure is None:
        state = NoticeState.DELIVERED
    elif not tried.is_final and tries <= len(WAITS):
        state, next_try_at = NoticeState.WAITING, now + WAITS[tries - 1]
    return NoticeProgress(
        state=state,
        tries=tries,
        tried_at=now,
        next_try_at=next_try_at,
        failure=tried.failure,
        status=tried.status,
    )
