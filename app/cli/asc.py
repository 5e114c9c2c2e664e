"""`nacor asc`: results of surgical centers, and the file for CMS."""

import sys

import typer

from app.access.dependencies import require_registered
from app.access.exporting import ExportedList, record_export
from app.access.operators import operator
from app.cli.databases import open_database
from app.cli.outcome import ERRORS_FOUND, UNREADABLE
from app.cli.serving import migrate_database
from app.domain.days import today
from app.domain.errors.measures import AscFileRefused
from app.domain.identifiers import PracticeId, parse_practice_id
from app.measures.asc.service import asc_file, asc_results, manual_of


def print_results(practice: str, year: int, *, facility: str | None, quarter: int | None) -> None:
    chosen = _parsed(practice)
    migrate_database()
    with open_database() as open_work:
        require_registered(open_work, chosen)
        found = asc_results(
            chosen, year, facility=facility, quarter=quarter, sandbox=False, open_work=open_work
        )
    typer.echo(found.model_dump_json(indent=2))


def write_file(practice: str, year: int) -> int:
    """Return the exit code."""
    chosen = _parsed(practice)
    migrate_database()
    try:
        with open_database() as open_work:
            require_registered(open_work, chosen)
            made = asc_file(chosen, year, day=today(), open_work=open_work)
            record_export(
                ExportedList.SURGICAL_CENTERS, chosen, operator(), year=year, open_work=open_work
            )
    except AscFileRefused as refused:
        for finding in refused.findings:
            place = " ".join(str(finding[key]) for key in ("facility_id", "column") if finding[key])
            typer.echo(f"{place}: {finding['message']} {finding['mend']}", err=True)
        typer.echo(f"nacor: {refused.title}. {refused}", err=True)
        return ERRORS_FOUND
    sys.stdout.buffer.write(made.content)
    typer.echo(f"{made.name} ({_payment_year(year)})", err=True)
    return 0


def _payment_year(year: int) -> str:
    paid = manual_of(year).payment_year
    return f"payment year {paid.year} is assumed: {paid.assumed[0].lower()}{paid.assumed[1:]}"


def _parsed(text: str) -> PracticeId:
    try:
        return parse_practice_id(text)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
