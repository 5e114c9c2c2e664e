"""Figures of case counts: by month beside the year before, and against what is ordered. Pure."""

from calendar import month_abbr, month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from app.dashboard.figures.figure import (
    Cell,
    Column,
    Figure,
    Role,
    Row,
    Series,
    Shape,
    Trend,
    Unit,
    many,
    row_of,
)

_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoYears:
    """Cases by month, as 2024-03, of a performance year and the one before.

    `begun`, `over`: how many months of the year have begun, and how many have ended.
    """

    year: int
    by_month: Mapping[str, int]
    begun: int
    over: int

    @classmethod
    def as_of(cls, day: date, *, year: int, by_month: Mapping[str, int]) -> "TwoYears":
        begun = 12 if day.year > year else day.month if day.year == year else 0
        over = begun - 1 if day.year == year else begun
        last = max((number for number in _MONTHS if by_month.get(_key(year, number))), default=0)
        return cls(year=year, by_month=by_month, begun=max(begun, last), over=over)

    def of(self, year: int) -> list[int]:
        return [self.by_month.get(_key(year, number), 0) for number in _MONTHS]

    @property
    def cases(self) -> int:
        return sum(self.of(self.year))

    @property
    def compared(self) -> str:
        """How the months that are over differ from the same ones of the year before, in words."""
        now, before = (sum(self.of(year)[: self.over]) for year in (self.year, self.year - 1))
        if not self.over:
            return f"no month of {self.year} is over"
        until = "" if self.over == len(_MONTHS) else f", until the end of {month_name[self.over]}"
        if not before:
            return f"none in {self.year - 1}{until}"
        return f"{100 * (now - before) / before:+.1f} % against {self.year - 1}{until}"

    @property
    def own(self) -> dict[str, int]:
        """Of the year alone, every month that has begun."""
        months = list(zip(_MONTHS, self.of(self.year), strict=True))[: self.begun]
        return {_key(self.year, number): cases for number, cases in months}


def cases_by_month(counts: TwoYears, *, whose: str) -> Figure:
    """`whose`: whose cases they are, as a sentence begins with it: "The practice"."""
    year, before = counts.year, counts.year - 1
    rows = [
        row_of(name, _known(place, own, counts), earlier)
        for place, (name, own, earlier) in enumerate(
            zip(month_abbr[1:], counts.of(year), counts.of(before), strict=True)
        )
    ]
    return Figure(
        key="cases-by-month",
        heading="Cases by month",
        summary=f"{whose} has {many(counts.cases, 'case')} of {year}: {counts.compared}.",
        columns=(Column(name="Month"), _count(str(year)), _count(str(before))),
        rows=tuple(rows),
        chart=Trend(series=(Series(column=1), Series(column=2, role=Role.BEFORE))),
        note="By the date of service. Held and deleted cases do not count.",
    )


def cases_against_order(counts: TwoYears, *, ordered: int | None) -> Figure:
    """How the year adds up; `ordered` None: nothing is, or it is not by cases."""
    year, before = counts.year, counts.year - 1
    sums = zip(
        month_abbr[1:],
        accumulate(counts.of(year)),
        accumulate(counts.of(before)),
        strict=True,
    )
    goal: tuple[int, ...] = () if ordered is None else (ordered,)
    rows = [
        row_of(name, _known(place, own, counts), earlier, *goal)
        for place, (name, own, earlier) in enumerate(sums)
    ]
    columns = [Column(name="Until the end of"), _count(str(year)), _count(str(before))]
    series = [
        Series(column=1, shape=Shape.LINE),
        Series(column=2, role=Role.BEFORE, shape=Shape.LINE),
    ]
    if ordered is not None:
        columns.append(_count("Ordered"))
        series.append(Series(column=3, role=Role.GOAL, shape=Shape.DASHES))
    return Figure(
        key="cases-against-order",
        heading="Cases so far against the order",
        summary=_against(counts.cases, ordered, year),
        columns=tuple(columns),
        rows=tuple(rows),
        chart=Trend(series=tuple(series)),
        note="Cases beyond those ordered are invoiced when the year is reconciled."
        if ordered is not None
        else "",
    )


def cases_by_place(
    key: str,
    heading: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    summary: str,
    note: str,
    is_broad: bool = True,
    of_people: bool = False,
) -> Figure:
    """Cases of several facilities or clinicians; the last two columns are counts."""
    words = [Column(name=name) for name in columns[:-2]]
    return Figure(
        key=key,
        heading=heading,
        summary=summary,
        columns=(*words, *(_count(name) for name in columns[-2:])),
        rows=tuple(rows),
        note=note,
        is_broad=is_broad,
        of_people=of_people,
    )


def _against(cases: int, ordered: int | None, year: int) -> str:
    if ordered is None:
        return (
            f"{many(cases, 'case')} of {year} so far. No number of cases is ordered for this year."
        )
    share = f", {100 * cases / ordered:.1f} %" if ordered else ""
    return f"{cases:,} of the {ordered:,} cases ordered for {year}{share}."


def _known(place: int, cases: int, counts: TwoYears) -> Cell:
    """Months that are still to come have no number yet."""
    return Cell(cases if place < counts.begun else None)


def _count(name: str) -> Column:
    return Column(name=name, unit=Unit.COUNT)


def _key(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"
