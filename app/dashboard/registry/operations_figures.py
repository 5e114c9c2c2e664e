"""Figures of operations: what waits, what was done, what failed, which versions come in. Pure."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.dashboard.figures.figure import (
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
)
from app.domain.jobs import Queue
from app.domain.operations import (
    Activity,
    BackfillsStanding,
    FailedSubmission,
    JobsStanding,
    NoticesStanding,
    Standing,
    UnfinishedFiles,
    VersionInUse,
    WorkDone,
)

_THEIR_TURN: Final = "awaiting_confirmation"
_DEAD: Final = "dead"


def operations_tiles(standing: Standing, activity: Activity, *, now: datetime) -> tuple[Tile, ...]:
    waits = oldest_seconds(standing.files, now)
    failed = sum(each.failed for each in activity.done)
    return (
        Tile(
            label="Files without an end",
            value=f"{sum(each.files for each in standing.files):,}",
            note="nothing waits" if waits is None else f"the oldest came {waits:,.0f} s ago",
        ),
        Tile(
            label="Queues watched by workers",
            value=f"{standing.lanes:,}",
            note=f"a worker has {len(Queue)}" if standing.lanes else "no worker lives",
            state=State.GOOD if standing.lanes else State.BAD,
        ),
        Tile(
            label="Failed",
            value=many(failed, "submission"),
            note="through faults of ours, in this span",
            state=State.BAD if failed else State.GOOD,
        ),
    )


def oldest_seconds(files: Sequence[UnfinishedFiles], now: datetime) -> float | None:
    """How long the file waits that has waited longest for the registry; None when none does."""
    waiting = [each.oldest for each in files if each.status != _THEIR_TURN]
    return (now - min(waiting)).total_seconds() if waiting else None


def waiting_figures(standing: Standing) -> tuple[Figure, ...]:
    return (
        _jobs(standing.jobs),
        _files(standing.files),
        _notices(standing.notices),
        _backfills(standing.backfills),
    )


def activity_figures(activity: Activity, *, by_the_hour: bool) -> tuple[Figure, ...]:
    return (
        _done(activity.done, by_the_hour=by_the_hour),
        _failed(activity.failed),
        _versions(activity.versions),
    )


def _jobs(jobs: Sequence[JobsStanding]) -> Figure:
    """Every queue, also one that is empty."""
    found = {(job.queue, job.state): job.jobs for job in jobs}
    waiting = sum(job.jobs for job in jobs if job.state == "todo")
    return Figure(
        key="jobs",
        heading="Jobs by queue",
        summary=f"{many(waiting, 'job')} waiting." if waiting else "No job waits.",
        columns=(
            Column(name="Queue"),
            Column(name="Waiting", unit=Unit.COUNT),
            Column(name="Under way", unit=Unit.COUNT),
            Column(name="Failed", unit=Unit.COUNT),
        ),
        rows=tuple(
            row_of(
                queue.value.replace("_", " "),
                *(found.get((queue.value, state), 0) for state in ("todo", "doing", "failed")),
            )
            for queue in Queue
        ),
        note="What is done is removed, what failed after a week.",
    )


def _files(files: Sequence[UnfinishedFiles]) -> Figure:
    return Figure(
        key="files",
        heading="Case files without an end",
        summary="",
        columns=(
            Column(name="Status"),
            Column(name="Files", unit=Unit.COUNT),
            Column(name="Bytes", unit=Unit.COUNT),
            Column(name="The oldest came (UTC)"),
        ),
        rows=tuple(
            row_of(
                each.status.replace("_", " "),
                each.files,
                each.bytes,
                f"{each.oldest:%Y-%m-%d %H:%M}",
            )
            for each in files
        ),
    )


def _notices(notices: Sequence[NoticesStanding]) -> Figure:
    return Figure(
        key="notices",
        heading="Notices",
        summary="",
        columns=(
            Column(name="Kind"),
            Column(name="State"),
            Column(name="Notices", unit=Unit.COUNT),
        ),
        rows=tuple(
            row_of(
                each.kind,
                Cell(each.state, state=State.BAD if each.state == _DEAD else None),
                each.notices,
            )
            for each in notices
        ),
    )


def _backfills(backfills: Sequence[BackfillsStanding]) -> Figure:
    return Figure(
        key="backfills",
        heading="Backfills",
        summary="Those that have not ended." if backfills else "",
        columns=(
            Column(name="Status"),
            Column(name="Backfills", unit=Unit.COUNT),
            Column(name="Cases left", unit=Unit.COUNT),
        ),
        rows=tuple(row_of(each.status, each.backfills, each.cases_left) for each in backfills),
    )


def _done(done: Sequence[WorkDone], *, by_the_hour: bool) -> Figure:
    submissions = sum(each.submissions for each in done)
    records = sum(each.records for each in done)
    return Figure(
        key="done",
        heading="What was done",
        summary=f"{many(submissions, 'submission')} with {many(records, 'record')} ended."
        if done
        else "",
        columns=(
            Column(name="From (UTC)"),
            Column(name="Submissions", unit=Unit.COUNT),
            Column(name="Failed", unit=Unit.COUNT),
            Column(name="Records", unit=Unit.COUNT),
            Column(name="Bytes", unit=Unit.COUNT),
            Column(name="Half within, s", unit=Unit.POINTS),
            Column(name="95 % within, s", unit=Unit.POINTS),
        ),
        rows=tuple(_span(each, by_the_hour=by_the_hour) for each in done),
        chart=Trend(series=(Series(column=1), Series(column=2, role=Role.BAD))),
        note="By the time of the end. Seconds are from receipt to end. Spans without files are left"
        " out.",
        is_broad=True,
    )


def _span(each: WorkDone, *, by_the_hour: bool) -> Row:
    begins = f"{each.begins:%m-%d %H:%M}" if by_the_hour else f"{each.begins:%Y-%m-%d}"
    seconds = (Decimal(f"{each.usual_seconds:.2f}"), Decimal(f"{each.slow_seconds:.2f}"))
    return row_of(begins, each.submissions, each.failed, each.records, each.bytes, *seconds)


def _failed(failed: Sequence[FailedSubmission]) -> Figure:
    return Figure(
        key="failed",
        heading="What failed",
        summary="The newest first." if failed else "",
        columns=(
            Column(name="Received (UTC)"),
            Column(name="Practice"),
            Column(name="Attempts", unit=Unit.COUNT),
            Column(name="Where it broke"),
        ),
        rows=tuple(
            row_of(
                Cell(f"{each.received_at:%Y-%m-%d %H:%M}", link=f"/submissions/{each.id}"),
                each.practice_id,
                each.attempts,
                each.cause,
            )
            for each in failed
        ),
        is_broad=True,
    )


def _versions(versions: Sequence[VersionInUse]) -> Figure:
    return Figure(
        key="versions",
        heading="Schema versions in use",
        summary="",
        columns=(
            Column(name="Version"),
            Column(name="Records", unit=Unit.COUNT),
            Column(name="Submissions", unit=Unit.COUNT),
            Column(name="Practices", unit=Unit.COUNT),
        ),
        rows=tuple(_version(each) for each in versions),
    )


def _version(each: VersionInUse) -> Row:
    known = each.schema_version
    name = Cell("not readable") if known is None else Cell(known, link=f"/docs/schemas/{known}")
    return row_of(name, each.records, each.submissions, each.practices)
