"""Figures of what a practice has sent: what became of it, and what was found in it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
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
    Trend,
    Unit,
    many,
    row_of,
)
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import Severity
from app.domain.sending import FoundKind, Sent, SentInMonth
from app.domain.submissions import Submission, SubmissionStatus

LAST_MONTHS: Final = 12
GOOD_ACCEPTANCE: Final = Decimal(98)
FAIR_ACCEPTANCE: Final = Decimal(90)
"""Percent, our own reading: no source names a rate that is good enough."""
_MOST_KINDS: Final = 12
_STATES: Final = {Severity.ERROR: State.BAD, Severity.WARNING: State.WATCH}
_OUTCOMES: Final = {
    SubmissionStatus.ACCEPTED: State.GOOD,
    SubmissionStatus.PARTIALLY_ACCEPTED: State.WATCH,
    SubmissionStatus.REJECTED: State.BAD,
    SubmissionStatus.FAILED: State.BAD,
}


def first_month(now: datetime) -> datetime:
    """The first moment of the twelve months that end with that of `now`."""
    begin = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = begin.year * 12 + begin.month - LAST_MONTHS
    return begin.replace(year=months // 12, month=months % 12 + 1)


def _all_months(sent: Sent, now: datetime) -> list[SentInMonth]:
    known = {month.month: month for month in sent.months}
    first = first_month(now)
    count = first.year * 12 + first.month - 1
    names = [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(count, count + LAST_MONTHS)]
    return [
        known.get(name) or SentInMonth(month=name, files=0, stored=0, held=0, rejected=0)
        for name in names
    ]


def acceptance_rate(months: Iterable[SentInMonth]) -> Decimal | None:
    """Percent of the records that were stored or held; None: none was sent."""
    counted = list(months)
    records = sum(month.records for month in counted)
    if not records:
        return None
    return Decimal(100 * (records - sum(month.rejected for month in counted))) / records


def state_of_acceptance(rate: Decimal | None) -> State | None:
    if rate is None:
        return None
    if rate >= GOOD_ACCEPTANCE:
        return State.GOOD
    return State.WATCH if rate >= FAIR_ACCEPTANCE else State.BAD


def records_by_month(sent: Sent, now: datetime) -> Figure:
    """Of the twelve months that end with that of `now`, those without files too."""
    rate = acceptance_rate(sent.months)
    records = sum(month.records for month in sent.months)
    files = sum(month.files for month in sent.months)
    return Figure(
        key="records-by-month",
        heading="Acceptance of records",
        summary=f"{rate:.2f} % of {many(records, 'record')} in {many(files, 'file')} were accepted"
        " in the last twelve months."
        if rate is not None
        else "Nothing was received in the last twelve months.",
        columns=(
            Column(name="Received in"),
            Column(name="Stored", unit=Unit.COUNT),
            Column(name="Held", unit=Unit.COUNT),
            Column(name="Rejected", unit=Unit.COUNT),
            Column(name="Files", unit=Unit.COUNT),
            Column(name="Acceptance, %", unit=Unit.PERCENT),
        ),
        rows=tuple(_month(month) for month in _all_months(sent, now)),
        chart=Trend(
            series=(
                Series(column=1, role=Role.OWN),
                Series(column=2, role=Role.WATCH),
                Series(column=3, role=Role.BAD),
            ),
            stacked=True,
        ),
        note="By the month in which the file was received, in UTC. Accepted is what was stored,"
        " unchanged or held for a TIN. A record that is sent again counts again.",
    )


def findings_by_kind(kinds: Sequence[FoundKind]) -> Figure:
    """Those that most files should be looked at for first."""
    still_open = sorted(
        (kind for kind in kinds if kind.open), key=lambda kind: (-kind.open, kind.code)
    )
    total = sum(kind.open for kind in still_open)
    shown = still_open[:_MOST_KINDS]
    rest = (
        f", the {len(shown)} most frequent of {len(still_open)} kinds"
        if len(still_open) > len(shown)
        else ""
    )
    return Figure(
        key="open-findings",
        heading="Open findings by kind",
        summary=f"{many(total, 'open finding')} of the last twelve months{rest}."
        if total
        else "No finding of the last twelve months is open.",
        columns=(
            Column(name="Code"),
            Column(name="Open", unit=Unit.COUNT),
            Column(name="Finding"),
            Column(name="Severity"),
            Column(name="Accepted", unit=Unit.COUNT),
            Column(name="Files", unit=Unit.COUNT),
        ),
        rows=tuple(_kind(kind) for kind in shown),
        chart=Bars(series=(Series(column=1),), title=2),
        note="Open is what the practice has not accepted, in files received in the last twelve"
        " months. What was mended by a later file still counts here.",
    )


def last_submissions(found: Iterable[Submission]) -> Figure:
    rows = tuple(_submission(each) for each in found)
    return Figure(
        key="last-submissions",
        heading="Last submissions",
        summary="" if rows else "No file was sent yet.",
        columns=(
            Column(name="Received (UTC)"),
            Column(name="Status"),
            Column(name="File"),
            Column(name="Stored", unit=Unit.COUNT),
            Column(name="Held", unit=Unit.COUNT),
            Column(name="Rejected", unit=Unit.COUNT),
            Column(name="Findings", unit=Unit.COUNT),
        ),
        rows=rows,
        is_broad=True,
    )


def _month(month: SentInMonth) -> Row:
    rate = acceptance_rate([month])
    return row_of(
        month.month,
        month.stored,
        month.held,
        month.rejected,
        month.files,
        Cell(rate, state=state_of_acceptance(rate)),
    )


def _kind(kind: FoundKind) -> Row:
    known = finding_catalogue().get(kind.code)
    return row_of(
        Cell(kind.code.value, link=f"/docs/findings/{kind.code}"),
        Cell(kind.open, state=_STATES.get(kind.severity)),
        "" if known is None else known.title,
        kind.severity.value,
        kind.accepted,
        kind.files,
    )


def _submission(each: Submission) -> Row:
    records = each.records
    has_report = not each.status.is_under_way and each.purged_at is None
    return row_of(
        Cell(
            f"{each.received_at:%Y-%m-%d %H:%M}",
            link=f"/v1/submissions/{each.id}/report?format=html"
            if has_report and each.status is not SubmissionStatus.FAILED
            else None,
        ),
        Cell(each.status.value.replace("_", " "), state=_OUTCOMES.get(each.status)),
        each.file_name or "",
        records.stored - records.held,
        records.held,
        records.rejected,
        each.findings.total,
    )
