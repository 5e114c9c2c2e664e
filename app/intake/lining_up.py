"""Where a submission stands in the line of case files that wait for a worker."""

from datetime import UTC, datetime
from typing import Final

from app.domain.identifiers import PracticeId
from app.domain.jobs import Job, Queue, Task
from app.domain.submissions import Submission

_PACE_BYTES_A_SECOND: Final = 10 << 20
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Priorities are seconds since then: they fit the queue's 32 bits for 68 years."""


def place_in_line(*, now: datetime, bytes_before: int) -> int:
    """The priority of a file whose practice has `bytes_before` of other files waiting.

    It stands as if it came when those were done: a practice that sends a whole year at once lets
    the next one pass, and nobody who comes later passes what has stood there long enough.
    """
    waiting_seconds = bytes_before // _PACE_BYTES_A_SECOND
    return -int((now - _BEGINNING).total_seconds()) - waiting_seconds


def job_for(
    submission: Submission, *, now: datetime, bytes_before: int, at: datetime | None = None
) -> Job:
    """The job that takes in a submission. Two of one practice are never taken in at once."""
    return Job(
        task=Task.PROCESS_SUBMISSION,
        queue=Queue.CASE_FILES,
        arguments={"submission_id": str(submission.id)},
        lock=_lock_of(submission.practice_id),
        priority=place_in_line(now=now, bytes_before=bytes_before),
        at=at,
    )


def undo_job_for(submission: Submission, *, now: datetime, bytes_before: int) -> Job:
    """The job that undoes the replacement of a period. It stands in the line of the files."""
    return Job(
        task=Task.UNDO_REPLACEMENT,
        queue=Queue.CASE_FILES,
        arguments={"submission_id": str(submission.id)},
        lock=_lock_of(submission.practice_id),
        priority=place_in_line(now=now, bytes_before=bytes_before),
    )


def _lock_of(practice: PracticeId) -> str:
    return f"case files of {practice}"
