"""Reads the totals; recounts from the cases only where a period cuts a month."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    distinct,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql import Select

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import PopulationCounts
from app.storage.cases.case_filter import CaseFilter, conditions, staff_conditions
from app.storage.tables.cases import case_staff, cases
from app.storage.tables.months import MONTHS
from app.storage.tables.totals import case_counts, measure_counts

_ALL: Final[ColumnElement[str]] = literal_column("''")
"""Written out, not a parameter: the indexes of the totals by TIN are for rows with this NPI."""
_FEW_YEARS: Final = 20


class CountGroup(StrEnum):
    TIN = "tin"
    NPI = "npi"
    MONTH = "month"
    FACILITY = "facility"


Groups = tuple[CountGroup, ...]
_COLUMNS: Final[Mapping[CountGroup, ColumnElement[str]]] = {
    CountGroup.TIN: case_counts.c.tin,
    CountGroup.NPI: case_counts.c.npi,
    CountGroup.FACILITY: case_counts.c.facility_id,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuestion:
    """How many of the cases that are meant there are, and how many in each group."""

    of: CaseFilter
    group_by: Groups = ()

    @property
    def cuts_a_month(self) -> bool:
        first, last = self.of.first_day, self.of.last_day
        starts_inside = first is not None and first.day != 1
        return starts_inside or (last is not None and not _ends_a_month(last))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    keys: dict[CountGroup, str]
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTotal:
    """What one measure and stratum came to for a TIN, a TIN and NPI, or a group of the roster.

    `group_id`: of a subgroup, which has the TIN besides, or of a virtual group, which has none.
    """

    measure_id: str
    stratum: str
    tin: Tin | None
    npi: Npi | None
    counts: PopulationCounts
    group_id: UUID | None = None


class CountQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def total(self, question: CountQuestion) -> int:
        """Distinct cases that the question's filters leave, whatever its groups."""
        return self._counted(question, groups=())[()]

    def groups(self, question: CountQuestion) -> list[GroupCount]:
        """Distinct cases of each group, ordered by its keys."""
        groups = question.group_by
        if not groups:
            return []
        return [
            GroupCount(keys=dict(zip(groups, keys, strict=True)), cases=cases)
            for keys, cases in sorted(self._counted(question, groups).items())
        ]

    def years(self, of: CaseFilter, group: CountGroup) -> dict[str, dict[int, int]]:
        """Of each member of a group other than months its cases by performance year.

        The filter leaves whole years.
        """
        rows = self._connection.execute(_from_totals(CountQuestion(of=of), (group,)))
        found: dict[str, dict[int, int]] = {}
        for year, member, *months in rows:
            found.setdefault(member, {})[year] = sum(months)
        return found

    def measure_totals(
        self,
        practice: PracticeId,
        performance_year: int,
        *,
        individual: bool,
        tin: Tin | None = None,
        npi: Npi | None = None,
        measure_id: str | None = None,
    ) -> list[MeasureTotal]:
        """Totals of every measure by TIN, or by TIN and NPI when `individual`."""
        narrowed = {"tin": tin, "npi": npi, "measure_id": measure_id}
        given = {name: value for name, value in narrowed.items() if value is not None}
        rows = self._connection.execute(
            _measure_totals(individual, frozenset(given)),
            {"practice": practice, "year": performance_year, **given},
        )
        return [_measure_total(row) for row in rows]

    def _counted(self, question: CountQuestion, groups: Groups) -> Counter[tuple[str, ...]]:
        if question.cuts_a_month:
            rows = self._connection.execute(_from_cases(question, groups))
            return Counter({tuple(row[:-1]): row.cases for row in rows})
        rows = self._connection.execute(_from_totals(question, groups))
        return _counted_by_month(rows, question.of, groups)


def _counted_by_month(
    rows: Iterable[Row[Any]], asked: CaseFilter, groups: Groups
) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        keys = {group: row._mapping[group.value] for group in groups if group in _COLUMNS}
        for number, count in enumerate(row[-len(MONTHS) :], 1):
            if count and _is_asked(date(row.performance_year, number, 1), asked):
                keys[CountGroup.MONTH] = f"{row.performance_year}-{number:02}"
                counted[tuple(keys[group] for group in groups)] += count
    return counted


def _is_asked(month: date, asked: CaseFilter) -> bool:
    return (asked.first_day or month) <= month <= (asked.last_day or month)


def _from_totals(question: CountQuestion, groups: Groups) -> Select[Any]:
    """Each case stands once in every level of the totals: with or without TIN, NPI or both."""
    columns = case_counts.c
    asked = question.of
    wanted = [
        columns.practice_id == asked.practice,
        _level(columns.tin, CountGroup.TIN in groups, asked.tin),
        _level(columns.npi, CountGroup.NPI in groups, asked.npi),
    ]
    years = _in_years(asked)
    if years is not None:
        wanted.append(years)
    if asked.facility is not None:
        wanted.append(columns.facility_id == asked.facility)
    by = [
        columns.performance_year,
        *(_COLUMNS[group].label(group.value) for group in groups if group in _COLUMNS),
    ]
    months = [func.sum(columns[month]) for month in MONTHS]
    return select(*by, *months).where(*wanted).group_by(*by)


def _in_years(asked: CaseFilter) -> ColumnElement[bool] | None:
    """The performance years that are asked for or that the days lie in; None: any.

    A list of years, where a range would make PostgreSQL walk through all other levels of them.
    """
    year = case_counts.c.performance_year
    if asked.performance_year is not None:
        return year == asked.performance_year
    if asked.first_day is None or asked.last_day is None:
        return None
    years = range(asked.first_day.year, asked.last_day.year + 1)
    return year.in_(years) if len(years) <= _FEW_YEARS else None


def _level(column: ColumnElement[str], is_group: bool, value: str | None) -> ColumnElement[bool]:
    if value is not None:
        return column == value
    return column > _ALL if is_group else column == _ALL  # a range, where != would be a filter


def _from_cases(question: CountQuestion, groups: Groups) -> Select[Any]:
    wanted = [
        *conditions(question.of),
        *staff_conditions(question.of.tins, question.of.npis),
        cases.c.status == "active",
        cases.c.sandbox.is_(False),
    ]
    keys = {
        CountGroup.TIN: case_staff.c.tin,
        CountGroup.NPI: case_staff.c.npi,
        CountGroup.MONTH: func.to_char(cases.c.date_of_service, "YYYY-MM"),
        CountGroup.FACILITY: cases.c.facility_id,
    }
    joined = cases.join(
        case_staff,
        and_(
            case_staff.c.practice_id == cases.c.practice_id,
            case_staff.c.case_id == cases.c.case_id,
        ),
    )
    chosen = [keys[group] for group in groups]
    count = func.count(distinct(cases.c.case_id)).label("cases")
    return select(*chosen, count).select_from(joined).where(and_(*wanted)).group_by(*chosen)


def _ends_a_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


@cache
def _measure_totals(individual: bool, narrowed: frozenset[str]) -> Select[Any]:
    """Put together once: every answer about results asks it."""
    columns = measure_counts.c
    return (
        select(measure_counts)
        .where(
            columns.practice_id == bindparam("practice"),
            columns.performance_year == bindparam("year"),
            columns.npi != _ALL if individual else columns.npi == _ALL,
            *(columns[name] == bindparam(name) for name in sorted(narrowed)),
        )
        .order_by(columns.measure_id, columns.stratum, columns.tin, columns.npi)
    )


def _measure_total(row: Row[Any]) -> MeasureTotal:
    return MeasureTotal(
        measure_id=row.measure_id,
        stratum=row.stratum,
        tin=Tin(row.tin),
        npi=Npi(row.npi) if row.npi else None,
        counts=population_counts(row),
    )


def population_counts(row: Row[Any]) -> PopulationCounts:
    return PopulationCounts(
        performance_met=row.performance_met,
        performance_not_met=row.performance_not_met,
        denominator_exception=row.denominator_exception,
        denominator_exclusion=row.denominator_exclusion,
        unreported=row.unreported,
    )
