"""Submissions that wait to be processed: taken up, put into line, put back, found again."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.submissions import Progress, Submission
from app.intake.lining_up import job_for
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What cannot be told to the database is told to the log, and found by `line_up_abandoned`."""

    open_work: OpenWork

    def take_up(self, submission_id: UUID) -> Submission | None:
        """Return it with the attempt counted; None if it has ended already."""
        with self.open_work() as work:
            begun = work.unfinished.begin(submission_id)
            work.commit()
        return begun

    def note(self, submission: Submission, progress: Progress) -> None:
        """Where it cannot be told, as when no connection is free, the file is read on."""
        try:
            with self.open_work() as work:
                work.unfinished.note_progress(submission, progress)
                work.commit()
        except Exception as error:
            warn("progress cannot be told", submission.id, error)

    def line_up(self, submission: Submission, *, after_seconds: float) -> None:
        at = datetime.now(UTC) + timedelta(seconds=after_seconds)
        try:
            with self.open_work() as work:
                _line_up(submission, work, at=at)
                work.commit()
        except Exception as error:
            warn("submission waits to be found", submission.id, error)

    def put_back(self, submission: Submission) -> None:
        """The attempt that was begun is not counted."""
        try:
            with self.open_work() as work:
                work.unfinished.put_back(submission.id)
                work.commit()
        except Exception as error:
            warn("attempt counts though it was interrupted", submission.id, error)

    def line_up_abandoned(self, *, older_than_seconds: float = 0) -> int:
        """Put into line what a process that died left behind; return how many there were.

        What came later may only wait for the process that received it.
        """
        before = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        found = 0
        while True:
            with self.open_work() as work:
                abandoned = work.unfinished.find_abandoned(received_before=before)
                if abandoned is None:
                    return found
                _line_up(abandoned, work)
                work.commit()
            found += 1


def warn(what: str, submission_id: UUID, error: Exception) -> None:
    fields = log_fields(submission=str(submission_id), **error_fields(error))
    _log.warning(what, extra=fields)


def _line_up(submission: Submission, work: UnitOfWork, *, at: datetime | None = None) -> None:
    before = work.unfinished.bytes_of(submission.practice_id) - submission.bytes
    work.jobs.add(job_for(submission, now=datetime.now(UTC), bytes_before=before, at=at))
