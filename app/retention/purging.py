"""The story of a purge: previewed, confirmed by its count, carried out batch by batch."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.days import today
from app.domain.errors.intake import ConfirmationDiffers
from app.domain.errors.keeping import LegalHoldInForce
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.jobs import Job, Queue, Task
from app.domain.retention import Purge, PurgeCounts, first_day_kept
from app.intake.unused_files import UnusedFiles
from app.retention.holding import Retention
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

T = TypeVar("T")

_log = logging.getLogger(__name__)
_BY_POLICY: Final = "The time that the retention policy of the practice gives is over."
_WORKER: Final = Actor(kind=ActorKind.WORKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purges:
    """Purges `batch` cases or submissions in a transaction; a kill between two loses nothing."""

    open_work: OpenWork
    retention: Retention
    unused_files: UnusedFiles
    day: Callable[[], date] = today
    batch: int = 500

    def first_day_kept(self, practice: PracticeId) -> date:
        """The first date of service that the policy of the practice keeps today."""
        return first_day_kept(self.retention.policy(practice).years, self.day())

    def preview(self, practice: PracticeId, older_than: date) -> PurgeCounts:
        """Raises: PracticeUnknown."""
        with self.open_work() as work:
            _require_known(practice, work)
            return work.purging(practice, older_than=older_than).preview()

    def begin(
        self,
        practice: PracticeId,
        older_than: date,
        actor: Actor,
        *,
        cases: int,
        reason: str,
        early: bool = False,
        by_worker: bool = False,
    ) -> Purge:
        """Let a purge begin that `carry_out` then does; `cases` is the number that was previewed.

        `early` purges what the policy keeps. `by_worker`: a worker carries it out. Raises:
        PracticeUnknown, LegalHoldInForce, InvalidRequest, ConfirmationDiffers.
        """
        with self.open_work() as work:
            _require_known(practice, work)
            _lock(practice, work)
            _require_no_hold(practice, work)
            self._require_in_time(practice, older_than, early, work)
            found = _as_previewed(practice, older_than, cases, work)
            purge = _new_purge(practice, older_than, reason)
            work.retention.begin_purge(purge)
            if by_worker:
                work.jobs.add(_job_for(purge))
            _record_start(purge, actor, found, work, early=early)
            work.commit()
        return purge

    def unfinished(self, practice: PracticeId) -> list[Purge]:
        """Those that were killed, or are under way elsewhere."""
        with self.open_work() as work:
            return work.retention.unfinished_purges(practice)

    def go_on(self, practice: PracticeId, purge_id: UUID) -> None:
        """Carry out a purge that was begun for a worker."""
        with self.open_work() as work:
            purge = work.retention.purge(practice, purge_id)
        self.carry_out(purge, _WORKER)

    def carry_out(self, purge: Purge, actor: Actor) -> Purge:
        """Purge to the end, or until a legal hold is placed. Two at once do no harm."""
        while self.purge_some(purge, actor):
            pass
        with self.open_work() as work:
            return work.retention.purge(purge.practice_id, purge.id)

    def purge_some(self, purge: Purge, actor: Actor) -> bool:
        """Purge a batch, in one transaction with its figures. False: the purge has ended."""
        with self.open_work() as work:
            _lock(purge.practice_id, work)
            if work.retention.purge(purge.practice_id, purge.id).ended_at is not None:
                return False
            if work.retention.is_on_hold(purge.practice_id):
                _end(purge, actor, work, is_stopped=True)
                return False
            done, files = self._batch(purge, work)
            if done.is_empty:
                _end(purge, actor, work, is_stopped=False)
                return False
            work.retention.add_to_purge(purge, done)
            work.commit()
        for sha256 in files:  # where a kill or a fault leaves one, it is tidied away later
            self._forget(sha256)
        return True

    def take_turns(self) -> int:
        """Go on with every purge that was killed, then purge what policies say; return how many."""
        with self.open_work() as work:
            unfinished = work.retention.unfinished_purges()
            policies = work.retention.purging_by_themselves()
        went_on = [self._turn(purge.practice_id, self._go_on, purge) for purge in unfinished]
        begun = [
            self._turn(policy.practice_id, self._begin_due, policy.practice_id)
            for policy in policies
        ]
        return sum(went_on) + sum(begun)

    def _turn(self, practice: PracticeId, take: Callable[[T], bool], what: T) -> bool:
        """Where one practice cannot be purged tonight, the others are."""
        try:
            return take(what)
        except Exception as error:
            fields = log_fields(practice=practice, **error_fields(error))
            _log.warning("purge is left for the next night", extra=fields)
            return False

    def _go_on(self, purge: Purge) -> bool:
        self.carry_out(purge, _WORKER)
        return True

    def _begin_due(self, practice: PracticeId) -> bool:
        older_than = self.first_day_kept(practice)
        due = self.preview(practice, older_than)
        if due.is_empty:
            return False
        purge = self.begin(practice, older_than, _WORKER, cases=due.cases, reason=_BY_POLICY)
        self.carry_out(purge, _WORKER)
        return True

    def _batch(self, purge: Purge, work: UnitOfWork) -> tuple[PurgeCounts, list[str]]:
        purging = work.purging(purge.practice_id, older_than=purge.older_than)
        done = purging.purge_cases(at_most=self.batch)
        if not done.is_empty:
            return done, []
        files = purging.purge_submissions(at_most=self.batch, at=datetime.now(UTC))
        return PurgeCounts(submissions=len(files)), files

    def _forget(self, sha256: str) -> None:
        try:
            self.unused_files.forget(sha256)
        except Exception as error:
            _log.warning("purged file is left for later", extra=log_fields(**error_fields(error)))

    def _require_in_time(
        self, practice: PracticeId, older_than: date, early: bool, work: UnitOfWork
    ) -> None:
        first_kept = first_day_kept(self.retention.policy_in(work, practice).years, self.day())
        if older_than > first_kept and not early:
            raise InvalidRequest(
                f"older_than: the retention policy keeps dates of service from {first_kept} on."
            )


def _job_for(purge: Purge) -> Job:
    return Job(
        task=Task.CARRY_OUT_PURGE,
        queue=Queue.ERRANDS,
        arguments={"practice_id": purge.practice_id, "purge_id": str(purge.id)},
        lock=f"purge of {purge.practice_id}",
    )


def _require_known(practice: PracticeId, work: UnitOfWork) -> None:
    if not work.practices.exists(practice):
        raise PracticeUnknown("No practice of this id is registered.")


def _lock(practice: PracticeId, work: UnitOfWork) -> None:
    """That of the cases first: whoever places a hold does not wait for a file that is taken in."""
    work.practices.lock(practice)
    work.retention.lock(practice)


def _require_no_hold(practice: PracticeId, work: UnitOfWork) -> None:
    if work.retention.is_on_hold(practice):
        raise LegalHoldInForce("While a legal hold is in force nothing of the practice is purged.")


def _as_previewed(
    practice: PracticeId, older_than: date, cases: int, work: UnitOfWork
) -> PurgeCounts:
    found = work.purging(practice, older_than=older_than).preview()
    if found.cases != cases:
        raise ConfirmationDiffers(f"{found.cases} cases would be purged, not {cases}.")
    return found


def _new_purge(practice: PracticeId, older_than: date, reason: str) -> Purge:
    return Purge(
        practice_id=practice,
        id=uuids.uuid7(),
        older_than=older_than,
        reason=reason,
        started_at=datetime.now(UTC),
    )


def _record_start(
    purge: Purge, actor: Actor, found: PurgeCounts, work: UnitOfWork, *, early: bool
) -> None:
    work.audit.record(
        actor,
        AuditAction.PURGE_STARTED,
        practice=purge.practice_id,
        about=("purge", purge.id),
        reason=purge.reason,
        older_than=purge.older_than,
        early=early,
        **asdict(found),
    )


def _end(purge: Purge, actor: Actor, work: UnitOfWork, *, is_stopped: bool) -> None:
    at = datetime.now(UTC)
    work.retention.end_purge(purge, at=at, is_stopped=is_stopped)
    work.exports.expire_all(purge.practice_id, at=at)  # they hold what is purged
    ended = work.retention.purge(purge.practice_id, purge.id)
    work.audit.record(
        actor,
        AuditAction.PURGE_ENDED,
        practice=purge.practice_id,
        about=("purge", purge.id),
        reason=purge.reason,
        older_than=purge.older_than,
        stopped=is_stopped,
        **asdict(ended.done),
    )
    work.commit()
