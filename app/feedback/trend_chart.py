"""The trend of a rate as a picture: the same SVG on the page and on paper. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from app.feedback.report import MonthFigures

MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_WIDTH, _HEIGHT = 560, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 10, 22
_TOP_PERCENT: Final = 100
_STEP: Final = 10
_ROOM_BELOW: Final = 5
_RATE, _COMPLETENESS, _GRID, _TEXT = "#0a5f60", "#9a5b00", "#d5d9d2", "#55606a"
_FONT: Final = "Libertinus Serif, Georgia, serif"  # the first is the one of the PDF


def trend_chart(trend: Sequence[MonthFigures]) -> str | None:
    """Return an SVG with the performance rate and the completeness of each month.

    None when fewer than two months have a rate: a point alone is no trend.
    """
    rates = [(each.month, each.performance_rate) for each in trend]
    if sum(rate is not None for _, rate in rates) < 2:
        return None
    completeness = [(each.month, each.data_completeness) for each in trend]
    lowest = _lowest([value for _, value in (*rates, *completeness) if value is not None])
    parts = [
        *_grid(lowest),
        *_month_names(trend),
        _line(completeness, lowest, _COMPLETENESS, 'stroke-dasharray="5 3"'),
        _line(rates, lowest, _RATE, ""),
        *_points(rates, lowest),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}" role="img" font-family="{_FONT}" font-size="11">'
        "<title>Performance rate and data completeness by month</title>"
        f"{''.join(parts)}</svg>"
    )


def _lowest(values: Sequence[Decimal]) -> int:
    """Whole tens below the lowest value, so that what is near to the top can be told apart."""
    return max(0, int(min(values) - _ROOM_BELOW) // _STEP * _STEP)


def _x(month: int) -> float:
    return _LEFT + (month - 0.5) * (_WIDTH - _LEFT - _RIGHT) / len(MONTHS)


def _y(percent: Decimal | int, lowest: int) -> float:
    share = float(percent - lowest) / (_TOP_PERCENT - lowest)
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def _grid(lowest: int) -> list[str]:
    levels = (lowest, (lowest + _TOP_PERCENT) // 2, _TOP_PERCENT)
    return [
        f'<path d="M{_LEFT} {_y(level, lowest):.1f}H{_WIDTH - _RIGHT}" stroke="{_GRID}"/>'
        f'<text x="{_LEFT - 6}" y="{_y(level, lowest) + 4:.1f}" text-anchor="end"'
        f' fill="{_TEXT}">{level} %</text>'
        for level in levels
    ]


def _month_names(trend: Sequence[MonthFigures]) -> list[str]:
    return [
        f'<text x="{_x(each.month):.1f}" y="{_HEIGHT - 6}" text-anchor="middle"'
        f' fill="{_TEXT}">{MONTHS[each.month - 1]}</text>'
        for each in trend
    ]


def _line(values: Sequence[tuple[int, Decimal | None]], lowest: int, color: str, more: str) -> str:
    """Broken where a month has no value."""
    moves, is_drawing = [], False
    for month, value in values:
        if value is not None:
            moves.append(f"{'L' if is_drawing else 'M'}{_x(month):.1f} {_y(value, lowest):.1f}")
        is_drawing = value is not None
    return f'<path d="{"".join(moves)}" fill="none" stroke="{color}" stroke-width="2" {more}/>'


def _points(values: Sequence[tuple[int, Decimal | None]], lowest: int) -> list[str]:
    return [
        f'<circle cx="{_x(month):.1f}" cy="{_y(value, lowest):.1f}" r="3" fill="{_RATE}"/>'
        for month, value in values
        if value is not None
    ]
