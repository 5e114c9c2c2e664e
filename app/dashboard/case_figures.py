"""Figures of case counts: by month beside the year before, and against what is ordered. Pure."""

from calendar import month_abbr, month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from app.dashboard.figures import (
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

    `months_over`: how many months of the year have begun by today.
    """

    year: int
    by_month: Mapping[str, int]
    months_over: int

    @classmethod
    def as_of(cls, day: date, *, year: int, by_month: Mapping[str, int]) -> "TwoYears":
        begun = 12 if day.year > year else day.month if day.year == year else 0
        last = max((number for number in _MONTHS if by_month.get(_key(year, number))), default=0)
        return cls(year=year, by_month=by_month, months_over=max(begun, last))

    def of(self, year: int) -> list[int]:
        return [self.by_month.get(_key(year, number), 0) for number in _MONTHS]

    @property
    def cases(self) -> int:
        return sum(self.of(self.year))

    @property
    def same_months_before(self) -> int:
        """The cases of the year before in the months that have begun in this one."""
        return sum(self.of(self.year - 1)[: self.months_over])

    @property
    def own(self) -> dict[str, int]:
        """Of the year alone, every month that has begun."""
        months = list(zip(_MONTHS, self.of(self.year), strict=True))[: self.months_over]
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
        summary=_compared(counts, whose),
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
    )


def change_in_words(now: int, before: int) -> str:
    """Return how `now` differs from `before`, in percent where there is something to compare."""
    if not before:
        return "none before" if now else "none yet"
    percent = 100 * (now - before) / before
    return f"{percent:+.1f} %"


def _compared(counts: TwoYears, whose: str) -> str:
    if not counts.cases and not counts.same_months_before:
        return f"{whose} has no case of {counts.year} or of {counts.year - 1} that counts."
    said = f"{whose} has {many(counts.cases, 'case')} of {counts.year}"
    if not counts.same_months_before:
        return f"{said}."
    until = month_name[counts.months_over] if counts.months_over else "the year"
    change = change_in_words(counts.cases, counts.same_months_before)
    return (
        f"{said}; until the end of {until} {counts.year - 1} they were"
        f" {counts.same_months_before:,} ({change})."
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
    return Cell(cases if place < counts.months_over else None)


def _count(name: str) -> Column:
    return Column(name=name, unit=Unit.COUNT)


def _key(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"
