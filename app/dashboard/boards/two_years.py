"""Reads the cases of a performance year and of the one before from the kept totals."""

from datetime import date

from app.dashboard.figures.cases import TwoYears
from app.domain.identifiers import Npi, PracticeId
from app.storage.cases.case_filter import CaseFilter
from app.storage.figures.count_queries import CountGroup, CountQuestion
from app.storage.unit_of_work import UnitOfWork


def two_years(
    practice: PracticeId,
    year: int,
    work: UnitOfWork,
    *,
    day: date,
    npi: Npi | None = None,
    facility: str | None = None,
) -> TwoYears:
    """Of the practice, or of one of its clinicians or facilities."""
    of = _both_years(practice, year, npi=npi, facility=facility)
    groups = work.counts.groups(CountQuestion(of=of, group_by=(CountGroup.MONTH,)))
    by_month = {each.keys[CountGroup.MONTH]: each.cases for each in groups}
    return TwoYears.as_of(day, year=year, by_month=by_month)


def by_facility(practice: PracticeId, year: int, work: UnitOfWork) -> dict[str, tuple[int, int]]:
    """By FacilityID the cases of the year, and of the one before."""
    return _by(CountGroup.FACILITY, _both_years(practice, year), year, work)


def by_clinician(
    practice: PracticeId, year: int, work: UnitOfWork, *, facility: str | None = None
) -> dict[str, tuple[int, int]]:
    """By NPI the cases of the year, and of the one before."""
    return _by(CountGroup.NPI, _both_years(practice, year, facility=facility), year, work)


def _by(
    group: CountGroup, of: CaseFilter, year: int, work: UnitOfWork
) -> dict[str, tuple[int, int]]:
    counted = work.counts.years(of, group)
    return {
        name: (years.get(year, 0), years.get(year - 1, 0))
        for name, years in sorted(counted.items())
    }


def _both_years(
    practice: PracticeId, year: int, *, npi: Npi | None = None, facility: str | None = None
) -> CaseFilter:
    return CaseFilter(
        practice=practice,
        npi=npi,
        facility=facility,
        first_day=date(year - 1, 1, 1),
        last_day=date(year, 12, 31),
    )
