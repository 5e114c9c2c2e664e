"""A notice that nobody takes is tried for a day, and then given up."""

from datetime import UTC, datetime, timedelta

from app.domain.notices import NoticeFailure, NoticeProgress, NoticeState, Tried
from app.notices.retries import WAITS, after_try

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AWAY = Tried(failure=NoticeFailure.UNREACHABLE)


def test_what_is_taken_is_done() -> None:
    done = after_try(NoticeProgress(), Tried(status=204), now=NOW)
    assert (done.state, done.tries, done.status) == (NoticeState.DELIVERED, 1, 204)
    assert (done.next_try_at, done.failure) == (None, None)


def test_each_wait_is_longer_and_all_together_take_a_day() -> None:
    progress, now = NoticeProgress(), NOW
    waits = []
    while not progress.state.is_final:
        progress = after_try(progress, AWAY, now=now)
        if progress.next_try_at is not None:
            waits.append(progress.next_try_at - now)
            now = progress.next_try_at
    assert tuple(waits) == WAITS == tuple(sorted(WAITS))
    assert (progress.state, progress.tries) == (NoticeState.DEAD, 8)
    assert timedelta(hours=23) < now - NOW < timedelta(hours=25)


def test_what_no_other_try_would_help_is_given_up_at_once() -> None:
    gone = Tried(failure=NoticeFailure.GONE, status=410, is_final=True)
    progress = after_try(NoticeProgress(), gone, now=NOW)
    assert (progress.state, progress.next_try_at) == (NoticeState.DEAD, None)
