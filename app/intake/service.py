"""The story of a case file: received, kept, taken in, answered with a receipt."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from app.checking.fault_places import place_of
from app.checking.pool import CheckingPool
from app.checking.process import RunFailed
from app.domain.days import today
from app.domain.errors.billing import PaymentMissing
from app.domain.errors.roster import AgreementsMissing, PracticeUnknown
from app.domain.errors.service import OutcomeUnknown, ServiceBusy
from app.domain.findings import FindingCode
from app.domain.identifiers import PracticeId
from app.domain.roster import missing_agreements
from app.domain.submissions import Submission, SubmissionStatus
from app.intake.admission import Room
from app.intake.backfill_service import Backfills
from app.intake.not_finished import NotFinished
from app.intake.processing import FileRefused, Library, TakenIn, store_records, write_receipt
from app.intake.receiving import NewSubmission, Received, receive
from app.intake.replacement_service import Replacements
from app.intake.replacement_undo_service import Undoing
from app.intake.replacing import replace_period
from app.intake.unused_files import UnusedFiles
from app.intake.waiting import Waiting, warn
from app.intake.watching import Interrupted, Watch, goes_on
from app.notices.service import Notices
from app.storage.blobs import BlobStore, BlobWriter
from app.storage.sealing.data_keys import DataKeys
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import log_fields

_log = logging.getLogger(__name__)
_MOST_ATTEMPTS: Final = 3
_LONGER_EACH_TIME: Final = 4
_ROOM: Final = Room(all=2_000, practice=500)
_NO_WORD: Final = f"its process ended without a word {_MOST_ATTEMPTS} times"

OnFinished = Callable[[Submission, Mapping[FindingCode, int]], None]
"""Told of each submission that this process brought to its end, with its findings by code."""


def count_nothing(_: Submission, __: Mapping[FindingCode, int]) -> None:
    """For a process whose figures nobody asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """A submission in the end state that it got here, and the number of its findings by code."""

    submission: Submission
    findings: Mapping[FindingCode, int]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Receives case files and takes them in, those of `pool_worth_bytes` and more with `pool`.

    Files of more than `small_bytes` wait in the queue; those of more than `max_records` records are
    refused. What fails is tried again after `retry_seconds`, and once more after a longer while. A
    file for a period that makes more than `replace_max_share` of its cases disappear needs a second
    word. `spool` is a private folder for what is too large for the memory. `notices` None: nobody
    is told of an end. `require_agreements`: whoever receives a file asks `check_agreements` before,
    and with `require_payment` `check_payment`. Who waits for an answer waits at most
    `patience_seconds` for others that change the cases of the practice, for that holds up all the
    others who wait.
    """

    open_work: OpenWork
    blobs: BlobStore
    keys: DataKeys
    spool: Path
    library: Library
    day: Callable[[], date] = today
    on_finished: OnFinished = count_nothing
    notices: Notices | None = None
    pool: CheckingPool | None = None
    pool_worth_bytes: int = 16 << 20
    small_bytes: int = 1 << 20
    max_records: int = 500_000
    room: Room = _ROOM
    retry_seconds: float = 15
    patience_seconds: float = 10
    replace_max_share: float = 0.2
    require_agreements: bool = False
    require_payment: bool = False

    def check_room(self, practice: PracticeId) -> None:
        """Raises: ServiceBusy when too much waits already."""
        with self.open_work() as work:
            self.room.check(practice, work)
            work.commit()  # at a rollback the connection forgets its prepared statements

    def check_agreements(self, practice: PracticeId, *, open_work: OpenWork) -> None:
        """Raises: AgreementsMissing, PracticeUnknown."""
        with open_work() as work:
            if not work.practices.exists(practice):
                raise PracticeUnknown("No practice of this id is registered.")
            missing = missing_agreements(work.roster.agreements_of([practice]), self.day())
        if missing:
            raise AgreementsMissing(missing)

    def check_payment(self, practice: PracticeId, *, open_work: OpenWork) -> None:
        """Whatever the dates of service: those of last year come in until spring.

        Raises: PaymentMissing.
        """
        year = self.day().year
        with open_work() as work:
            if not work.orders.has_paid_order(practice, {year, year - 1}):
                raise PaymentMissing(f"No order for {year - 1} or {year} is paid.")

    def receive(
        self, new: NewSubmission, file: BlobWriter, *, open_work: OpenWork | None = None
    ) -> Received:
        """Keep the file and record its submission: from here on nothing of it can be lost.

        It is recorded in a transaction of `open_work`, if given.
        Raises: PracticeUnknown; IdempotencyConflict when the key came with another request.
        """
        return receive(
            new,
            file,
            open_work=open_work or self.open_work,
            unused_files=self.unused_files,
            small_bytes=self.small_bytes,
        )

    def process_at_once(self, submission: Submission) -> Submission:
        """Bring what was just received to its end state; where that fails, a job does it later."""
        try:
            return self._attempt(submission, Watch(patience_seconds=self.patience_seconds))
        except NotFinished as error:
            self.waiting.line_up(submission, after_seconds=error.after_seconds)
            return submission

    def process(
        self, submission_id: UUID, *, is_stopping: Callable[[], bool] = goes_on
    ) -> Submission:
        """Bring a received submission to its end state and return it as it then is.

        A fault of ours at the last attempt ends it as failed: nothing is stored and it is safe to
        send again.
        Raises: NotFinished when it is to be tried again.
        """
        begun = self._take_up(submission_id)
        if begun is None:
            return self.get(submission_id)
        if begun.attempts > _MOST_ATTEMPTS:
            return self._end(partial(self._fail, begun, _NO_WORD, is_readable=False), begun)
        watch = Watch(
            partial(self.waiting.note, begun), is_stopping, patience_seconds=self.patience_seconds
        )
        return self._attempt(begun, watch)

    def get(self, submission_id: UUID) -> Submission:
        with self.open_work() as work:
            return _read(submission_id, work)

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.open_work)

    @property
    def replacements(self) -> Replacements:
        return Replacements(
            open_work=self.open_work,
            unused_files=self.unused_files,
            announce=self._ended,
            on_end=lambda submission: self.on_finished(submission, {}),
        )

    @property
    def backfills(self) -> Backfills:
        return Backfills(
            open_work=self.open_work,
            measures=self.library.measures,
            patience_seconds=self.patience_seconds,
        )

    @property
    def undoing(self) -> Undoing:
        return Undoing(
            open_work=self.open_work,
            measures=self.library.measures,
            patience_seconds=self.patience_seconds,
        )

    @property
    def unused_files(self) -> UnusedFiles:
        return UnusedFiles(open_work=self.open_work, blobs=self.blobs)

    def _take_up(self, submission_id: UUID) -> Submission | None:
        """Raises: NotFinished when the database is out of reach."""
        try:
            return self.waiting.take_up(submission_id)
        except Exception as error:  # of many kinds: a connection may break anywhere
            raise self._not_yet(submission_id, error, attempts=1) from error

    def _attempt(self, begun: Submission, watch: Watch) -> Submission:
        return self._end(partial(self._bring_to_an_end, begun, watch), begun)

    def _end(self, bring: Callable[[], _Ended | None], begun: Submission) -> Submission:
        try:
            ended_here = bring()
            submission = self.get(begun.id) if ended_here is None else ended_here.submission
        except NotFinished:
            raise
        except Exception as error:
            raise self._not_yet(begun.id, error, attempts=begun.attempts) from error
        if ended_here is not None:
            self.on_finished(submission, ended_here.findings)
        if submission.status is SubmissionStatus.REJECTED:
            self._forget_refused(submission)
        return submission

    def _bring_to_an_end(self, begun: Submission, watch: Watch) -> _Ended | None:
        """Return how it ended here; None when another process did it, or it awaits a word.

        Raises: NotFinished.
        """
        try:
            try:
                return self._take_in(begun.id, watch, refuse=False)
            except FileRefused:
                return self._take_in(begun.id, watch, refuse=True)
        except Interrupted:
            self.waiting.put_back(begun)
            raise NotFinished(after_seconds=0) from None
        except Exception as error:  # whatever it is, the submission must not stay without an end
            if _is_no_fault_of_the_file(error):
                self.waiting.put_back(begun)
                raise
            if begun.attempts < _MOST_ATTEMPTS:
                raise
            return self._fail(begun, _cause_of(error))

    def _take_in(self, submission_id: UUID, watch: Watch, *, refuse: bool) -> _Ended | None:
        with self.open_work() as work:
            submission = work.unfinished.lock(submission_id)
            if submission is None:  # another process took it up and finished it
                return None
            with self.blobs.open(submission.sha256) as source:
                stored = partial(
                    store_records,
                    submission,
                    watch.over(source),
                    library=self.library,
                    work=work,
                    day=self.day(),
                    refuse=refuse,
                    max_records=self.max_records,
                    pool=self.pool if submission.bytes >= self.pool_worth_bytes else None,
                    watch=watch,
                )
                settled = self._settle(submission, stored, work, refuse=refuse)
            ended = None if settled is None else self._announced(settled, work)
            work.commit()
        return ended

    def _settle(
        self,
        submission: Submission,
        store: Callable[[], TakenIn],
        work: UnitOfWork,
        *,
        refuse: bool,
    ) -> Submission | None:
        """Return the submission in its end state; None for one for a period that awaits a word."""
        if submission.replacement is None:
            return write_receipt(submission, store(), work)
        work.replacements.forget_findings(submission)
        if refuse:
            write_receipt(submission, store(), work)
        elif not replace_period(
            submission, store, work, max_share=self.replace_max_share, spool=self.spool
        ):
            return None
        return _read(submission.id, work)

    def _ended(
        self, submission: Submission, work: UnitOfWork, *, is_readable: bool = True
    ) -> _Ended:
        """As it is by now; `is_readable`: to read of its file whom it wants told is safe."""
        return self._announced(_read(submission.id, work), work, is_readable=is_readable)

    def _announced(
        self, ended: Submission, work: UnitOfWork, *, is_readable: bool = True
    ) -> _Ended:
        """Within the transaction: it is announced if and only if it has ended."""
        if self.notices is not None:
            open_file = partial(self.blobs.open, ended.sha256) if is_readable else None
            self.notices.announce(ended, work, open_file=open_file)
        return _Ended(submission=ended, findings=work.submissions.kinds_of(ended).by_code())

    def _fail(self, begun: Submission, cause: str, *, is_readable: bool = True) -> _Ended | None:
        fields = log_fields(submission=str(begun.id), cause=cause)
        _log.error("submission failed", extra=fields)
        with self.open_work() as work:
            submission = work.unfinished.lock(begun.id)
            if submission is None:
                return None
            if submission.replacement is not None:
                work.replacements.forget_findings(submission)
            work.submissions.finish(submission, status=SubmissionStatus.FAILED, failure_cause=cause)
            ended = self._ended(submission, work, is_readable=is_readable)
            work.commit()
        return ended

    def _not_yet(self, submission_id: UUID, error: Exception, *, attempts: int) -> NotFinished:
        warn("submission is tried again later", submission_id, error)
        return NotFinished(after_seconds=self.retry_seconds * _LONGER_EACH_TIME ** (attempts - 1))

    def _forget_refused(self, submission: Submission) -> None:
        """Of a refused file only the receipt and the findings are kept.

        The receipt stands whatever becomes of the file: one that is left is tidied away later.
        """
        try:
            self.unused_files.forget(submission.sha256)
        except Exception as error:
            warn("file of a refused submission is left for later", submission.id, error)


def _read(submission_id: UUID, work: UnitOfWork) -> Submission:
    found = work.submissions.get(submission_id)
    assert found is not None, "a submission is never deleted"
    return found


def _is_no_fault_of_the_file(error: Exception) -> bool:
    """A file may bring the database down whenever it is loaded: a connection lost then counts."""
    return isinstance(error, ServiceBusy) and not isinstance(error, OutcomeUnknown)


def _cause_of(error: Exception) -> str:
    """Where it broke. An exception's text may quote a patient's value: it stays out."""
    if isinstance(error, RunFailed):
        return str(error)
    return place_of(error.__cause__ or error if isinstance(error, OutcomeUnknown) else error)
