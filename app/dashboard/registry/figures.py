"""Figures of the registry: cases of all practices by month, and each practice in a row. Pure."""

from calendar import month_abbr
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.billing.reconciling import Pace
from app.dashboard.deadlines.behind import Behind, Moment, behind_of, pace
from app.dashboard.figures.figure import (
    Cell,
    Column,
    Figure,
    Role,
    Row,
    Series,
    Shape,
    State,
    Tile,
    Trend,
    Unit,
    many,
    row_of,
)
from app.domain.standings import PracticeStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRow:
    standing: PracticeStanding
    pace: Pace | None
    behind: tuple[Behind, ...]


def practice_rows(standings: Iterable[PracticeStanding], moment: Moment) -> tuple[PracticeRow, ...]:
    """Who is furthest behind first, then by id."""
    rows = (
        PracticeRow(
            standing=standing, pace=pace(standing, moment), behind=behind_of(standing, moment)
        )
        for standing in standings
    )
    return tuple(sorted(rows, key=lambda row: (-len(row.behind), row.standing.id)))


def registry_tiles(rows: Sequence[PracticeRow], *, ordered_in: str) -> tuple[Tile, ...]:
    """`ordered_in`: what is ordered in the year, cases or clinicians."""
    late = sum(bool(row.behind) for row in rows)
    ordered = sum(row.standing.ordered or 0 for row in rows)
    return (
        Tile(label="Practices", value=f"{len(rows):,}"),
        Tile(label="Cases that count", value=f"{sum(row.standing.cases for row in rows):,}"),
        Tile(label="Ordered", value=f"{ordered:,}", note=ordered_in),
        Tile(label="Behind", value=f"{late:,}", state=State.WATCH if late else State.GOOD),
    )


def cases_by_month(rows: Sequence[PracticeRow], year: int) -> Figure:
    standings = [row.standing for row in rows]
    months = [
        (
            sum(each.this_year[number] for each in standings),
            sum(each.last_year[number] for each in standings),
        )
        for number in range(12)
    ]
    cases = sum(now for now, _ in months)
    return Figure(
        key="cases-by-month",
        heading=f"Cases of all practices in {year}",
        summary=f"{many(cases, 'case')} of {year} {'counts' if cases == 1 else 'count'}.",
        columns=(
            Column(name="Month"),
            Column(name=str(year), unit=Unit.COUNT),
            Column(name=str(year - 1), unit=Unit.COUNT),
        ),
        rows=tuple(
            row_of(month_abbr[number], *both) for number, both in enumerate(months, start=1)
        ),
        chart=Trend(
            series=(Series(column=1), Series(column=2, role=Role.BEFORE, shape=Shape.LINE))
        ),
        note="By date of service, from the totals that are billed by.",
        is_broad=True,
    )


def practices_figure(rows: Sequence[PracticeRow], year: int) -> Figure:
    return Figure(
        key="practices",
        heading="Practices",
        summary="Those furthest behind first." if rows else "There is none.",
        columns=(
            Column(name="Practice"),
            Column(name="Id"),
            Column(name="Cases", unit=Unit.COUNT),
            Column(name=f"Cases of {year - 1}", unit=Unit.COUNT),
            Column(name="At this pace", unit=Unit.COUNT),
            Column(name="Ordered", unit=Unit.COUNT),
            Column(name="Order"),
            Column(name="Registered"),
            Column(name="Last file"),
            Column(name="Behind"),
        ),
        rows=tuple(_practice(row, year) for row in rows),
        note="Cases are those that count for billing; the number leads to the counts by month and"
        " their proofs. What is behind is told below.",
        is_broad=True,
    )


def _practice(row: PracticeRow, year: int) -> Row:
    each = row.standing
    root = f"/practices/{each.id}"
    last = each.last_received_at
    return row_of(
        Cell(each.name, link=f"{root}?year={year}"),
        each.id,
        Cell(each.cases, link=f"/v1{root}/billing/{year}/counts"),
        sum(each.last_year),
        None if row.pace is None else row.pace.cases,
        each.ordered,
        ", ".join(sorted(state.value for state in each.orders)),
        "yes" if each.is_registered else "no",
        None if last is None else Cell(f"{last:%Y-%m-%d}", link=f"{root}/submissions"),
        _behind(row.behind),
    )


def _behind(behind: Sequence[Behind]) -> Cell | str:
    if not behind:
        return ""
    state = State.WATCH if len(behind) == 1 else State.BAD
    return Cell("; ".join(each.words for each in behind), state=state)
