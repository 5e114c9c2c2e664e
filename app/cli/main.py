"""The commands of `nacor`, each in a module of its own, imported when it runs."""

import sys
import traceback
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from app.checking.settling import collect_seldom
from app.cli.access_commands import audit_app, key_app, organization_app
from app.cli.asc_commands import asc_app
from app.cli.backfill_commands import backfill_app
from app.cli.billing_commands import billing_app
from app.cli.catalogue_format import CatalogueFormat
from app.cli.cms_commands import cms_app
from app.cli.encryption_commands import encryption_app
from app.cli.failures import Commands
from app.cli.feedback_commands import feedback_app
from app.cli.outcome import UNREADABLE
from app.cli.peer_commands import peers_app
from app.cli.reporting_commands import agreement_app, consent_app, registration_app
from app.cli.retention_commands import hold_app, purge, retention_app
from app.cli.roster_commands import roster_app
from app.cli.user_commands import user_app
from app.domain.submissions import OnError
from app.reports.formats import ReportFormat

app = typer.Typer(
    name="nacor",
    cls=Commands,
    help="Open registry for anesthesia cases: case files in, counts and measure results out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
practice_app = typer.Typer(help="Practices and their TINs.", no_args_is_help=True)
database_app = typer.Typer(help="The embedded database.", no_args_is_help=True)
catalogue_app = typer.Typer(help="The catalogue of measures.", no_args_is_help=True)
app.add_typer(practice_app, name="practice")
app.add_typer(roster_app, name="roster")
app.add_typer(registration_app, name="registration")
app.add_typer(consent_app, name="consent")
app.add_typer(agreement_app, name="agreement")
app.add_typer(key_app, name="key")
app.add_typer(user_app, name="user")
app.add_typer(organization_app, name="organization")
app.add_typer(retention_app, name="retention")
app.add_typer(hold_app, name="hold")
app.command()(purge)
app.add_typer(audit_app, name="audit")
app.add_typer(encryption_app, name="encryption")
app.add_typer(database_app, name="database")
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(asc_app, name="asc")
app.add_typer(peers_app, name="peers")
app.add_typer(billing_app, name="billing")
app.add_typer(backfill_app, name="backfill")
app.add_typer(feedback_app, name="feedback")
app.add_typer(cms_app, name="cms-submission")

Paths = Annotated[list[str], typer.Argument(help="Case files, folders of them, or - for stdin.")]


@app.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1,
    worker: Annotated[bool, typer.Option(help="Do background jobs too.")] = True,
) -> None:
    """Bring the database to the newest schema, then serve API and pages."""
    from app.cli.serving import run_server

    run_server(host=host, port=port, workers=workers, with_jobs=worker)


@app.command("worker")
def work() -> None:
    """Do background jobs only; any number of workers on any number of machines."""
    from app.cli.serving import run_worker

    run_worker()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from app.cli.serving import migrate_database

    migrate_database()
    typer.echo("The database is at the newest schema.")


@app.command()
def demo(
    cases: Annotated[int, typer.Option(min=1, help="Cases of each practice in a year.")] = 600,
    port: int = 8000,
    stay: Annotated[
        bool | None,
        typer.Option(help="Go on serving afterwards; the default on a terminal."),
    ] = None,
    invoices: Annotated[
        bool, typer.Option(help="Bring the worked examples of billing: 6,000 cases more.")
    ] = True,
) -> None:
    """Show everything on synthetic cases: practices, submissions, counts, measure results."""
    from app.cli.demo import run_demo

    stays = _on_a_terminal() if stay is None else stay
    run_demo(cases=cases, port=port, stay=stays, invoices=invoices)


@app.command()
def validate(
    paths: Paths,
    format_: Annotated[
        ReportFormat,
        typer.Option("--format", help="xml gives the file back with a comment beside each fault."),
    ] = ReportFormat.TEXT,
    max_findings: Annotated[
        int, typer.Option(min=0, help="How many are listed for a file; all are counted.")
    ] = 1_000,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for warnings too.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Files checked at once; the default: one a core.")
    ] = None,
) -> None:
    """Check case files offline; gzip is read too. Exit 0: no error, 1: errors, 2: not readable."""
    from app.cli.checking import options_from_settings
    from app.cli.validating import validate_paths

    options = options_from_settings(format_=format_, max_findings=max_findings, strict=strict)
    raise typer.Exit(validate_paths(paths, options, jobs=jobs))


@app.command()
def submit(
    paths: Paths,
    practice: Annotated[str, typer.Option(help="The practice, by its AQI id.")],
    url: Annotated[str, typer.Option(envvar="NACOR_URL")] = "http://127.0.0.1:8000",
    on_error: OnError = OnError.RECORD,
    wait: Annotated[bool, typer.Option(help="Wait for the end state of queued files.")] = True,
    replace_period: Annotated[
        str | None,
        typer.Option(
            help="The file is all there is of a month as 2020-03, of 2020-Q1, or of 2020: what is"
            " stored for it and not in the file disappears, once that is confirmed."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Confirm what --replace-period would do, unasked.")
    ] = False,
    above_limit: Annotated[
        bool, typer.Option("--above-limit", help="With --yes, also if a large share disappears.")
    ] = False,
) -> None:
    """Send case files with the key in NACOR_API_KEY and print the receipts."""
    from app.cli.replacing import replacing
    from app.cli.submitting import Sending, submit_paths

    sending = Sending(
        practice=practice,
        on_error=on_error,
        wait=wait,
        replacing=replacing(replace_period, yes=yes, above_limit=above_limit),
    )
    raise typer.Exit(submit_paths(paths, sending, url=url))


@app.command()
def generate(
    cases: Annotated[int, typer.Option(min=1)],
    version: str = "2023V1.0",
    practice: str = "12345",
    year: Annotated[int | None, typer.Option(help="Of the dates of service.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    fault_rate: Annotated[float, typer.Option(min=0, max=1)] = 0.0,
    small: Annotated[bool, typer.Option(help="Without long lists of vital signs.")] = False,
    through: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last date of service.", metavar="DATE"),
    ] = None,
) -> None:
    """Write a synthetic, clinically plausible case file to stdout."""
    from app.synthetic.generate import GenerationPlan, generate_case_file

    try:
        plan = GenerationPlan(
            cases=cases,
            version=version,
            practice_id=practice,
            year=year,
            seed=seed,
            fault_rate=fault_rate,
            detail="small" if small else "full",
            through=None if through is None else through.date(),
        )
    except ValueError as error:
        typer.echo(f"nacor generate: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    for chunk in generate_case_file(plan):
        sys.stdout.buffer.write(chunk)


@app.command()
def export(
    practice: Annotated[str, typer.Argument(help="The practice, by its AQI id.")],
    to: Annotated[Path, typer.Option(help="The ZIP file to write; it must not be there yet.")],
) -> None:
    """Write all that the registry has of a practice into a ZIP file."""
    from app.cli.exporting import export_practice

    export_practice(practice, to)


@practice_app.command("add")
def add_practice(
    practice_id: Annotated[str, typer.Argument(metavar="ID")],
    name: Annotated[str, typer.Option()],
    tin: Annotated[list[str] | None, typer.Option(help="Nine digits; may be repeated.")] = None,
) -> None:
    """Register a practice, or give a known one a new name and further TINs."""
    from app.cli.registering import add_practice as add

    add(practice_id, name=name, tins=tin or [])


Practice = Annotated[
    str | None, typer.Option(help="Only this one, by its AQI id.", show_default="all")
]


@app.command()
def verify(
    practice: Practice = None,
    totals_only: Annotated[
        bool, typer.Option("--totals-only", help="Recount the totals, trust the cases: quick.")
    ] = False,
) -> None:
    """Recompute everything from the records as received and compare it with what is kept.

    Exit 0: it agrees, 1: something differs or is not encrypted, 2: it could not be looked at.
    """
    from app.cli.proving import verify as prove

    raise typer.Exit(0 if prove(practice, totals_only=totals_only) else 1)


@app.command()
def rebuild(practice: Practice = None) -> None:
    """Bring cases, outcomes and totals into step with the records as received.

    For after a release that changed rules. Exit 1: there are records that cannot be read.
    """
    from app.cli.proving import rebuild as bring_into_step

    raise typer.Exit(0 if bring_into_step(practice) else 1)


@database_app.command("stop")
def stop_database() -> None:
    """Stop the embedded database of the data dir, whoever uses it."""
    from app.cli.serving import stop_database as stop

    stop()


@database_app.command("url")
def print_database_url() -> None:
    """Print the address of the database, starting the embedded one if need be."""
    from app.cli.serving import database_url

    typer.echo(database_url())


@catalogue_app.command("diff")
def diff_catalogue(
    since: Annotated[int, typer.Argument(help="The performance year to compare with.")],
    until: Annotated[int, typer.Argument(help="The performance year to look at.")],
    format_: Annotated[CatalogueFormat, typer.Option("--format")] = CatalogueFormat.TEXT,
) -> None:
    """Print what changed in the measures between two performance years."""
    from app.cli.catalogue import print_changes

    raise typer.Exit(print_changes(since, until, format_))


@catalogue_app.command("versions")
def print_catalogue_versions() -> None:
    """Print by which version of the rules new cases of each performance year are decided."""
    from app.cli.catalogue import print_versions

    print_versions()


@catalogue_app.command("import")
def import_catalogue(
    path: Annotated[Path, typer.Argument(help="The folder of qpp-measures-data, unpacked.")],
    year: Annotated[
        list[int] | None,
        typer.Option(
            help="May be repeated, and be one to come; without it every known year there."
        ),
    ] = None,
    format_: Annotated[CatalogueFormat, typer.Option("--format")] = CatalogueFormat.TEXT,
) -> None:
    """Compare the files of CMS with the catalogue. Exit 0: the same, 1: not, 2: unreadable."""
    from app.cli.catalogue import print_differences

    raise typer.Exit(print_differences(path, year or [], format_))


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def main() -> None:
    collect_seldom()
    # A name or a message may hold what the terminal cannot show; that stops no report.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception:  # a bug: its end must not look like "errors found in case files"
        traceback.print_exc()
        sys.exit(UNREADABLE)
