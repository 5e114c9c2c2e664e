"""The story of a replaced period after its preview: confirmed, withdrawn, or expired."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.access.repeating import Repeatable
from app.domain.audit import AuditAction
from app.domain.errors.intake import ConfirmationDiffers, NotAwaitingConfirmation, ShareAboveLimit
from app.domain.principals import Principal
from app.domain.replacements import CONFIRMABLE_FOR, Preview, ReplacementEnd
from app.domain.submissions import Submission, SubmissionStatus
from app.intake.lining_up import job_for
from app.intake.unused_files import UnusedFiles
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)

Announce = Callable[[Submission, UnitOfWork], object]
"""Told of each submission that is given up, within the transaction of that."""
OnEnd = Callable[[Submission], None]
"""Told of each submission that was given up."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What the sender has seen and wants; `above_limit` says it of a large share."""

    would_delete: int
    above_limit: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    open_work: OpenWork
    unused_files: UnusedFiles
    announce: Announce
    on_end: OnEnd
    now: Callable[[], datetime] = _now

    def confirm(
        self, submission_id: UUID, confirmation: Confirmation, caller: Principal
    ) -> Submission:
        """Let a worker do what the preview has shown. The same once more changes nothing.

        Raises: NotAwaitingConfirmation, ConfirmationDiffers, ShareAboveLimit; IdempotencyConflict
        when the key came with another request.
        """
        with self.open_work() as work:
            request = _request(submission_id, confirmation, caller, work)
            request.lock(work)
            is_replay = request.used(work) is not None
            submission = work.replacements.lock(submission_id)
            if is_replay or _is_confirmed_alike(submission, confirmation):
                return submission
            preview = _awaiting(submission)
            _check(confirmation, preview, now=self.now())
            self._confirm(submission, preview, caller, work)
            request.keep(submission_id, work)
            confirmed = work.replacements.lock(submission_id)
            work.commit()
        return confirmed

    def withdraw(self, submission_id: UUID, caller: Principal) -> Submission:
        """End a submission that nobody confirmed. Withdrawing it again changes nothing.

        Raises: NotAwaitingConfirmation.
        """
        with self.open_work() as work:
            submission = work.replacements.lock(submission_id)
            replacement = submission.replacement
            if replacement is not None and replacement.end is ReplacementEnd.WITHDRAWN:
                return submission
            _awaiting(submission)
            withdrawn = self._give_up(submission, ReplacementEnd.WITHDRAWN, work, by=caller.id)
            work.audit.record(
                caller.actor,
                AuditAction.REPLACEMENT_WITHDRAWN,
                practice=submission.practice_id,
                about=("submission", submission_id),
            )
            work.commit()
        self._after_end(withdrawn)
        return withdrawn

    def expire(self) -> int:
        """End what nobody confirmed for seven days; return how many there were."""
        number = 0
        while True:
            with self.open_work() as work:
                submission = work.replacements.lock_expired(
                    made_before=self.now() - CONFIRMABLE_FOR
                )
                if submission is None:
                    return number
                expired = self._give_up(submission, ReplacementEnd.EXPIRED, work, by=None)
                work.commit()
            self._after_end(expired)
            number += 1

    def _confirm(
        self, submission: Submission, preview: Preview, caller: Principal, work: UnitOfWork
    ) -> None:
        """The submission stands in line again, behind what came before its confirmation."""
        assert submission.replaced_period is not None, "it has a preview"
        work.replacements.confirm(
            submission, by=caller.id, above_limit=preview.is_above_limit, at=self.now()
        )
        before = work.unfinished.bytes_of(submission.practice_id) - submission.bytes
        work.jobs.add(job_for(submission, now=self.now(), bytes_before=before))
        work.audit.record(
            caller.actor,
            AuditAction.REPLACEMENT_CONFIRMED,
            practice=submission.practice_id,
            about=("submission", submission.id),
            period=submission.replaced_period.name,
            would_delete=preview.would_delete,
        )

    def _give_up(
        self, submission: Submission, end: ReplacementEnd, work: UnitOfWork, *, by: UUID | None
    ) -> Submission:
        """End it as one that nothing is stored of; what was found in its file stays."""
        work.replacements.end(submission, end, by=by)
        work.submissions.finish(
            submission,
            status=SubmissionStatus.REJECTED,
            schema_version=submission.schema_version,
            valid_records=submission.valid_records,
            findings=submission.findings,
        )
        with work.unbound():  # webhooks of all who reach the practice are told
            self.announce(submission, work)
        return work.replacements.lock(submission.id)

    def _after_end(self, submission: Submission) -> None:
        """Of a file that is given up only the receipt and the findings are kept."""
        self.on_end(submission)
        try:
            self.unused_files.forget(submission.sha256)
        except Exception as error:  # of many kinds: what is left is tidied away later
            fields = log_fields(submission=str(submission.id), **error_fields(error))
            _log.warning("file of a withdrawn submission is left for later", extra=fields)


def _awaiting(submission: Submission) -> Preview:
    """Raises: NotAwaitingConfirmation."""
    replacement = submission.replacement
    if replacement is None:
        raise NotAwaitingConfirmation("It replaces no period.")
    if submission.status is not SubmissionStatus.AWAITING_CONFIRMATION:
        raise NotAwaitingConfirmation(f"Its status is {submission.status}.")
    assert replacement.preview is not None, "there is something to confirm"
    return replacement.preview


def _check(confirmation: Confirmation, preview: Preview, *, now: datetime) -> None:
    if now >= preview.expires_at:
        raise NotAwaitingConfirmation("Its preview has expired.")
    if confirmation.would_delete != preview.would_delete:
        raise ConfirmationDiffers(
            f"By the preview {preview.would_delete} cases would disappear,"
            f" by the confirmation {confirmation.would_delete}."
        )
    if preview.is_above_limit and not confirmation.above_limit:
        raise ShareAboveLimit(
            f"{preview.would_delete} of {preview.stored_now} cases would disappear, more than"
            f" {preview.max_share:.0%}. Nothing is confirmed."
        )


def _is_confirmed_alike(submission: Submission, confirmation: Confirmation) -> bool:
    """Whether the same was confirmed before, and is not to be confirmed anew."""
    replacement = submission.replacement
    if replacement is None or replacement.preview is None or replacement.confirmed_at is None:
        return False
    return replacement.preview.would_delete == confirmation.would_delete


def _request(
    submission_id: UUID, confirmation: Confirmation, caller: Principal, work: UnitOfWork
) -> Repeatable:
    submission = work.submissions.get(submission_id)
    assert submission is not None, "a submission is never deleted"
    said = (str(submission_id), confirmation.would_delete, confirmation.above_limit)
    return Repeatable.of(
        caller,
        confirmation.idempotency_key,
        asked=f"confirm {said}",
        practice=submission.practice_id,
    )
