"""Figures of a dashboard: a table, and how a chart is drawn from it. Pure.

What a chart shows stands in the table behind it: whoever does not see the chart misses nothing.
"""

from collections.abc import Iterable, Sequence
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
    a screen reader says of the chart. `note` tells how the figures came about.
    """

    key: str
    heading: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    note: str = ""
    is_broad: bool = False

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


def chart_data(figure: Figure) -> dict[str, object]:
    """Return what the script of the pages draws; the figure has a chart."""
    told: dict[str, object] = {
        "summary": figure.summary,
        "labels": [str(row[0].value) for row in figure.rows],
        "links": [_first_link(row) for row in figure.rows],
    }
    match figure.chart:
        case Trend() | Bars() as chart:
            kind = "trend" if isinstance(chart, Trend) else "bars"
            series = [_series(figure, each) for each in chart.series]
            titles = _titles(figure, chart.title) if isinstance(chart, Bars) else None
            more = {"stacked": chart.stacked, "series": series, "titles": titles}
            return {**told, "kind": kind, **more}
        case Scale() as chart:
            titles = _titles(figure, chart.title)
            return {**told, "kind": "scale", "titles": titles, **_scale(figure, chart)}
        case HeatMap():
            return {**told, "kind": "heat", **_heat(figure)}
        case None:
            raise ValueError("this figure has no chart")


def _titles(figure: Figure, column: int | None) -> list[str] | None:
    if column is None:
        return None
    return [f"{row[0].value} {row[column].value}" for row in figure.rows]


def _series(figure: Figure, series: Series) -> dict[str, object]:
    column = figure.columns[series.column]
    cells = [row[series.column] for row in figure.rows]
    return {
        "name": column.name,
        "unit": column.unit.value,
        "role": series.role.value,
        "shape": series.shape.value,
        "values": [_number(cell.value) for cell in cells],
        "states": [cell.state for cell in cells] if any(cell.state for cell in cells) else None,
    }


def _scale(figure: Figure, chart: Scale) -> dict[str, object]:
    bands = chart.bands or ((),) * len(figure.rows)
    return {
        "values": [_number(row[chart.value].value) for row in figure.rows],
        "states": [row[chart.value].state for row in figure.rows],
        "peers": [_peers(row, chart.peers) for row in figure.rows],
        "bands": [
            [[band.decile, float(band.low), float(band.high)] for band in of_row]
            for of_row in bands
        ],
    }


def _peers(row: Row, columns: Sequence[int] | None) -> list[float] | None:
    found = [_number(row[column].value) for column in columns or ()]
    known = [each for each in found if each is not None]
    return known if found and len(known) == len(found) else None


def _heat(figure: Figure) -> dict[str, object]:
    return {
        "columns": [column.name for column in figure.columns[1:]],
        "cells": [
            [[shown(cell.value, column.unit), cell.state, cell.link] for column, cell in pairs]
            for pairs in (zip(figure.columns[1:], row[1:], strict=True) for row in figure.rows)
        ],
    }


def _first_link(row: Iterable[Cell]) -> str | None:
    return next((cell.link for cell in row if cell.link is not None), None)


def _number(value: Value) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else None if isinstance(value, str) else value
