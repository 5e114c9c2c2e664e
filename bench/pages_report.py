"""The figures of pages as tables: on a terminal, and as Markdown for the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from bench.pages_asking import MOST_STATEMENTS, TARGET_MS, AskedPage, NotAsked
from bench.pages_assets import ASSETS_LIMIT_BYTES
from bench.pages_reports import Made
from bench.pairs import percentile
from bench.report import Grid, markdown_table, print_grid

_INTRODUCTION: Final = """\
# Performance of pages

Written by the benchmark. The command that made this page:

    {command}

Every page of the people who sign in is asked for, as its routes are declared, over the database
that [the figures with many cases](performance-with-many-cases.md) are of: it is about the practice
with most cases, or about all {practices} of them. Practices have orders, invoices, registrations;
the largest has consents and feedback reports too. What the largest has not is told at the end. The
day is {day}, so that the year {year} is over. Pages are asked for one after the other, in no order,
{rounds} times each after one that is not counted; the most CPU time that a page took decides about
the target.

- **CPU** is what the service computed from the request to the last letter of the answer, and what
  the database's processes computed for it, as the kernel counted it: what the clock of a machine
  shows that does nothing else, with the pages of the database in memory. **In the database** is the
  share of the latter.
- **by the clock** is the same by the clock of this machine: with a load average (below) above the
  number of its cores, others were at work.
- **statements** are all that the database was asked, besides what tells who is signed in and what
  binds a transaction to them, which is the same for every page.
- **own assets** are the style sheets and scripts that the page loads, without the chart library, in
  bytes before compression; browsers keep them.
- **... as CSV** is the figure of the page whose file took longest.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesMeasured:
    """`facts` are pairs of a name and a value. `own_assets` in bytes, by the address of a page."""

    command: str
    practices: int
    day: str
    year: int
    rounds: int
    facts: Sequence[tuple[str, str]]
    asked: Sequence[AskedPage]
    not_asked: Sequence[NotAsked]
    own_assets: Mapping[str, int]
    reports: Sequence[Made]


def grids(measured: PagesMeasured) -> list[Grid]:
    return [
        _page_grid(measured),
        _report_grid(measured.reports),
        _not_asked_grid(measured.not_asked),
    ]


def print_report(measured: PagesMeasured, console: Console) -> None:
    for name, value in measured.facts:
        console.print(f"{name}: {value}", highlight=False)
    for grid in grids(measured):
        print_grid(grid, console)


def markdown(measured: PagesMeasured) -> str:
    introduction = _INTRODUCTION.format(
        command=measured.command,
        practices=measured.practices,
        day=measured.day,
        year=measured.year,
        rounds=measured.rounds,
    )
    facts = Grid(title="What it was measured on", heads=("", ""), rows=measured.facts)
    return "\n".join([introduction, *map(markdown_table, (*grids(measured), facts))])


def _page_grid(measured: PagesMeasured) -> Grid:
    return Grid(
        title=f"Pages: milliseconds, the target is {TARGET_MS:.0f}; at most {MOST_STATEMENTS}"
        f" statements and {ASSETS_LIMIT_BYTES // 1000} kB of own assets",
        heads=(
            "page",
            "asked for by",
            "CPU: p50",
            "most",
            "in the database: p50",
            "by the clock: p50",
            "most",
            "statements",
            "kB",
            "own assets, kB",
            "met",
        ),
        rows=[_page_row(page, measured.own_assets[page.address]) for page in measured.asked],
    )


def _page_row(page: AskedPage, own_assets: int) -> Sequence[str]:
    met = page.meets_target and own_assets < ASSETS_LIMIT_BYTES
    return (
        page.what,
        page.who,
        *_p50_and_most(page.cpu),
        f"{percentile(page.database, 50):.1f}",
        *_p50_and_most(page.wall),
        str(page.statements),
        _kilobytes(page.bytes),
        _kilobytes(own_assets) if own_assets else "",
        "yes" if met else "no",
    )


def _report_grid(reports: Sequence[Made]) -> Grid:
    return Grid(
        title="The feedback report of the largest TIN, made as by a worker",
        heads=("", "milliseconds by the clock", "kB"),
        rows=[
            (
                made.what,
                f"{made.milliseconds:.0f}",
                "" if made.bytes is None else _kilobytes(made.bytes),
            )
            for made in reports
        ],
    )


def _not_asked_grid(pages: Sequence[NotAsked]) -> Grid:
    return Grid(
        title="Pages that were not measured",
        heads=("page", "why"),
        rows=[(page.route, page.why) for page in pages],
    )


def _p50_and_most(milliseconds: Sequence[float]) -> tuple[str, str]:
    return f"{percentile(milliseconds, 50):.1f}", f"{max(milliseconds):.1f}"


def _kilobytes(number: int) -> str:
    return f"{number / 1000:.1f}"
