"""Freezes the counts of every period that has ended: once, by a job or by the command line."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from app.domain.audit import Actor, AuditAction
from app.domain.frozen_counts import FrozenCount, ended_periods
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.storage.unit_of_work import OpenWork, UnitOfWork

FROZEN_COUNTS: Final = "frozen_counts"
"""What `nacor verify` calls them."""


def freeze_all(by: Actor, *, day: date, open_work: OpenWork) -> list[FrozenCount]:
    """Of every registered practice what has ended before `day` and is not frozen yet."""
    with open_work() as work:
        practices = work.practices.ids()
    return [
        frozen
        for practice in practices
        for frozen in freeze_practice(practice, by, day=day, open_work=open_work)
    ]


def freeze_practice(
    practice: PracticeId, by: Actor, *, day: date, open_work: OpenWork
) -> list[FrozenCount]:
    """The years are those with cases, and that of the day before: none is a count as well."""
    with open_work() as work:
        years = work.frozen_counts.years_with_cases(practice) | {(day - timedelta(days=1)).year}
        known = work.frozen_counts.frozen_periods(practice)
        due = [period for period in ended_periods(years, day) if period.name not in known]
        frozen = freeze_periods(practice, due, by, work) if due else []
        work.commit()
    return frozen


def freeze_periods(
    practice: PracticeId, periods: Iterable[Period], by: Actor, work: UnitOfWork
) -> list[FrozenCount]:
    frozen = work.frozen_counts.freeze(practice, periods, at=datetime.now(UTC))
    for count in frozen:
        work.audit.record(
            by,
            AuditAction.COUNTS_FROZEN,
            practice=practice,
            period=count.period,
            cases=count.cases,
            proof=count.proof,
        )
    return frozen


def count_unproved(practices: Iterable[PracticeId], open_work: OpenWork) -> int:
    """Frozen counts whose number, proof and cases do not fit each other."""
    with open_work() as work:
        return sum(work.frozen_counts.count_unproved(practice) for practice in practices)
