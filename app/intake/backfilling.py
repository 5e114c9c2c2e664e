"""One batch of a backfill: some cases of a practice and year, decided by the rules of today."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.backfills import Backfill, BackfillStatus
from app.intake.recomputing import recompute_page
from app.intake.verifying import tins_of
from app.measures.catalogue.catalogue import Catalogue
from app.storage.recomputing.derived_rows import OUTCOME_TABLES, RECORDS
from app.storage.unit_of_work import OpenWork, UnitOfWork

_WORKER: Final = Actor(kind=ActorKind.WORKER)


def backfill_batch(
    backfill_id: UUID,
    *,
    measures: Catalogue,
    open_work: OpenWork,
    cases: int,
    patience_seconds: float | None = None,
) -> Backfill:
    """Bring the next `cases` into step in one transaction, and return how far the backfill is.

    `measures` are of the version that it goes to. The senders of the practice wait for one batch,
    as it waits for them.
    Raises: ServiceBusy when others change the cases for longer than `patience_seconds`.
    """
    with open_work() as work:
        practice = _found(backfill_id, work).practice_id
        work.practices.lock(practice, at_most_seconds=patience_seconds)
        work.backfills.lock(practice)
        backfill = _found(backfill_id, work)
        if backfill.has_ended:
            return backfill
        if backfill.status is BackfillStatus.WAITING:
            _begin(backfill, work)
        if _is_last_batch(backfill, measures, work, cases=cases):
            _end(_found(backfill_id, work), work)
        backfill = _found(backfill_id, work)
        work.commit()
    return backfill


def _begin(backfill: Backfill, work: UnitOfWork) -> None:
    practice, year = backfill.practice_id, backfill.performance_year
    work.outcome_versions.begin_leaving(practice, year, backfill.to_version)
    work.backfills.begin(backfill, at=datetime.now(UTC))
    work.backfill_moves(backfill).take_counts()


def _is_last_batch(
    backfill: Backfill, measures: Catalogue, work: UnitOfWork, *, cases: int
) -> bool:
    derived = work.derived_rows(backfill.practice_id)
    page = derived.page_of_year(backfill.performance_year, after=backfill.position, size=cases)
    recomputed = recompute_page(page, measures=measures, tins=tins_of(backfill.practice_id, work))
    differing = derived.differences(recomputed)
    outcomes = {case for table in OUTCOME_TABLES for case in differing[table]}
    moved = work.backfill_moves(backfill).record(sorted(outcomes))
    derived.replace_in_step(differing)
    work.backfills.advance(
        backfill,
        position=page.until,
        done=len(page.records),
        moved=moved,
        unreadable=len(differing[RECORDS]),
    )
    return len(page.records) < cases


def _end(backfill: Backfill, work: UnitOfWork) -> None:
    work.outcome_versions.leave(backfill.practice_id, backfill.performance_year)
    work.backfills.forget_unchanged(backfill)
    work.backfills.end(backfill, BackfillStatus.DONE, at=datetime.now(UTC))
    work.audit.record(
        _WORKER,
        AuditAction.BACKFILL_ENDED,
        practice=backfill.practice_id,
        about=("backfill", backfill.id),
        performance_year=backfill.performance_year,
        to_version=backfill.to_version,
        cases=backfill.cases_done,
        moved=backfill.cases_moved,
    )


def _found(backfill_id: UUID, work: UnitOfWork) -> Backfill:
    backfill = work.backfills.get(backfill_id)
    assert backfill is not None, "a backfill is never removed"
    return backfill
