"""The story of an undo: asked for, carried out at once or by a worker, answered with its counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.domain.audit import AuditAction
from app.domain.errors.intake import NotUndoable
from app.domain.principals import Principal
from app.domain.replacements import UNDOABLE_FOR, ReplacementEnd
from app.domain.submissions import Submission
from app.intake.lining_up import undo_job_for
from app.intake.replacement_undoing import undo_replacement
from app.measures.catalogue.catalogue import Catalogue
from app.storage.unit_of_work import OpenWork, UnitOfWork

_DONE_AT_ONCE: Final = 1_000


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """Undoes replacements of periods. One of more than `done_at_once` cases waits for a worker.

    Who waits for an answer waits at most `patience_seconds` for others that change the cases.
    """

    open_work: OpenWork
    measures: Catalogue
    patience_seconds: float
    done_at_once: int = _DONE_AT_ONCE
    now: Callable[[], datetime] = _now

    def undo(self, submission_id: UUID, caller: Principal) -> Submission:
        """Undo a replacement, or let a worker do it where it is large. It is done once only.

        Raises: NotUndoable, ServiceBusy.
        """
        with self.open_work() as work:
            submission = work.replacements.lock(submission_id)
            self._check(submission)
            assert submission.replacement is not None, "it can be undone"
            undo = submission.replacement.undo
            if undo is not None and undo.done_at is not None:
                return submission
            if undo is None:
                work.replacements.ask_undo(submission, by=caller.id, at=self.now())
                work.audit.record(
                    caller.actor,
                    AuditAction.REPLACEMENT_UNDONE,
                    practice=submission.practice_id,
                    about=("submission", submission_id),
                )
            touched = work.replacement_undo(submission, by=caller.id).count_touched()
            if touched <= self.done_at_once:
                self._carry_out(submission, work, patience_seconds=self.patience_seconds)
            else:  # asked for again, it gets a job again: the first may be lost
                before = work.unfinished.bytes_of(submission.practice_id)
                work.jobs.add(undo_job_for(submission, now=self.now(), bytes_before=before))
            submission = work.replacements.lock(submission_id)
            work.commit()
        return submission

    def finish(self, submission_id: UUID) -> None:
        """Done by a job; it may come twice."""
        with self.open_work() as work:
            submission = work.replacements.lock(submission_id)
            replacement = submission.replacement
            assert replacement is not None, "only a replacement is undone"
            if replacement.undo is not None and replacement.undo.done_at is None:
                self._carry_out(submission, work)
                work.commit()

    def _carry_out(
        self, submission: Submission, work: UnitOfWork, *, patience_seconds: float | None = None
    ) -> None:
        with work.unbound():  # cases are stored as when a file is taken in
            counts = undo_replacement(
                submission,
                by=work.replacements.undo_asked_by(submission),
                measures=self.measures,
                work=work,
                patience_seconds=patience_seconds,
            )
        work.replacements.record_undo(submission, counts, at=self.now())

    def _check(self, submission: Submission) -> None:
        replacement, ended = submission.replacement, submission.finished_at
        if replacement is None or replacement.end is not ReplacementEnd.REPLACED or ended is None:
            raise NotUndoable("It has replaced no period.")
        if submission.purged_at is not None:
            raise NotUndoable("What came with it was purged.")
        if replacement.undo is None and self.now() > ended + UNDOABLE_FOR:
            raise NotUndoable(f"It ended more than {UNDOABLE_FOR.days} days ago.")
