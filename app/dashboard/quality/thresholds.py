"""Red, yellow, green: how many cases tell each field, by thresholds that are data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.case_fields import CaseField, MonthOfFields

_DATA: Final = Path(__file__).parent / "data" / "thresholds.toml"
MONTHS_OF_A_YEAR: Final = range(1, 13)


class Level(StrEnum):
    """`FEW`: too few cases for a color. `PLAIN`: the field has no thresholds."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    FEW = "few"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """In percent of the cases, both in: from `green_from` on green, from `yellow_from` yellow.

    None where a field has no color.
    """

    title: str
    about: str
    green_from: int | None = None
    yellow_from: int | None = None
    assumed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedField:
    """`element`: where it stands in a record. `source`: who asks for it, None when nobody does."""

    field: CaseField
    name: str
    element: str
    thresholds: Thresholds
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Of `cases`, `told` tell the field."""

    told: int
    cases: int
    level: Level

    @property
    def lacking(self) -> int:
        return self.cases - self.told

    @property
    def percent(self) -> Decimal:
        """With two decimals, cut off: 98.996 is no 99."""
        return Decimal(10_000 * self.told // self.cases) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """`months`: a cell for each of the twelve, None for one without cases; `year` is all of it."""

    watched: WatchedField
    months: tuple[Cell | None, ...]
    year: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    thresholds: Thresholds
    rows: tuple[FieldRow, ...]


def level_of(told: int, cases: int, thresholds: Thresholds, *, fewest: int) -> Level:
    """In whole numbers, so that 99 of 100 is 99 %."""
    if thresholds.green_from is None or thresholds.yellow_from is None:
        return Level.PLAIN
    if cases < fewest:
        return Level.FEW
    if 100 * told >= thresholds.green_from * cases:
        return Level.GREEN
    return Level.YELLOW if 100 * told >= thresholds.yellow_from * cases else Level.RED


def field_groups(months: Sequence[MonthOfFields]) -> tuple[FieldGroup, ...]:
    """Group by group of thresholds, in the order of the data; empty for a year without cases."""
    if not any(month.cases for month in months):
        return ()
    return tuple(
        FieldGroup(
            thresholds=thresholds,
            rows=tuple(
                _row(watched, months)
                for watched in watched_fields()
                if watched.thresholds == thresholds
            ),
        )
        for thresholds in _thresholds().values()
    )


def count_levels(groups: Sequence[FieldGroup]) -> Mapping[Level, int]:
    """How many fields have which level in the year."""
    found = dict.fromkeys(Level, 0)
    for group in groups:
        for row in group.rows:
            found[row.year.level] += 1
    return found


@cache
def watched_fields() -> tuple[WatchedField, ...]:
    return tuple(
        WatchedField(
            field=CaseField(each["id"]),
            name=each["name"],
            element=each["element"],
            thresholds=_thresholds()[each["thresholds"]],
            source=each.get("source"),
        )
        for each in _data()["field"]
    )


def watched_field(field: CaseField) -> WatchedField:
    return next(each for each in watched_fields() if each.field is field)


def fewest_cases() -> int:
    fewest: int = _data()["fewest_cases"]
    return fewest


def _row(watched: WatchedField, months: Sequence[MonthOfFields]) -> FieldRow:
    by_month = {month.month: month for month in months if month.cases}
    cells = tuple(
        _cell(watched, by_month[number].told[watched.field], by_month[number].cases)
        if number in by_month
        else None
        for number in MONTHS_OF_A_YEAR
    )
    told = sum(month.told[watched.field] for month in months)
    return FieldRow(
        watched=watched,
        months=cells,
        year=_cell(watched, told, sum(month.cases for month in months)),
    )


def _cell(watched: WatchedField, told: int, cases: int) -> Cell:
    level = level_of(told, cases, watched.thresholds, fewest=fewest_cases())
    return Cell(told=told, cases=cases, level=level)


@cache
def _thresholds() -> dict[str, Thresholds]:
    return {name: Thresholds(**each) for name, each in _data()["thresholds"].items()}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
