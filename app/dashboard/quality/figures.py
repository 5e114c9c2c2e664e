"""Figures of data quality: a field for each month, colored; and what was found in files. Pure."""

from calendar import month_abbr
from collections.abc import Sequence
from typing import Final

from app.dashboard.figures.figure import (
    Bars,
    Cell,
    Column,
    Figure,
    HeatMap,
    Row,
    Series,
    State,
    Tile,
    Unit,
    many,
    row_of,
)
from app.dashboard.quality.thresholds import (
    MONTHS_OF_A_YEAR,
    FieldGroup,
    FieldRow,
    Level,
    count_levels,
    fewest_cases,
)
from app.dashboard.quality.thresholds import Cell as FieldCell
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode, Severity
from app.domain.found import FindingsOfMonth

_STATES: Final = {Level.GREEN: State.GOOD, Level.YELLOW: State.WATCH, Level.RED: State.BAD}
_WORDS: Final = {Level.GREEN: "Green", Level.YELLOW: "Yellow", Level.RED: "Red"}
_OF_SEVERITY: Final = {Severity.ERROR: State.BAD, Severity.WARNING: State.WATCH}
_GRAVEST_FIRST: Final = tuple(Severity)


def level_tiles(groups: Sequence[FieldGroup]) -> tuple[Tile, ...]:
    """How many fields have which color in the year."""
    numbers = count_levels(groups)
    return tuple(
        Tile(label=_WORDS[level], value=many(numbers[level], "field"), state=state)
        for level, state in _STATES.items()
    )


def field_figures(groups: Sequence[FieldGroup], year: int, *, path: str) -> tuple[Figure, ...]:
    """`path`: that of the page, below which are the cases that lack a field."""
    return tuple(
        _fields(group, year, key=f"fields-{number}", path=path)
        for number, group in enumerate(groups, 1)
    )


def found_figure(found: Sequence[FindingsOfMonth], year: int) -> Figure:
    """The gravest and most frequent first; the code leads to the newest submission with it."""
    kinds = {(each.severity, each.code) for each in found}
    rows = [
        _found_row([each for each in found if (each.severity, each.code) == kind], *kind)
        for kind in kinds
    ]
    rows.sort(key=_gravest_and_most_frequent)
    return Figure(
        key="found",
        heading="Findings by code",
        summary=f"{many(sum(each.findings for each in found), 'finding')} in the files received in"
        f" {year}."
        if found
        else "",
        columns=(
            Column(name="Code"),
            Column(name=f"In {year}", unit=Unit.COUNT),
            Column(name="Finding"),
            Column(name="Severity"),
            Column(name="Accepted", unit=Unit.COUNT),
            *_months(Unit.COUNT),
        ),
        rows=tuple(rows),
        chart=Bars(series=(Series(column=1),)),
        note="By the month in which the file was received, in UTC. A code leads to the newest"
        " submission that has it. What was mended by a later file still counts here.",
        is_broad=True,
    )


def _fields(group: FieldGroup, year: int, *, key: str, path: str) -> Figure:
    thresholds = group.thresholds
    return Figure(
        key=key,
        heading=thresholds.title,
        summary=thresholds.about,
        columns=(
            Column(name="Told, % of the cases"),
            Column(name=str(year), unit=Unit.PERCENT),
            *_months(Unit.PERCENT),
        ),
        rows=tuple(_field_row(row, year, path) for row in group.rows),
        chart=HeatMap(),
        note=f"Green from {thresholds.green_from} %, yellow from {thresholds.yellow_from} %, red"
        f" below; no color with fewer than {fewest_cases()} cases. Assumed:"
        f" {thresholds.assumed}"
        if thresholds.green_from is not None
        else "",
        is_broad=True,
    )


def _months(unit: Unit) -> tuple[Column, ...]:
    return tuple(Column(name=month_abbr[number], unit=unit) for number in MONTHS_OF_A_YEAR)


def _field_row(row: FieldRow, year: int, path: str) -> Row:
    behind = f"{path}/{row.watched.field.value}?period={year}"
    months = (
        _cell(cell, f"{behind}-{number:02}")
        for number, cell in zip(MONTHS_OF_A_YEAR, row.months, strict=True)
    )
    return row_of(row.watched.name, _cell(row.year, behind), *months)


def _cell(cell: FieldCell | None, behind: str) -> Cell:
    if cell is None:
        return Cell(None)
    link = behind if cell.lacking else None
    return Cell(cell.percent, link=link, state=_STATES.get(cell.level))


def _found_row(found: Sequence[FindingsOfMonth], severity: Severity, code: FindingCode) -> Row:
    by_month = {each.month: each.findings for each in found}
    newest = max(each.newest for each in found)
    return row_of(
        Cell(code.value, link=f"/submissions/{newest}"),
        Cell(sum(by_month.values()), state=_OF_SEVERITY.get(severity)),
        finding_catalogue()[code].title,
        severity.value,
        sum(each.accepted for each in found),
        *(by_month.get(number) for number in MONTHS_OF_A_YEAR),
    )


def _gravest_and_most_frequent(row: Row) -> tuple[int, int, str]:
    severity, findings = Severity(str(row[3].value)), row[1].value
    assert isinstance(findings, int), "a number of findings"
    return _GRAVEST_FIRST.index(severity), -findings, str(row[0].value)
