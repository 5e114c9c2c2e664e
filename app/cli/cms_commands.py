"""The commands of `nacor cms-submission`: what goes to CMS after a year."""

from datetime import datetime
from typing import Annotated

import typer

cms_app = typer.Typer(
    help="Documents for CMS, which somebody uploads by hand.", no_args_is_help=True
)

PracticeId = Annotated[str, typer.Argument(metavar="PRACTICE", help="By its AQI id.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100)]
DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="By its id.")]


@cms_app.command("make")
def make(
    practice: PracticeId,
    year: Year,
    entity_id: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP=ID", help="What CMS calls a subgroup or virtual group of the roster."
        ),
    ] = None,
) -> None:
    """Make a document for each entity of a performance year; print each as a line of JSON."""
    from app.cli.cms import make_documents

    make_documents(practice, year, entity_id or [])


@cms_app.command("list")
def list_submissions(practice: PracticeId, year: Year) -> None:
    """Print what was made of a performance year, each as a line of JSON, the newest first."""
    from app.cli.cms import print_submissions

    print_submissions(practice, year)


@cms_app.command("show")
def show(document: DocumentId) -> None:
    """Print what is in a document, what is not and why, what CMS would refuse, what changed."""
    from app.cli.cms import print_document

    print_document(document)


@cms_app.command("file")
def file(document: DocumentId) -> None:
    """Write a document to stdout as CMS takes it. That it was handed out is written down.

    Exit 1: CMS would refuse it; what is wrong is told.
    """
    from app.cli.cms import write_file

    raise typer.Exit(write_file(document))


@cms_app.command("sent")
def sent(
    document: DocumentId,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the upload.")],
    id_at_cms: Annotated[str, typer.Option(help="The id that CMS gave the submission.")],
) -> None:
    """Write down that somebody uploaded a document, and print it."""
    from app.cli.cms import say_sent

    say_sent(document, on.date(), id_at_cms)
