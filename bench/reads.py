"""Measures reading, and taking in, with many cases stored: python -m bench.reads [--help]."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from rich.console import Console
from sqlalchemy import Engine

from app.synthetic.generate import GenerationPlan, generate_case_file
from bench import ours
from bench.database import BenchDatabase, bench_database, kept_database
from bench.files import CaseFile
from bench.fixed import OUT, PRACTICE, ROOT, SEED, VERSION
from bench.machine import machine_facts
from bench.reads_asking import Answered, ask_all, plan_of
from bench.reads_filling import PRACTICES, Filled, fill, filled_before
from bench.reads_questions import YEARS
from bench.reads_report import ReadsMeasured, markdown, print_report
from bench.reads_taking import take_in_turn

MANY_CASES: Final = OUT / "data-many-cases"
_NEARLY_EMPTY: Final = OUT / "data-nearly-empty"
_PAGE: Final = ROOT / "docs" / "reference" / "performance-with-many-cases.md"
_SAMPLE_OF_A_YEAR: Final = 3_000
_SAMPLE: Final = _SAMPLE_OF_A_YEAR * len(YEARS)
_YEARS_TAKEN_IN: Final = (2019, 2020, 2021, 2022, 2025)
_RECORDS_TAKEN_IN: Final = 2_000

Say = Callable[[str], None]


def main() -> int:
    wanted = _options().parse_args()
    progress = Console(stderr=True)
    say: Say = lambda text: progress.print(f"... {text}")  # noqa: E731
    say("a sample that goes through the intake")
    sample = [_case_file(year, _SAMPLE_OF_A_YEAR) for year in YEARS]
    with (
        _many_cases(sample, wanted, say) as (database, filled),
        bench_database(_NEARLY_EMPTY) as nearly_empty,
    ):
        _take_in(sample, nearly_empty)
        measured = _measure(database, filled, nearly_empty, say)
        print_report(measured, Console())
        if wanted.plans:
            _print_plans(database.engine, measured.answered)
    if wanted.write_docs:
        _PAGE.write_text(markdown(measured), "utf-8")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.reads", description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000_000, help="stored (5000000)")
    parser.add_argument(
        "--practices", type=int, default=PRACTICES, help=f"that they are of ({PRACTICES})"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the database, for other questions"
    )
    parser.add_argument(
        "--kept",
        action="store_true",
        help="ask the database that an earlier run has kept; what it took in is known to it then",
    )
    parser.add_argument("--plans", action="store_true", help="print the plans that miss the target")
    parser.add_argument("--write-docs", action="store_true", help=f"write {_PAGE.name}")
    return parser


@contextmanager
def _many_cases(
    sample: Sequence[CaseFile], wanted: argparse.Namespace, say: Say
) -> Iterator[tuple[BenchDatabase, Filled]]:
    if wanted.kept:
        with kept_database(MANY_CASES) as database:
            yield database, filled_before(database)
        return
    with bench_database(MANY_CASES, stays=wanted.keep) as database:
        _take_in(sample, database)
        yield database, fill(database, wanted.cases - _SAMPLE, wanted.practices, say)


def _take_in(sample: Sequence[CaseFile], database: BenchDatabase) -> None:
    for file in sample:
        ours.ingest(str(file.path), file.records, data_dir=database.data_dir)


def _measure(
    database: BenchDatabase, filled: Filled, nearly_empty: BenchDatabase, say: Say
) -> ReadsMeasured:
    load_before = os.getloadavg()[0]
    say("questions")
    answered = ask_all(database.engine, filled.practices)
    say("taking in, with few cases stored and with many")
    files = [_case_file(year, _RECORDS_TAKEN_IN) for year in _YEARS_TAKEN_IN]
    return ReadsMeasured(
        command=" ".join(["python -m bench.reads", *sys.argv[1:]]),
        sample=_SAMPLE,
        practices=len(filled.practices),
        answered=answered,
        taken=take_in_turn(nearly_empty, database, files),
        few=_SAMPLE,
        many=filled.cases,
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


def _case_file(year: int, records: int) -> CaseFile:
    """The file of a year, generated anew: it belongs to no other benchmark."""
    plan = GenerationPlan(
        cases=records, version=VERSION, practice_id=PRACTICE, year=year, seed=SEED
    )
    OUT.mkdir(exist_ok=True)
    path = OUT / f"of-{year}-{records}.xml"
    with path.open("wb") as file:
        file.writelines(generate_case_file(plan))
    return CaseFile(path=path, records=records)


def _print_plans(engine: Engine, answered: Sequence[Answered]) -> None:
    for one in answered:
        if not one.meets_target:
            for bounds, statement, values in one.largest.slowest:
                plan = plan_of(engine, bounds, statement, values)
                print(f"\n{one.what}: {statement}\n{values}\n{plan}")


if __name__ == "__main__":
    sys.exit(main())
