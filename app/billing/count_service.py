"""What counts for billing in a year: as it stands now, as it was frozen, and what lies between."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.errors.billing import CountNotFrozen
from app.domain.frozen_counts import Adjustment, FrozenCountNow, months_of
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.storage.cases.case_filter import CaseFilter
from app.storage.figures.count_queries import CountGroup, CountQuestion
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCount:
    """`cases` count now. `frozen` None: the period is not frozen yet."""

    period: str
    cases: int
    frozen: FrozenCountNow | None


def count_for_billing(
    practice: PracticeId, performance_year: int, *, open_work: OpenWork
) -> list[PeriodCount]:
    """The twelve months, the year, and the final count once the year is reconciled."""
    with open_work() as work:
        by_month = cases_by_month(practice, performance_year, work)
        standing = work.frozen_counts.standing(practice, performance_year)
    frozen = {each.frozen.period: each for each in standing}
    year = f"{performance_year:04}"
    now = {**by_month, year: sum(by_month.values())}
    now |= {name: now[year] for name in frozen if name not in now}
    return [
        PeriodCount(period=name, cases=cases, frozen=frozen.get(name))
        for name, cases in now.items()
    ]


def cases_by_month(practice: PracticeId, performance_year: int, work: UnitOfWork) -> dict[str, int]:
    """From the kept totals; every month of the year is there, in order."""
    question = CountQuestion(
        of=CaseFilter(practice=practice, performance_year=performance_year),
        group_by=(CountGroup.MONTH,),
    )
    found = {group.keys[CountGroup.MONTH]: group.cases for group in work.counts.groups(question)}
    return {month.name: found.get(month.name, 0) for month in months_of(performance_year)}


def list_frozen_cases(
    practice: PracticeId, period: Period, *, after: UUID | None, limit: int, open_work: OpenWork
) -> Sequence[UUID]:
    """The cases of a frozen count, in the order that its proof has. Raises: CountNotFrozen."""
    with open_work() as work:
        _require_frozen(practice, period, work)
        return work.frozen_counts.cases(practice, period, after=after, limit=limit)


def list_adjustments(
    practice: PracticeId, period: Period, *, after: UUID | None, limit: int, open_work: OpenWork
) -> Sequence[Adjustment]:
    """Raises: CountNotFrozen."""
    with open_work() as work:
        _require_frozen(practice, period, work)
        return work.frozen_counts.adjustments(practice, period, after=after, limit=limit)


def _require_frozen(practice: PracticeId, period: Period, work: UnitOfWork) -> None:
    if period.name not in work.frozen_counts.frozen_periods(practice):
        raise CountNotFrozen("A month or year is frozen when it is over.")
