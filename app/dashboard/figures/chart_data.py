"""What the script of the pages draws a chart from: cells of the table, by kind of chart. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.dashboard.figures.figure import (
    Bars,
    Cell,
    Figure,
    HeatMap,
    Row,
    Scale,
    Series,
    Trend,
    Value,
    shown,
)


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
