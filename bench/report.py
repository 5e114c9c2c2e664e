"""The figures as tables: on a terminal, and as Markdown for the reference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.measured import Comparison, LatencyRatio, Measured, Peak
from bench.pairs import Spread

_INTRODUCTION: Final = """\
# Performance

Written by the benchmark. The command that made this page:

    {command}

How to read it: quote the ratios, not the seconds. A ratio is one of our runs over the yardstick's
run right before it, on the same file, and stands as least / median / most of all pairs; the median
decides about a target. Seconds, and records a second, belong to this machine and day.

- **validate** is the whole process `nacor validate FILE`, beside the whole process
  `xmllint --noout --stream --schema` with the same schema.
- **ingest** is one worker: a whole process that receives the file, hashes, compresses and flushes
  it to the blob store, then reads, checks and decodes it record by record; cases, measures, totals
  and receipt are committed in one transaction, with `fsync` on. Beside it stands `xmllint` again,
  which checks the file and stores nothing; then `xmllint` and after it `psql`, which loads all the
  rows that were stored, ready as they are, with `\\copy` in one transaction. On two cores: the
  client, `xmllint` too, is held on one, the database on the other. Unpinned: the kernel decides.
- **loading of rows** is what the service does with cases that are prepared in memory: it looks for
  earlier ones, seals the records, and loads rows up to the commit; the totals stand apart, among
  the parts. Beside it `psql` loads the same finished rows with `\\copy`, in one
  transaction: it looks for nothing, and seals nothing.
- **check** is the report about a case file of nearly 4 MiB in our own process, counted in CPU
  seconds: with faults in every record, beside the same file without. **POST of 4 MiB to be
  validated** is that file over HTTP to its report, beside `xmllint`. The processes of the service
  that check it have been started by requests before. Where the time goes is told in
  [ADR 12](../adr/0012-large-files-are-spread-over-processes.md).
- **measures of a case** are all that are active in its year, decided one case after the other in
  CPU seconds of one process; what is wanted is 60 µs a case (among the parts), and 0.15 of what the
  same process takes for the record: reading, checking, deciding, making and compressing its rows.
  The database is not counted.
- **two workers** are `nacor worker` twice, with a file of another practice for each, from the
  moment that both files wait to the end of both; beside it one worker takes in the same files one
  after the other. At 0.59 of the time two have 1.7 times the throughput of one. As it is
  configured, a worker alone keeps every core busy with its checking processes; each a process: it
  has none. The database shares the cores with all of them.
- **POST of one record** is one record over HTTP to its receipt, on a connection that stays open, in
  turn with a **bare transaction** that inserts the same rows (the totals left out): one INSERT for
  each table, pipelined, one commit. In quiet, and while a worker takes in a large file of another
  practice, with every core that it can get.
- **Peak memory** is the largest resident size of the process, as the kernel counted it; the file
  comes through a pipe. Server and worker are `nacor serve` and `nacor worker`, and the file goes
  through both; in the sum of a worker's processes, what they share counts once for each.

Which targets are missed and why is told in [where the time goes](where-the-time-goes.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: cells of the first column are words, the others figures."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def grids(measured: Measured) -> list[Grid]:
    """What was measured; not every part has to be."""
    every = [
        _ratio_grid(measured.comparisons),
        _seconds_grid(measured.comparisons),
        _part_grid(measured.comparisons),
        _peak_grid(measured.peaks),
        _latency_grid(measured.latencies),
        _latency_ratio_grid(measured.latencies),
    ]
    return [grid for grid in every if grid.rows]


def print_facts(measured: Measured, console: Console) -> None:
    for name, value in measured.facts:
        console.print(f"{name}: {value}", highlight=False)


def print_figures(measured: Measured, console: Console) -> None:
    for grid in grids(measured):
        print_grid(grid, console)


def print_grid(grid: Grid, console: Console) -> None:
    table = Table(title=grid.title, title_justify="left")
    for number, head in enumerate(grid.heads):
        table.add_column(head, justify="right" if number else "left")
    for row in grid.rows:
        table.add_row(*row)
    console.print(table)


def markdown(measured: Measured) -> str:
    facts = Grid(title="What it was measured on", heads=("", ""), rows=measured.facts)
    parts = [_INTRODUCTION.format(command=measured.command)]
    parts += [markdown_table(grid) for grid in (*grids(measured), facts)]
    return "\n".join(parts)


def _ratio_grid(comparisons: Iterable[Comparison]) -> Grid:
    return Grid(
        title="Ratios",
        heads=("ours", "beside", "ratio", "target", "met"),
        rows=[
            (
                one.what,
                one.against,
                _spread(one.ratio),
                *_judged(one.target, one.meets_target),
            )
            for one in comparisons
        ],
    )


def _seconds_grid(comparisons: Iterable[Comparison]) -> Grid:
    return Grid(
        title="Seconds",
        heads=("ours", "seconds", "of the yardstick", "records/s"),
        rows=[
            (
                one.what,
                _spread(one.seconds),
                _spread(one.yardstick_seconds),
                f"{one.records_per_second:,.0f}",
            )
            for one in comparisons
        ],
    )


def _part_grid(comparisons: Iterable[Comparison]) -> Grid:
    """Parts need not add up: some are done by two threads, some were measured apart."""
    return Grid(
        title="Parts, as our process took them (median)",
        heads=("of", "part", "seconds", "µs a record"),
        rows=[
            (one.what, part, f"{seconds:.2f}", f"{one.microseconds_a_record(part):.0f}")
            for one in comparisons
            for part, seconds in one.parts.items()
        ],
    )


def _peak_grid(peaks: Iterable[Peak]) -> Grid:
    return Grid(
        title="Peak memory of the process",
        heads=("of", "records", "MiB", "target", "met"),
        rows=[
            (p.what, f"{p.records:,}", f"{p.mib:.0f}", f"≤ {p.limit:.0f}", _yes(p.meets_target))
            for p in peaks
        ],
    )


def _latency_grid(ratios: Iterable[LatencyRatio]) -> Grid:
    latencies = dict.fromkeys(one for ratio in ratios for one in (ratio.ours, ratio.yardstick))
    return Grid(
        title="Latency of one record",
        heads=("of", "times", "p50 ms", "p99 ms"),
        rows=[
            (
                one.what,
                str(len(one.seconds)),
                f"{one.milliseconds(50):.2f}",
                f"{one.milliseconds(99):.2f}",
            )
            for one in latencies
        ],
    )


def _latency_ratio_grid(ratios: Iterable[LatencyRatio]) -> Grid:
    return Grid(
        title="Latency of one record, ratios",
        heads=("ours", "beside", "at p50", "at p99", "target", "met"),
        rows=[
            (
                one.ours.what,
                one.yardstick.what,
                f"{one.at(50):.2f}",
                f"{one.at(99):.2f}",
                *_judged(one.target, one.meets_target),
            )
            for one in ratios
        ],
    )


def markdown_table(grid: Grid) -> str:
    rule = ["---"] + ["---:"] * (len(grid.heads) - 1)
    lines = [f"| {' | '.join(cells)} |" for cells in (grid.heads, rule, *grid.rows)]
    return "\n".join([f"## {grid.title}", "", *lines, ""])


def _spread(values: Spread) -> str:
    return f"{values.least:.2f} / {values.median:.2f} / {values.most:.2f}"


def _judged(target: float | None, is_met: bool) -> tuple[str, str]:
    return ("", "") if target is None else (f"≤ {target}", _yes(is_met))


def _yes(is_met: bool) -> str:
    return "yes" if is_met else "no"
