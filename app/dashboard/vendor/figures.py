"""Figures of a vendor: success week by week, findings by software version, time to fix. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from app.dashboard.figures.figure import (
    Bars,
    Cell,
    Column,
    Figure,
    Role,
    Row,
    Series,
    State,
    Tile,
    Trend,
    Unit,
    many,
    row_of,
    shown,
)
from app.dashboard.figures.sending import state_of_acceptance
from app.dashboard.vendor.view import (
    FixRow,
    FoundKind,
    SoftwareRow,
    Success,
    Week,
    by_software,
    by_week,
    fixes,
    success_of,
)
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode, Severity
from app.domain.sent_files import SentFile

_UNNAMED: Final = "a browser, or a program that did not say"
_STATES: Final = {Severity.ERROR: State.BAD, Severity.WARNING: State.WATCH}
_HOUR_SECONDS: Final = 3_600


def vendor_tiles(files: Sequence[SentFile]) -> tuple[Tile, ...]:
    success = success_of(files)
    return (
        Tile(label="Files", value=f"{success.files:,}"),
        Tile(
            label="Files with every record stored",
            value=_in_percent(success.percent_of_files),
        ),
        Tile(label="Records", value=f"{success.records:,}"),
        Tile(
            label="Records stored",
            value=_in_percent(success.percent_of_records),
            state=state_of_acceptance(success.percent_of_records),
        ),
    )


def vendor_figures(files: Sequence[SentFile]) -> tuple[Figure, ...]:
    software = by_software(files)
    return (
        _weeks(by_week(files)),
        _software(software),
        _findings(software),
        _fixes(fixes(files)),
    )


def _weeks(weeks: Sequence[Week]) -> Figure:
    return Figure(
        key="weeks",
        heading="Records week by week",
        summary=f"{many(len(weeks), 'week')} with files." if weeks else "",
        columns=(
            Column(name="Week of"),
            Column(name="Stored", unit=Unit.COUNT),
            Column(name="Rejected", unit=Unit.COUNT),
            Column(name="Stored, %", unit=Unit.PERCENT),
            Column(name="Files", unit=Unit.COUNT),
            Column(name="Files stored whole, %", unit=Unit.PERCENT),
        ),
        rows=tuple(
            row_of(f"{week.monday}", *_records(week.success), *_files(week.success))
            for week in weeks
        ),
        chart=Trend(series=(Series(column=1), Series(column=2, role=Role.BAD)), stacked=True),
        note="By the week in which the file was received, from Monday on, in UTC. Files that failed"
        " through a fault of the registry are left out.",
    )


def _software(rows: Sequence[SoftwareRow]) -> Figure:
    return Figure(
        key="software",
        heading="Success by software version",
        summary=f"{many(len(rows), 'program')}, the one with the most records first."
        if rows
        else "",
        columns=(
            Column(name="Software"),
            Column(name="Stored, %", unit=Unit.PERCENT),
            Column(name="Records stored", unit=Unit.COUNT),
            Column(name="Rejected", unit=Unit.COUNT),
            Column(name="Files", unit=Unit.COUNT),
            Column(name="Schema versions"),
        ),
        rows=tuple(_software_row(row) for row in rows),
        chart=Bars(series=(Series(column=1),)),
        note="As the program names itself in its User-Agent.",
    )


def _findings(rows: Sequence[SoftwareRow]) -> Figure:
    found = [(row.name or _UNNAMED, kind) for row in rows for kind in row.kinds]
    return Figure(
        key="findings",
        heading="Findings by software version",
        summary="Of each program errors first, and the most frequent first." if found else "",
        columns=(
            Column(name="Code"),
            Column(name="Software"),
            Column(name="Findings", unit=Unit.COUNT),
            Column(name="Finding"),
            Column(name="Severity"),
            Column(name="Files", unit=Unit.COUNT),
            Column(name="Practices", unit=Unit.COUNT),
        ),
        rows=tuple(_finding_row(name, kind) for name, kind in found),
        is_broad=True,
    )


def _fixes(rows: Sequence[FixRow]) -> Figure:
    is_open = sum(row.open for row in rows)
    return Figure(
        key="fixes",
        heading="Time to fix",
        summary=f"{many(is_open, 'error')} still open in the files of a practice."
        if is_open
        else "No error is open.",
        columns=(
            Column(name="Code"),
            Column(name="Times mended", unit=Unit.COUNT),
            Column(name="Practices with it open", unit=Unit.COUNT),
            Column(name="Finding"),
            Column(name="Half within, hours", unit=Unit.POINTS),
            Column(name="Open since"),
        ),
        rows=tuple(_fix_row(row) for row in rows),
        chart=Bars(
            series=(Series(column=1, role=Role.GOOD), Series(column=2, role=Role.BAD)),
            stacked=True,
        ),
        note="From the first file of a practice with an error to its next file without it.",
        is_broad=True,
    )


def _records(success: Success) -> tuple[int | Cell, ...]:
    percent = success.percent_of_records
    return (
        success.stored,
        success.records - success.stored,
        Cell(percent, state=state_of_acceptance(percent)),
    )


def _files(success: Success) -> tuple[int | Decimal | None, ...]:
    return success.files, success.percent_of_files


def _software_row(row: SoftwareRow) -> Row:
    stored, rejected, percent = _records(row.success)
    return row_of(
        row.name or _UNNAMED,
        percent,
        stored,
        rejected,
        row.success.files,
        ", ".join(row.versions),
    )


def _finding_row(name: str, kind: FoundKind) -> Row:
    return row_of(
        _code(kind.code),
        name,
        Cell(kind.findings, state=_STATES.get(kind.severity)),
        finding_catalogue()[kind.code].title,
        kind.severity.value,
        kind.files,
        kind.practices,
    )


def _fix_row(row: FixRow) -> Row:
    hours = None
    if row.usual_seconds is not None:
        hours = Decimal(f"{row.usual_seconds / _HOUR_SECONDS:.2f}")
    return row_of(
        _code(row.code),
        row.fixed,
        row.open,
        finding_catalogue()[row.code].title,
        hours,
        None if row.open_since is None else f"{row.open_since:%Y-%m-%d}",
    )


def _code(code: FindingCode) -> Cell:
    return Cell(code.value, link=f"/docs/findings/{code}")


def _in_percent(value: Decimal | None) -> str:
    return shown(value, Unit.PERCENT) + (" %" if value is not None else "")
