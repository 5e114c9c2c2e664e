"""The story of a backfill: rules have changed, stored cases follow them while files come in."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.backfills import Backfill, BackfillStatus
from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId
from app.domain.jobs import Job, Queue, Task
from app.intake.backfilling import backfill_batch
from app.intake.not_finished import NotFinished
from app.intake.watching import goes_on
from app.measures.catalogue.catalogue import Catalogue
from app.measures.catalogue.version import catalogue_version
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import log_fields

_log = logging.getLogger(__name__)
_BATCH_CASES: Final = 500
_OTHER_RELEASE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfills:
    """Lines up backfills to the rules of `measures`, and carries them out.

    Between two batches it rests as long as the last one took, so that it has half of a core at
    most, and so has each of its practices. It waits `patience_seconds` for a practice whose cases
    others change, then the backfills of others come first.
    """

    open_work: OpenWork
    measures: Catalogue
    patience_seconds: float
    batch_cases: int = _BATCH_CASES
    rest: Callable[[float], None] = time.sleep

    def line_up_changed(self, by: Actor) -> list[Backfill]:
        """Line up what a release with other rules makes stale.

        Never back to a version that practices were taken from: of two releases at work side by
        side the older one would undo what the newer one does.
        """
        return [
            backfill
            for year in self._years_in_use()
            if not self._was_left(year)
            for backfill in self.line_up(year, None, by)
        ]

    def line_up_stale(
        self, practice: PracticeId | None, performance_year: int | None, by: Actor
    ) -> list[Backfill]:
        """Line up whatever stands under other rules than those of this release, older or newer."""
        years = self._years_in_use() if performance_year is None else [performance_year]
        return [backfill for year in years for backfill in self.line_up(year, practice, by)]

    def line_up(self, performance_year: int, only: PracticeId | None, by: Actor) -> list[Backfill]:
        """Those of a year whose outcomes stand under another version, where none goes on yet."""
        version = self._version(performance_year)
        with self.open_work() as work:
            stale = work.outcome_versions.practices_beside(performance_year, version)
        return [
            self._line_up_one(practice, performance_year, version, by)
            for practice in stale
            if only in (None, practice)
        ]

    def carry_out(self, backfill_id: UUID, *, is_stopping: Callable[[], bool] = goes_on) -> None:
        """Done by a job; it may come twice, and goes on where it was broken off.

        Raises: NotFinished when it is to be gone on with later.
        """
        while True:
            began = time.monotonic()
            if self._next_batch(backfill_id).has_ended:
                return
            if is_stopping():
                raise NotFinished(after_seconds=0)
            self.rest(time.monotonic() - began)

    def _next_batch(self, backfill_id: UUID) -> Backfill:
        with self.open_work() as work:
            backfill = work.backfills.get(backfill_id)
        assert backfill is not None, "a backfill is never removed"
        if backfill.has_ended:
            return backfill
        if backfill.to_version != self._version(backfill.performance_year):
            raise NotFinished(after_seconds=_OTHER_RELEASE_SECONDS)
        try:
            return backfill_batch(
                backfill_id,
                measures=self.measures,
                open_work=self.open_work,
                cases=self.batch_cases,
                patience_seconds=self.patience_seconds,
            )
        except ServiceBusy as error:
            raise NotFinished(after_seconds=error.retry_after) from error

    def _line_up_one(
        self, practice: PracticeId, performance_year: int, version: str, by: Actor
    ) -> Backfill:
        now = datetime.now(UTC)
        with self.open_work() as work:
            work.backfills.lock(practice)
            before = work.backfills.unfinished(practice, performance_year)
            if before is not None and before.to_version == version:
                return before
            if before is not None:
                work.backfills.end(before, BackfillStatus.SUPERSEDED, at=now)
            found = work.outcome_versions.of(practice, performance_year)
            backfill = Backfill(
                practice_id=practice,
                id=uuids.uuid7(),
                performance_year=performance_year,
                status=BackfillStatus.WAITING,
                from_versions=tuple(each for each in found if each != version),
                to_version=version,
                lined_up_at=now,
            )
            work.backfills.add(backfill)
            _record(backfill, by, work)
            work.jobs.add(_job_for(backfill))
            work.commit()
        _log.info("backfill lined up", extra=log_fields(backfill=str(backfill.id)))
        return backfill

    def _years_in_use(self) -> list[int]:
        with self.open_work() as work:
            in_use = work.outcome_versions.in_use()
        return sorted({year for year, version in in_use if version != self._version(year)})

    def _was_left(self, performance_year: int) -> bool:
        with self.open_work() as work:
            return work.backfills.was_left(performance_year, self._version(performance_year))

    def _version(self, performance_year: int) -> str:
        return catalogue_version(self.measures, performance_year)


def _job_for(backfill: Backfill) -> Job:
    return Job(
        task=Task.BACKFILL,
        queue=Queue.BACKFILLS,
        arguments={"backfill_id": str(backfill.id)},
        lock=f"backfills of {backfill.practice_id}",
    )


def _record(backfill: Backfill, by: Actor, work: UnitOfWork) -> None:
    work.audit.record(
        by,
        AuditAction.BACKFILL_LINED_UP,
        practice=backfill.practice_id,
        about=("backfill", backfill.id),
        performance_year=backfill.performance_year,
        to_version=backfill.to_version,
    )
