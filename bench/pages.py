"""Measures the pages of people who sign in, with many cases stored: python -m bench.pages [--help].

Over the database that `python -m bench.reads --keep` has left.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from rich.console import Console

from app.domain.roster import PracticeTin
from bench.database import BenchDatabase, kept_database
from bench.fixed import ROOT
from bench.machine import machine_facts
from bench.pages_asking import ROUNDS, AskedPage, Asking
from bench.pages_assets import own_bytes
from bench.pages_filling import fill_pages
from bench.pages_listed import every_page
from bench.pages_people import sign_in
from bench.pages_report import PagesMeasured, markdown, print_report
from bench.pages_reports import make_one
from bench.pages_service import pages_service
from bench.pages_subjects import YEAR, subjects_in
from bench.reads import MANY_CASES
from bench.reads_filling import Filled, filled_before

_PAGE: Final = ROOT / "docs" / "reference" / "performance-of-pages.md"
_AFTER_THE_YEAR: Final = date(YEAR + 1, 1, 31)
"""All files of the year have come."""
_NOT_MEASURED: Final = 2
_WIDE: Final = 200
"""Characters: addresses are long."""

Say = Callable[[str], None]


def main() -> int:
    wanted = _options().parse_args()
    progress = Console(stderr=True)
    if not wanted.data_dir.exists():
        print(f"{wanted.data_dir} has no database: python -m bench.reads --keep", file=sys.stderr)
        return _NOT_MEASURED
    say: Say = lambda text: progress.print(f"... {text}")  # noqa: E731
    with kept_database(wanted.data_dir) as database:
        measured = _measure(database, filled_before(database), say)
        print_report(measured, Console(width=_WIDE))
    if wanted.statements:
        _print_statements(measured.asked)
    if wanted.write_docs:
        _PAGE.write_text(markdown(measured), "utf-8")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=MANY_CASES,
        metavar="PATH",
        help=f"of the database ({MANY_CASES.relative_to(ROOT)})",
    )
    parser.add_argument(
        "--statements", action="store_true", help="print those of pages that miss the target"
    )
    parser.add_argument("--write-docs", action="store_true", help=f"write {_PAGE.name}")
    return parser


def _measure(database: BenchDatabase, filled: Filled, say: Say) -> PagesMeasured:
    load_before = os.getloadavg()[0]
    with pages_service(database) as service:
        vendor = fill_pages(service, database, filled.practices, say)
        service.on(_AFTER_THE_YEAR)
        largest = filled.practices[0]
        with service.open_work() as work:
            subjects = subjects_in(database, largest, work, organization_id=vendor)
            tin = work.roster.all(PracticeTin, largest)[0].tin
        asking = Asking(people=sign_in(service, subjects, vendor), statements=service.statements)
        say("which page is shown to whom")
        asked, not_asked = asking.find(every_page(subjects))
        say(f"{len(asked)} pages")
        asking.measure(asked)
        say("a feedback report")
        reports = make_one(service, subjects, tin)
        own_assets = {page.address: own_bytes(service.client, page.assets) for page in asked}
    return PagesMeasured(
        command="python -m bench.pages --write-docs",
        practices=len(filled.practices),
        day=f"{_AFTER_THE_YEAR}",
        year=YEAR,
        rounds=ROUNDS,
        asked=asked,
        not_asked=not_asked,
        own_assets=own_assets,
        reports=reports,
        facts=[
            ("day", f"{datetime.now(UTC).date()}"),
            ("cases stored", f"{filled.cases:,}"),
            ("of the largest practice", f"{filled.largest:,}"),
            ("size of the database", f"{filled.bytes / 1e9:.1f} GB"),
            ("load average before", f"{load_before:.1f} on {os.cpu_count()} cores"),
            ("load average after", f"{os.getloadavg()[0]:.1f}"),
            *machine_facts(database),
        ],
    )


def _print_statements(asked: Sequence[AskedPage]) -> None:
    for page in asked:
        if not page.meets_target:
            print(f"\n{page.what}, by {page.who}: {page.address}")
            for statement, milliseconds in page.slowest:
                print(f"{milliseconds:8.1f} ms  {' '.join(statement.split())}")


if __name__ == "__main__":
    sys.exit(main())
