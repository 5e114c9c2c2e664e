"""The figures with many cases as tables: on a terminal, and as Markdown for the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from bench.pairs import Spread, percentile, spread
from bench.reads_asking import TARGET_MS, WHOLE_TARGET_MS, Answered
from bench.reads_taking import GROWTH_TARGET, TakenInTurn
from bench.report import Grid, markdown_table, print_grid

_INTRODUCTION: Final = """\
# Performance with many cases

Written by the benchmark. The command that made this page:

    {command}

The cases are copies of {sample:,} synthetic ones that went through the intake, dealt out to
{practices} practices of which the n-th largest has 1/n of the cases of the largest, over 24 months,
with clinicians, TINs and facilities of their own; the totals were counted by the service's own
statements. Every question is asked in no order about the largest practice, both years of it and
several of its clinicians, and once about every tenth of the others. The most CPU time that one
answer about the largest practice took decides about the target.

- **CPU** is what the database's process computed for the answer, as the kernel counted it: what the
  clock of a machine shows that does nothing else, with the pages in memory.
- **answer: ...** is a whole answer of the interface to its last letter; what the service computed
  for it is in its CPU time too.
- **in the database** is planning and execution by the clock, as `EXPLAIN ANALYZE` tells them.
- **in the service** is the whole call, until its rows are objects; the answer is not yet written.
- **taking in** is the whole process that takes a file in, and the database beside it, in CPU
  seconds of both and in seconds by the clock. Each file is taken in twice, right after one
  another: into a database with few cases and into the one with many. A ratio is the second over
  the first, and stands as least / median / most of all files; the median of the CPU seconds decides
  about the target. Seconds by the clock belong to the machine, and to what else it does: with a
  load average (below) above the number of its cores, others were at work.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsMeasured:
    """`facts` are pairs of a name and a value. `few` and `many` cases were stored at taking in."""

    command: str
    sample: int
    practices: int
    facts: Sequence[tuple[str, str]]
    answered: Sequence[Answered]
    taken: TakenInTurn
    few: int
    many: int


def grids(measured: ReadsMeasured) -> list[Grid]:
    return [
        _answer_grid(measured.answered),
        _taken_grid(measured),
        _growth_grid(measured.taken),
    ]


def print_report(measured: ReadsMeasured, console: Console) -> None:
    for name, value in measured.facts:
        console.print(f"{name}: {value}", highlight=False)
    for grid in grids(measured):
        print_grid(grid, console)


def markdown(measured: ReadsMeasured) -> str:
    introduction = _INTRODUCTION.format(
        command=measured.command, sample=measured.sample, practices=measured.practices
    )
    facts = Grid(title="What it was measured on", heads=("", ""), rows=measured.facts)
    return "\n".join([introduction, *map(markdown_table, (*grids(measured), facts))])


def _answer_grid(answered: Sequence[Answered]) -> Grid:
    return Grid(
        title=f"Reading: milliseconds, the target is {TARGET_MS:.0f}, of whole answers"
        f" {WHOLE_TARGET_MS:.0f}",
        heads=(
            "of",
            "largest practice, CPU: p50",
            "most",
            "in the database: p50",
            "most",
            "in the service: p50",
            "most",
            "others, CPU: p50",
            "most",
            "met",
        ),
        rows=[
            (
                one.what,
                *_p50_and_most(one.largest.cpu),
                *_p50_and_most(one.largest.in_database),
                *_p50_and_most(one.largest.in_service),
                *_p50_and_most(one.others.cpu),
                "yes" if one.meets_target else "no",
            )
            for one in answered
        ],
    )


def _taken_grid(measured: ReadsMeasured) -> Grid:
    taken = measured.taken
    by_stored = ((measured.few, taken.few), (measured.many, taken.many))
    return Grid(
        title=f"Taking in files of {taken.records:,} records: milliseconds a record (median)",
        heads=("cases stored", "CPU", "by the clock"),
        rows=[
            (
                f"{stored:,}",
                _milliseconds([one.cpu_seconds for one in files], taken.records),
                _milliseconds([one.seconds for one in files], taken.records),
            )
            for stored, files in by_stored
        ],
    )


def _growth_grid(taken: TakenInTurn) -> Grid:
    met = "yes" if taken.meets_target else "no"
    return Grid(
        title="Taking in with many cases stored, over that with few",
        heads=("of", "ratio", "target", "met"),
        rows=[
            ("CPU", _spread(taken.cpu_growth), f"≤ {GROWTH_TARGET}", met),
            ("by the clock", _spread(taken.growth), "", ""),
        ],
    )


def _milliseconds(seconds: Sequence[float], records: int) -> str:
    return f"{spread(seconds).median / records * 1000:.2f}"


def _p50_and_most(milliseconds: Sequence[float]) -> tuple[str, str]:
    return f"{percentile(milliseconds, 50):.2f}", f"{max(milliseconds):.2f}"


def _spread(values: Spread) -> str:
    return f"{values.least:.2f} / {values.median:.2f} / {values.most:.2f}"
