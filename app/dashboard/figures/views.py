"""What a dashboard shows, as its address says it; and each of its figures as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from app.dashboard.figures.figure import Cell, Figure
from app.domain.errors.requests import InvalidRequest
from app.domain.spreadsheets import guarded_cell
from app.measures.results.rates import to_places

_BYTE_ORDER_MARK: Final = "\ufeff"  # without it Excel takes UTF-8 for something else
_LONGEST_KEY: Final = 100
_PLACES: Final = 4


@dataclass(frozen=True, kw_only=True)
class View:
    """`state` is all that decides what the page shows: whoever opens its address sees the same.

    `figure` is the key of the figure that is asked for as CSV, None when the page is.
    """

    path: str
    state: Mapping[str, str] = field(default_factory=dict)
    figure: str | None = None

    def address(self, **changed: object) -> str:
        """The address of this view, or of one that differs in what is named; None leaves it out."""
        every = {**self.state, **changed}
        told = {name: str(value) for name, value in every.items() if value is not None}
        return f"{self.path}?{urlencode(told)}" if told else self.path

    def csv_address(self, figure: Figure) -> str:
        return self.address(format="csv", figure=figure.key)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request asks for besides what its page is about."""

    path: str
    figure: str | None

    def view(self, **state: object) -> View:
        """`state`: by name in the address; None is left out."""
        told = {name: str(value) for name, value in state.items() if value is not None}
        return View(path=self.path, state=told, figure=self.figure)


def _asked(
    request: Request,
    format_: Annotated[Literal["csv"] | None, Query(alias="format")] = None,
    figure: Annotated[str | None, Query(max_length=_LONGEST_KEY)] = None,
) -> Asked:
    """Raises: InvalidRequest."""
    if format_ is not None and figure is None:
        raise InvalidRequest("figure: say which figure of the page is meant.")
    return Asked(path=request.url.path, figure=figure if format_ is not None else None)


AskedView = Annotated[Asked, Depends(_asked)]


def asked_figure(view: View, figures: Iterable[Figure]) -> Figure:
    """Raises: InvalidRequest for a figure that the page has not."""
    found = next((each for each in figures if each.key == view.figure), None)
    if found is None:
        raise InvalidRequest("figure: the page has none of this name.")
    return found


def csv_answer(view: View, figures: Iterable[Figure]) -> Response:
    """The figure that is asked for. Raises: InvalidRequest for one that the page has not."""
    figure = asked_figure(view, figures)
    year = view.state.get("year")
    name = figure.key if year is None else f"{figure.key}-{year}"
    return Response(
        figure_csv(figure),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )


def figure_csv(figure: Figure) -> bytes:
    """A line for each row, numbers with up to four decimals; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(guarded_cell(column.name) for column in figure.columns)
    for row in figure.rows:
        writer.writerow(_written(cell) for cell in row)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def _written(cell: Cell) -> str:
    match cell.value:
        case None:
            return ""
        case str() as text:
            return guarded_cell(text)
        case Decimal() as number:
            return f"{to_places(number, _PLACES).normalize():f}"
        case number:
            return str(number)
