"""`nacor verify` and `nacor rebuild`: what is kept, beside what follows from the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import typer

from app.billing.freezing import FROZEN_COUNTS, count_unproved
from app.checking.cores import usable_cores
from app.cli.databases import open_sealed_database
from app.cli.parallel import in_processes
from app.cli.progress import counted, counted_by_many
from app.cli.serving import settings
from app.domain.identifiers import PracticeId
from app.intake.differences import TABLES, Differences
from app.intake.in_clear import files_in_clear, records_in_clear
from app.intake.rebuilding import rebuild_practice
from app.intake.recomputing import Recomputing
from app.intake.verifying import (
    count_cases,
    practices_to_prove,
    verify_practice,
    verify_totals_of,
)
from app.measures.catalogue.catalogue import load_catalogue
from app.opening import create_blob_store
from app.storage.figures.totals import TOTALS_TABLES
from app.storage.recomputing.derived_rows import RECORDS
from app.storage.sealing.data_keys import DataKeys
from app.storage.unit_of_work import OpenWork

_MOST_PROCESSES: Final = 8


def verify(practice: str | None, *, totals_only: bool) -> bool:
    """Print how many rows of each table differ, with a few of their cases, and what is in clear.

    Return whether there is none of either.
    """
    with _database() as (keys, open_work):
        practices = practices_to_prove(_named(practice), open_work)
        prove = _verify_totals if totals_only else _verify_all
        found = prove(practices, open_work)
        found.add_rows({FROZEN_COUNTS: count_unproved(practices, open_work)})
        in_clear = {} if totals_only else _in_clear(practice, practices, keys, open_work)
    for table in (*(TOTALS_TABLES if totals_only else TABLES), FROZEN_COUNTS):
        typer.echo(f"{table}: {_told(found, table)}")
    for what, count in in_clear.items():
        typer.echo(f"{what} in clear: {count}")
    return found.agree and not any(in_clear.values())


def rebuild(practice: str | None) -> bool:
    """Print what was replaced, practice by practice; return whether every record could be read."""
    replaced = Differences()
    with _database() as (_, open_work):
        recomputing = _recomputing()
        for each in practices_to_prove(_named(practice), open_work):
            with counted_by_many(f"practice {each}", count_cases([each], open_work)) as watch:
                of_practice = rebuild_practice(
                    each, recomputing=recomputing, open_work=open_work, watch=watch
                )
            _print_replaced(each, of_practice)
            replaced.add(of_practice)
    if replaced.agree:
        typer.echo("Everything was in step already.")
    return replaced.lost_records == 0


def _verify_all(practices: list[PracticeId], open_work: OpenWork) -> Differences:
    recomputing, found = _recomputing(), Differences()
    with counted_by_many("cases", count_cases(practices, open_work)) as watch:
        for practice in practices:
            found.add(
                verify_practice(practice, recomputing=recomputing, open_work=open_work, watch=watch)
            )
    return found


def _verify_totals(practices: list[PracticeId], open_work: OpenWork) -> Differences:
    found = Differences()
    with counted("practices", len(practices)) as watch:
        for practice in practices:
            found.add(verify_totals_of(practice, open_work=open_work))
            watch()
    return found


def _in_clear(
    named: str | None, practices: list[PracticeId], keys: DataKeys, open_work: OpenWork
) -> dict[str, int]:
    """Files as received belong to no one practice: they are looked at with all of them."""
    found = {"records": records_in_clear(practices, open_work)}
    if named is None:
        found["files"] = files_in_clear(create_blob_store(settings(), keys))
    return found


def _print_replaced(practice: PracticeId, found: Differences) -> None:
    for table in TABLES:
        if table == RECORDS and found.lost_records:
            typer.echo(f"practice {practice}: {table}: {_told(found, table)}, not mended", err=True)
        elif found.rows[table]:
            typer.echo(f"practice {practice}: {table}: {_told(found, table)}, now replaced")


def _told(found: Differences, table: str) -> str:
    """The ids are those of cases: random numbers, which say nothing about a patient."""
    rows, cases = found.rows[table], found.cases.get(table, ())
    named = f" (cases {', '.join(map(str, cases))})" if cases else ""
    return f"{rows} {'row differs' if rows == 1 else 'rows differ'}{named}"


def _named(practice: str | None) -> PracticeId | None:
    return None if practice is None else PracticeId(practice)


@contextmanager
def _database() -> Iterator[tuple[DataKeys, OpenWork]]:
    with open_sealed_database() as (keys, open_work):
        keys.check()
        yield keys, open_work


def _recomputing() -> Recomputing:
    processes = min(usable_cores(), _MOST_PROCESSES)
    spread = partial(in_processes, processes=processes) if processes > 1 else None
    return Recomputing(measures=load_catalogue(), spread=spread)
