"""The figures of a load, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.load.plan import SIZES
from bench.load.vendors import Answered
from bench.pairs import percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`seconds` until the last file had its end state."""

    seconds: float
    answered: Sequence[Answered]
    sent_away: int
    records: int
    peak_mib: Mapping[str, float]


def print_figures(figures: Figures, console: Console) -> None:
    sent = figures.answered
    size = sum(len(each.sending.case_file) for each in sent)
    console.print(
        f"{len(sent):,} files, {figures.records:,} records, {size / 1e6:,.0f} MB in"
        f" {figures.seconds:.0f} s: {figures.records / figures.seconds:,.0f} records/s,"
        f" {size / 1e6 / figures.seconds:.1f} MB/s; {figures.sent_away} times told to come later"
    )
    console.print(_latencies(sent))
    for name, mib in figures.peak_mib.items():
        console.print(f"peak memory of the {name}: {mib:.0f} MiB")


def _latencies(sent: Sequence[Answered]) -> Table:
    table = Table(title="Seconds to the receipt", title_justify="left")
    table.add_column("File")
    for head in ("sent", "done at once", "queued", "replayed", "p50", "p95", "p99", "most"):
        table.add_column(head, justify="right")
    for size in SIZES:
        of_size = [each for each in sent if each.sending.size == size.name]
        if of_size:
            table.add_row(size.name, *_row(of_size))
    return table


def _row(sent: Sequence[Answered]) -> list[str]:
    seconds = [each.seconds for each in sent]
    shares = [f"{percentile(seconds, share):.3f}" for share in (50, 95, 99, 100)]
    statuses = [sum(each.status == status for each in sent) for status in (201, 202)]
    replayed = sum(each.replayed for each in sent)
    return [str(len(sent)), *map(str, statuses), str(replayed), *shares]
