"""The story of a case file: received, kept, taken in, answered with a receipt."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.checking.fault_places import place_of
from app.checking.pool import CheckingPool
from app.checking.process import RunFailed
from app.domain.days import today
from app.domain.errors import IdempotencyConflict, PracticeUnknown, ServiceBusy
from app.domain.findings import FindingCode
from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError, Submission, SubmissionStatus
from app.intake.processing import FileRefused, Library, take_in
from app.storage.blobs import BlobMissing, BlobStore, BlobWriter
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_HASHES_ASKED_AT_ONCE: Final = 1_000

OnFinished = Callable[[Submission, Mapping[FindingCode, int]], None]
"""Told of each submission that this process brought to its end, with its findings by code."""


def count_nothing(_: Submission, __: Mapping[FindingCode, int]) -> None:
    """For a process whose figures nobody asks for."""


class NotFinished(Exception):
    """The submission is kept but has no end state that could be seen: recovery takes it up."""


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
    """Receives case files and takes them in, those of `pool_worth_bytes` and more with `pool`."""

    open_work: OpenWork
    blobs: BlobStore
    library: Library
    day: Callable[[], date] = today
    on_finished: OnFinished = count_nothing
    pool: CheckingPool | None = None
    pool_worth_bytes: int = 16 << 20

    def receive(self, new: NewSubmission, file: BlobWriter) -> Received:
        """Keep the file and record its submission: from here on nothing of it can be lost.

        Raises: PracticeUnknown; IdempotencyConflict when the key came with another request.
        """
        sha256 = file.sha256
        with self.open_work() as work:
            if not work.practices.exists(new.practice_id):
                raise PracticeUnknown("No practice of this id is registered.")
            if new.idempotency_key is not None:
                work.idempotency.lock(new.idempotency_key, api_key=new.api_key)
            work.submissions.lock_bytes(sha256)
            earlier = _earlier(new, sha256, work)
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
                work.idempotency.keep(
                    new.idempotency_key,
                    practice=new.practice_id,
                    api_key=new.api_key,
                    request_hash=sha256,
                    made_id=submission.id,
                )
            work.commit()
        return Received(submission=submission, is_replay=False)

    def process(self, submission_id: UUID) -> Submission:
        """Bring a received submission to its end state and return it as it then is.

        A fault of ours ends it as failed: nothing is stored and it is safe to send again.
        Raises: NotFinished when the database is out of reach.
        """
        try:
            finished_here = self._bring_to_an_end(submission_id)
            submission, findings = self._finished(submission_id)
        except Exception as error:  # of many kinds: a connection may break anywhere
            _log.warning(
                "submission waits for recovery",
                extra=log_fields(submission=str(submission_id), **error_fields(error)),
            )
            raise NotFinished from error
        if finished_here:
            self.on_finished(submission, findings)
        if submission.status is SubmissionStatus.REJECTED:
            self._forget_refused(submission)
        return submission

    def get(self, submission_id: UUID) -> Submission:
        with self.open_work() as work:
            submission = work.submissions.get(submission_id)
        assert submission is not None, "a submission is never deleted"
        return submission

    def process_abandoned(self) -> bool:
        """Take up one submission whose process died; False when there is none.

        Raises: NotFinished, ServiceBusy.
        """
        with self.open_work() as work:
            abandoned = work.submissions.find_abandoned()
        if abandoned is None:
            return False
        self.process(abandoned)
        return True

    def forget_unused_files(self, *, older_than_seconds: float) -> int:
        """Remove the files that no submission needs, and return how many there were.

        Younger ones are left alone: whoever refused one is about to remove it.
        """
        kept = self.blobs.kept(older_than_seconds=older_than_seconds)
        return sum(self._forget_file(sha256) for sha256 in self._unused(kept))

    def _unused(self, kept: Iterator[str]) -> Iterator[str]:
        while hashes := list(islice(kept, _HASHES_ASKED_AT_ONCE)):
            with self.open_work() as work:
                needed = work.submissions.kept_among(hashes)
            yield from (sha256 for sha256 in hashes if sha256 not in needed)

    def _bring_to_an_end(self, submission_id: UUID) -> bool:
        """Return whether it was done here, and not meanwhile by another process."""
        try:
            try:
                return self._take_in(submission_id, refuse=False)
            except FileRefused:
                return self._take_in(submission_id, refuse=True)
        except ServiceBusy:  # no fault of the file: it waits
            raise
        except Exception as error:  # whatever it is, the submission must not stay without an end
            return self._fail(submission_id, error)

    def _finished(self, submission_id: UUID) -> tuple[Submission, Mapping[FindingCode, int]]:
        with self.open_work() as work:
            submission = work.submissions.get(submission_id)
            assert submission is not None, "a submission is never deleted"
            return submission, work.submissions.kinds_of(submission).by_code()

    def _take_in(self, submission_id: UUID, *, refuse: bool) -> bool:
        with self.open_work() as work:
            submission = work.submissions.lock_unfinished(submission_id)
            if submission is None:  # another process took it up and finished it
                return False
            with self.blobs.open(submission.sha256) as source:
                take_in(
                    submission,
                    source,
                    library=self.library,
                    work=work,
                    day=self.day(),
                    refuse=refuse,
                    pool=self.pool if submission.bytes >= self.pool_worth_bytes else None,
                )
            work.commit()
        return True

    def _fail(self, submission_id: UUID, error: Exception) -> bool:
        """Record where it broke. An exception's text may quote a patient's value: it stays out."""
        cause = str(error) if isinstance(error, RunFailed) else place_of(error)
        _log.error(
            "submission failed", extra=log_fields(submission=str(submission_id), cause=cause)
        )
        with self.open_work() as work:
            submission = work.submissions.lock_unfinished(submission_id)
            if submission is None:
                return False
            work.submissions.finish(submission, status=SubmissionStatus.FAILED, failure_cause=cause)
            work.commit()
        return True

    def _forget_refused(self, submission: Submission) -> None:
        """Of a refused file only the receipt and the findings are kept.

        The receipt stands whatever becomes of the file: one that is left is tidied away later.
        """
        try:
            self._forget_file(submission.sha256)
        except Exception as error:
            _log.warning(
                "file of a refused submission is left for later",
                extra=log_fields(submission=str(submission.id), **error_fields(error)),
            )

    def _forget_file(self, sha256: str) -> bool:
        """Remove the file unless a submission needs it; return whether it was removed."""
        with self.open_work() as work:
            work.submissions.lock_bytes(sha256)
            if work.submissions.keeps_bytes(sha256):
                return False
            try:
                self.blobs.delete(sha256)
            except BlobMissing:  # another process was faster
                return False
            return True


def _earlier(new: NewSubmission, sha256: str, work: UnitOfWork) -> Submission | None:
    if new.idempotency_key is None:
        return work.submissions.same_bytes(
            new.practice_id, sha256, on_error=new.on_error, sandbox=new.sandbox
        )
    used = work.idempotency.find(new.idempotency_key, practice=new.practice_id, api_key=new.api_key)
    if used is None:
        return None
    if used.request_hash != sha256:
        raise IdempotencyConflict("This Idempotency-Key was used with other bytes.")
    submission = work.submissions.get(used.made_id)
    assert submission is not None, "a submission is never deleted"
    return None if submission.status is SubmissionStatus.FAILED else submission
