"""Reads the totals of subgroups and virtual groups, which are kept like those of a TIN."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from app.domain.identifiers import PracticeId, Tin
from app.domain.roster import VirtualGroup
from app.storage.figures.count_queries import MeasureTotal, population_counts
from app.storage.roster.roster_store import entry_of
from app.storage.tables.figures import group_counts
from app.storage.tables.roster import subgroups, virtual_groups

_COUNTS = tuple(
    group_counts.c[name]
    for name in (
        "performance_met",
        "performance_not_met",
        "denominator_exception",
        "denominator_exclusion",
        "unreported",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuestion:
    """Whose totals are asked for: those of one group of a practice, or of all of a year."""

    practice: PracticeId
    performance_year: int
    group_id: UUID | None = None
    tin: Tin | None = None
    measure_id: str | None = None


class GroupQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subgroup_totals(self, asked: GroupQuestion) -> list[MeasureTotal]:
        """Totals of every measure by subgroup, in the order of measure, stratum and group."""
        columns = group_counts.c
        wanted = [
            subgroups.c.practice_id == asked.practice,
            subgroups.c.performance_year == asked.performance_year,
        ]
        if asked.group_id is not None:
            wanted.append(subgroups.c.id == asked.group_id)
        if asked.tin is not None:
            wanted.append(subgroups.c.tin == asked.tin)
        if asked.measure_id is not None:
            wanted.append(columns.measure_id == asked.measure_id)
        same_group = and_(
            columns.practice_id == subgroups.c.practice_id, columns.group_id == subgroups.c.id
        )
        rows = self._connection.execute(
            select(group_counts, subgroups.c.tin)
            .join(subgroups, same_group)
            .where(*wanted)
            .order_by(columns.measure_id, columns.stratum, columns.group_id)
        )
        return [_total(row, tin=Tin(row.tin)) for row in rows]

    def virtual_group_totals(
        self, groups: Iterable[VirtualGroup], *, measure_id: str | None
    ) -> list[MeasureTotal]:
        """Totals of every measure by virtual group, over all practices confirmed to be in it.

        No case is in two practices, so what each of them has counted can be added.
        """
        found: list[MeasureTotal] = []
        for group in groups:
            columns = group_counts.c
            wanted = [_is_confirmed_part_of(group)]
            if measure_id is not None:
                wanted.append(columns.measure_id == measure_id)
            rows = self._connection.execute(
                select(
                    columns.measure_id,
                    columns.stratum,
                    *(func.sum(column).label(column.name) for column in _COUNTS),
                )
                .join(virtual_groups, _of_entry())
                .where(*wanted)
                .group_by(columns.measure_id, columns.stratum)
            )
            found += [_total(row, tin=None, group_id=group.id) for row in rows]
        return sorted(found, key=lambda total: (total.measure_id, total.stratum, total.group_id))

    def entered(
        self, performance_year: int, *, after: UUID | None, limit: int | None
    ) -> list[VirtualGroup]:
        """Virtual groups as practices have entered them, in the order in which they did."""
        columns = virtual_groups.c
        wanted = [columns.performance_year == performance_year]
        if after is not None:
            wanted.append(columns.id > after)
        rows = self._connection.execute(
            select(virtual_groups).where(*wanted).order_by(columns.id).limit(limit)
        )
        return [entry_of(VirtualGroup, row) for row in rows]

    def practices_confirmed(self, group: VirtualGroup) -> frozenset[PracticeId]:
        """Those that are in a virtual group, with cases or without."""
        rows = self._connection.execute(
            select(virtual_groups.c.practice_id).where(_is_confirmed_part_of(group))
        )
        return frozenset(PracticeId(row[0]) for row in rows)

    def practices_in(self, group: VirtualGroup) -> frozenset[PracticeId]:
        """The practices with cases in a virtual group: each has entered it, and is confirmed."""
        rows = self._connection.execute(
            select(virtual_groups.c.practice_id)
            .join(group_counts, _of_entry())
            .where(_is_confirmed_part_of(group))
            .distinct()
        )
        return frozenset(PracticeId(row[0]) for row in rows)


def _of_entry() -> ColumnElement[bool]:
    return and_(
        group_counts.c.practice_id == virtual_groups.c.practice_id,
        group_counts.c.group_id == virtual_groups.c.id,
    )


def _is_confirmed_part_of(group: VirtualGroup) -> ColumnElement[bool]:
    return and_(
        virtual_groups.c.performance_year == group.performance_year,
        virtual_groups.c.name == group.name,
        virtual_groups.c.tins == list(group.tins),
        virtual_groups.c.confirmed_at.is_not(None),
    )


def _total(row: Row[Any], *, tin: Tin | None, group_id: UUID | None = None) -> MeasureTotal:
    return MeasureTotal(
        measure_id=row.measure_id,
        stratum=row.stratum,
        tin=tin,
        npi=None,
        group_id=row.group_id if group_id is None else group_id,
        counts=population_counts(row),
    )
