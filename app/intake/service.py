"""The story of a case file: received, kept, taken in, answered with a receipt."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.days import today
from app.domain.errors import IdempotencyConflict, PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError, Submission, SubmissionStatus
from app.intake.processing import FileRefused, Library, take_in
from app.storage.blobs import BlobMissing, BlobStore, BlobWriter
from app.storage.submission_store import SubmissionStore
from app.storage.unit_of_work import OpenWork

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """What the sender says besides the bytes."""

    practice_id: PracticeId
    on_error: OnError
    sandbox: bool
    file_name: str | None
    api_key: UUID
    idempotency_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`is_replay` when the same request was received before: this is its submission."""

    submission: Submission
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Receives case files and takes them in."""

    open_work: OpenWork
    blobs: BlobStore
    library: Library
    day: Callable[[], date] = today

    def receive(self, new: NewSubmission, file: BlobWriter) -> Received:
        """Keep the file and record its submission: from here on nothing of it can be lost.

        Raises: PracticeUnknown; IdempotencyConflict when the key came with another request.
        """
        sha256 = file.sha256
        request_hash = f"{sha256} {new.on_error} {new.sandbox}"
        with self.open_work() as work:
            if work.practices.get(new.practice_id) is None:
                raise PracticeUnknown("No practice of this id is registered.")
            if new.idempotency_key is not None:
                work.submissions.lock_idempotency_key(new.idempotency_key, api_key=new.api_key)
            work.submissions.lock_bytes(sha256)
            earlier = _earlier(new, sha256, request_hash, work.submissions)
            if earlier is not None:
                return Received(submission=earlier, is_replay=True)
            blob = file.finish()
            submission = Submission(
                id=uuids.uuid7(),
                practice_id=new.practice_id,
                sandbox=new.sandbox,
                status=SubmissionStatus.PROCESSING,
                on_error=new.on_error,
                file_name=new.file_name,
                sha256=sha256,
                bytes=blob.size,
                received_at=datetime.now(UTC),
            )
            work.submissions.add(submission, api_key=new.api_key)
            if new.idempotency_key is not None:
                work.submissions.add_idempotency_key(
                    new.idempotency_key,
                    practice=new.practice_id,
                    api_key=new.api_key,
                    request_hash=request_hash,
                    submission=submission.id,
                )
            work.commit()
        return Received(submission=submission, is_replay=False)

    def process(self, submission_id: UUID) -> Submission:
        """Bring a received submission to its end state and return it as it then is.

        A fault of ours ends it as failed: nothing is stored and it is safe to send again.
        """
        try:
            try:
                self._take_in(submission_id, refuse=False)
            except FileRefused:
                self._take_in(submission_id, refuse=True)
        except Exception as error:  # whatever it is, the submission must not stay without an end
            self._fail(submission_id, error)
        submission = self.get(submission_id)
        if submission.status is SubmissionStatus.REJECTED:
            self._forget_file(submission)
        return submission

    def get(self, submission_id: UUID) -> Submission:
        with self.open_work() as work:
            submission = work.submissions.get(submission_id)
        assert submission is not None, "a submission is never deleted"
        return submission

    def process_abandoned(self) -> bool:
        """Take up one submission whose process died; False when there is none."""
        with self.open_work() as work:
            abandoned = work.submissions.find_abandoned()
        if abandoned is None:
            return False
        self.process(abandoned)
        return True

    def _take_in(self, submission_id: UUID, *, refuse: bool) -> None:
        with self.open_work() as work:
            submission = work.submissions.lock_unfinished(submission_id)
            if submission is None:  # another process took it up and finished it
                return
            with self.blobs.open(submission.sha256) as source:
                take_in(
                    submission,
                    source,
                    library=self.library,
                    work=work,
                    day=self.day(),
                    refuse=refuse,
                )
            work.commit()

    def _fail(self, submission_id: UUID, error: Exception) -> None:
        """Record where it broke. An exception's text may quote a patient's value: it stays out."""
        cause = _place_of(error)
        _log.error("submission failed", extra={"submission": str(submission_id), "cause": cause})
        with self.open_work() as work:
            submission = work.submissions.lock_unfinished(submission_id)
            if submission is not None:
                work.submissions.finish(
                    submission, status=SubmissionStatus.FAILED, failure_cause=cause
                )
                work.commit()

    def _forget_file(self, submission: Submission) -> None:
        """Of a refused file only the receipt and the findings are kept."""
        with self.open_work() as work:
            work.submissions.lock_bytes(submission.sha256)
            if not work.submissions.keeps_bytes(submission.sha256):
                try:
                    self.blobs.delete(submission.sha256)
                except BlobMissing:
                    _log.info("file of a refused submission was gone already")


def _earlier(
    new: NewSubmission, sha256: str, request_hash: str, submissions: SubmissionStore
) -> Submission | None:
    if new.idempotency_key is None:
        return submissions.same_bytes(
            new.practice_id, sha256, on_error=new.on_error, sandbox=new.sandbox
        )
    used = submissions.of_idempotency_key(
        new.idempotency_key, practice=new.practice_id, api_key=new.api_key
    )
    if used is None:
        return None
    first_hash, submission = used
    if first_hash != request_hash:
        raise IdempotencyConflict("This Idempotency-Key was used with another request.")
    return submission


def _place_of(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:])
    )
    return f"{type(error).__name__} at {places}"
