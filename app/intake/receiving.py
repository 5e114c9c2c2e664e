"""Receives a case file: its bytes and its submission are kept before anybody is answered."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.repeating import Repeatable
from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.errors.requests import IdempotencyConflict
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.domain.replacements import Replacement
from app.domain.submissions import OnError, Submission, SubmissionStatus
from app.intake.lining_up import job_for
from app.intake.unused_files import UnusedFiles
from app.storage.blobs import BlobWriter, StoredBlob
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """What the sender says besides the bytes."""

    practice_id: PracticeId
    on_error: OnError
    sandbox: bool
    file_name: str | None
    api_key: UUID
    idempotency_key: str | None
    replace_period: Period | None = None
    sender: Actor | None = None
    software: str | None = None

    @property
    def actor(self) -> Actor:
        """Who sends it, as far as is known."""
        of_key = Actor(kind=ActorKind.KEY, key_id=self.api_key, sandbox=self.sandbox)
        return self.sender or of_key

    def request(self, sha256: str) -> Repeatable:
        return Repeatable(
            sender=self.api_key,
            idempotency_key=self.idempotency_key,
            request_hash=self._request_hash(sha256),
            practice=self.practice_id,
        )

    def _request_hash(self, sha256: str) -> str:
        """A key that came with a period is no key for the same bytes without it."""
        if self.replace_period is None:
            return sha256
        return hashlib.sha256(f"{sha256} replaces {self.replace_period.name}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`is_replay` when the same request was received before: this is its submission.

    `at_once` when whoever received it takes it in; otherwise a job in the queue does.
    """

    submission: Submission
    is_replay: bool = False
    at_once: bool = False


def receive(
    new: NewSubmission,
    file: BlobWriter,
    *,
    open_work: OpenWork,
    unused_files: UnusedFiles,
    small_bytes: int,
) -> Received:
    """Keep the file and record its submission: from here on nothing of it can be lost.

    Raises: PracticeUnknown; IdempotencyConflict when the key came with another request.
    """
    if new.idempotency_key is not None or file.size > small_bytes:
        earlier = _seen_before(new, file.sha256, open_work)
        if earlier is not None:
            return Received(submission=earlier, is_replay=True)
    stored = file.finish()  # outside any transaction: an upload may take minutes
    try:
        with open_work() as work:
            _lock(new, stored.sha256, work)
            received = _received(new, stored, work, small_bytes=small_bytes)
            if not received.is_replay and not unused_files.blobs.has(stored.sha256):
                file.keep_again()  # it was forgotten before the lock was ours
            work.commit()  # a replay too: at a rollback the connection forgets its statements
    except (PracticeUnknown, IdempotencyConflict):
        unused_files.forget(stored.sha256)
        raise
    if received.is_replay:
        unused_files.forget(stored.sha256)
    return received


def _seen_before(new: NewSubmission, sha256: str, open_work: OpenWork) -> Submission | None:
    """A look without locks, which may save an upload.

    For a small file without a key, rarely sent twice, it would cost more than it saves.
    Raises: PracticeUnknown; IdempotencyConflict.
    """
    with open_work() as work:
        earlier = _earlier(new, sha256, work)
        work.commit()
    return earlier


def _lock(new: NewSubmission, sha256: str, work: UnitOfWork) -> None:
    new.request(sha256).lock(work)
    work.kept_bytes.lock(sha256)


def _received(
    new: NewSubmission, stored: StoredBlob, work: UnitOfWork, *, small_bytes: int
) -> Received:
    """Raises: PracticeUnknown; IdempotencyConflict."""
    earlier = _earlier(new, stored.sha256, work)
    if earlier is not None:
        return Received(submission=earlier, is_replay=True)
    at_once = _is_taken_in_at_once(new, stored.size, work, small_bytes=small_bytes)
    submission = _submission_of(new, stored, at_once=at_once)
    _record(submission, new, work, at_once=at_once)
    return Received(submission=submission, at_once=at_once)


def _is_taken_in_at_once(
    new: NewSubmission, size: int, work: UnitOfWork, *, small_bytes: int
) -> bool:
    if new.replace_period is not None or size > small_bytes:
        return False
    return not work.unfinished.has(new.practice_id, larger_than=small_bytes)


def _submission_of(new: NewSubmission, stored: StoredBlob, *, at_once: bool) -> Submission:
    return Submission(
        id=uuids.uuid7(),
        practice_id=new.practice_id,
        sandbox=new.sandbox,
        status=SubmissionStatus.PROCESSING if at_once else SubmissionStatus.RECEIVED,
        on_error=new.on_error,
        file_name=new.file_name,
        sha256=stored.sha256,
        bytes=stored.size,
        received_at=datetime.now(UTC),
        attempts=1 if at_once else 0,
        replacement=None if new.replace_period is None else Replacement(period=new.replace_period),
    )


def _record(submission: Submission, new: NewSubmission, work: UnitOfWork, *, at_once: bool) -> None:
    if not at_once:
        before = work.unfinished.bytes_of(submission.practice_id)
        work.jobs.add(job_for(submission, now=submission.received_at, bytes_before=before))
    work.submissions.add(submission, api_key=new.api_key, software=new.software)
    work.audit.record(
        new.actor,
        AuditAction.SUBMISSION_RECEIVED,
        practice=submission.practice_id,
        about=("submission", submission.id),
        sha256=submission.sha256,
    )
    new.request(submission.sha256).keep(submission.id, work)


def _earlier(new: NewSubmission, sha256: str, work: UnitOfWork) -> Submission | None:
    """Raises: PracticeUnknown; IdempotencyConflict."""
    if not work.practices.exists(new.practice_id):
        raise PracticeUnknown("No practice of this id is registered.")
    if new.idempotency_key is None:
        return work.submissions.same_bytes(
            new.practice_id,
            sha256,
            on_error=new.on_error,
            sandbox=new.sandbox,
            replacing=new.replace_period,
        )
    used = new.request(sha256).used(work)
    if used is None:
        return None
    submission = work.submissions.get(used.made_id)
    assert submission is not None, "a submission is never deleted"
    return None if submission.status is SubmissionStatus.FAILED else submission
