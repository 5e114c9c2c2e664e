"""Figures of a dashboard: a table, and how a chart is drawn from it. Pure.

What a chart shows stands in the table behind it: whoever does not see the chart misses nothing.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | None


class Unit(StrEnum):
    """What a column holds. Percents and points are written with two decimals."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"


class State(StrEnum):
    """A traffic light; the word is told to whoever does not see its color."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`name` says the unit too, where there is one: "Rate, %"."""

    name: str
    unit: Unit = Unit.TEXT


@dataclass(frozen=True, slots=True)
class Cell:
    """`link`: the address of what is behind the value."""

    value: Value
    link: str | None = None
    state: State | None = None


Row = tuple[Cell, ...]


def row_of(*cells: Value | Cell) -> Row:
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


class Role(StrEnum):
    """What a series stands for: it decides about its color, alike on every page."""

    OWN = "own"
    BEFORE = "before"
    GOAL = "goal"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


class Shape(StrEnum):
    BAR = "bar"
    LINE = "line"
    DASHES = "dashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A column of the table, by its number from 0."""

    column: int
    role: Role = Role.OWN
    shape: Shape = Shape.BAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Series over the rows of the table, which are months or the like."""

    series: tuple[Series, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A horizontal bar for each row of the table. The state of a cell colors its bar.

    `title`: the column with more words for a row than its first cell, where there is room.
    """

    series: tuple[Series, ...]
    stacked: bool = False
    title: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A decile of a benchmark, from `low` to `high` percent."""

    decile: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A mark for each row on a scale from 0 to 100 percent.

    `value` is the column of the mark, `peers` those of the quartiles and between them the median.
    `bands`: of each row, the deciles of its benchmark. `title`: as of `Bars`.
    """

    value: int
    title: int | None = None
    peers: tuple[int, int, int] | None = None
    bands: tuple[tuple[Band, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """A field for each cell behind the first column, colored by its state."""


Chart = Trend | Bars | Scale | HeatMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A table with a heading; `chart` None: there is nothing that a picture would add.

    `key` names it in addresses. `summary` is what there is to see, in a sentence or two: it is what
    a screen reader says of the chart. `note` tells how the figures came about. `of_people`: it has
    clinicians by name, so that the audit trail tells who takes it along.
    """

    key: str
    heading: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    note: str = ""
    is_broad: bool = False
    of_people: bool = False

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), "a cell for each column"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure that stands alone, written out; `note` says what it is held against."""

    label: str
    value: str
    note: str = ""
    link: str | None = None
    state: State | None = None


def many(number: int, one: str, more: str = "") -> str:
    """Return "1 case", "1,234 cases"; `more` is the word for several, if not with an s."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def shown(value: Value, unit: Unit) -> str:
    """Return a value as people read it; what is not known is a dash."""
    if value is None:
        return "–"  # noqa: RUF001 - a dash is meant
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,.0f}" if unit is Unit.COUNT else f"{value:,.2f}"
    return value
