"""Reads the totals; recounts from the cases only where a period cuts a month."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, and_, distinct, func, select
from sqlalchemy.sql import Select

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import PopulationCounts
from app.storage.case_filter import CaseFilter, conditions, staff_conditions
from app.storage.tables import case_counts, case_staff, cases, measure_counts


class CountGroup(StrEnum):
    TIN = "tin"
    NPI = "npi"
    MONTH = "month"
    FACILITY = "facility"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuestion:
    """How many of the cases that are meant there are, and how many in each group."""

    of: CaseFilter
    group_by: tuple[CountGroup, ...] = ()

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
    """What one measure and stratum came to for a TIN, or for a TIN and NPI."""

    measure_id: str
    stratum: str
    tin: Tin
    npi: Npi | None
    counts: PopulationCounts


class CountQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def total(self, question: CountQuestion) -> int:
        """Distinct cases that the question's filters leave, whatever its groups."""
        rows = list(self._rows(question, groups=()))
        return int(rows[0].cases or 0) if rows else 0

    def groups(self, question: CountQuestion) -> list[GroupCount]:
        """Distinct cases of each group, ordered by its keys."""
        if not question.group_by:
            return []
        return [
            GroupCount(
                keys={group: str(getattr(row, group.value)) for group in question.group_by},
                cases=row.cases,
            )
            for row in self._rows(question, groups=question.group_by)
        ]

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
        columns = measure_counts.c
        wanted = [
            columns.practice_id == practice,
            columns.performance_year == performance_year,
            columns.npi != "" if individual else columns.npi == "",
        ]
        if tin is not None:
            wanted.append(columns.tin == tin)
        if npi is not None:
            wanted.append(columns.npi == npi)
        if measure_id is not None:
            wanted.append(columns.measure_id == measure_id)
        rows = self._connection.execute(
            select(measure_counts)
            .where(and_(*wanted))
            .order_by(columns.measure_id, columns.stratum, columns.tin, columns.npi)
        )
        return [_measure_total(row) for row in rows]

    def _rows(self, question: CountQuestion, groups: tuple[CountGroup, ...]) -> Iterable[Row[Any]]:
        build = _from_cases if question.cuts_a_month else _from_totals
        return self._connection.execute(build(question, groups))


def _from_totals(question: CountQuestion, groups: tuple[CountGroup, ...]) -> Select[Any]:
    """Each case stands once in every level of the totals: with or without TIN, NPI or both."""
    columns = case_counts.c
    asked = question.of
    wanted = [
        columns.practice_id == asked.practice,
        _level(columns.tin, CountGroup.TIN in groups, asked.tin),
        _level(columns.npi, CountGroup.NPI in groups, asked.npi),
    ]
    if asked.performance_year is not None:
        wanted.append(columns.performance_year == asked.performance_year)
    if asked.first_day is not None:
        wanted.append(columns.month >= asked.first_day)
    if asked.last_day is not None:
        wanted.append(columns.month <= asked.last_day)
    if asked.facility is not None:
        wanted.append(columns.facility_id == asked.facility)
    keys = {
        CountGroup.TIN: columns.tin,
        CountGroup.NPI: columns.npi,
        CountGroup.MONTH: func.to_char(columns.month, "YYYY-MM"),
        CountGroup.FACILITY: columns.facility_id,
    }
    return _grouped(case_counts, groups, keys, func.sum(columns.cases), wanted)


def _level(column: ColumnElement[str], is_group: bool, value: str | None) -> ColumnElement[bool]:
    if value is not None:
        return column == value
    return column != "" if is_group else column == ""


def _from_cases(question: CountQuestion, groups: tuple[CountGroup, ...]) -> Select[Any]:
    wanted = [
        *conditions(question.of),
        *staff_conditions(question.of.tin, question.of.npi),
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
    return _grouped(joined, groups, keys, func.count(distinct(cases.c.case_id)), wanted)


def _grouped(
    source: FromClause,
    groups: tuple[CountGroup, ...],
    keys: dict[CountGroup, Any],
    count: ColumnElement[int],
    wanted: list[ColumnElement[bool]],
) -> Select[Any]:
    chosen = [keys[group].label(group.value) for group in groups]
    query = select(*chosen, count.label("cases")).select_from(source).where(and_(*wanted))
    return query.group_by(*chosen).order_by(*chosen) if chosen else query


def _ends_a_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _measure_total(row: Row[Any]) -> MeasureTotal:
    return MeasureTotal(
        measure_id=row.measure_id,
        stratum=row.stratum,
        tin=Tin(row.tin),
        npi=Npi(row.npi) if row.npi else None,
        counts=PopulationCounts(
            performance_met=row.performance_met,
            performance_not_met=row.performance_not_met,
            denominator_exception=row.denominator_exception,
            denominator_exclusion=row.denominator_exclusion,
            unreported=row.unreported,
        ),
    )
