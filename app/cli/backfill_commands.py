"""The commands of `nacor backfill`."""

from typing import Annotated

import typer

backfill_app = typer.Typer(help="Stored cases decided anew by changed rules.", no_args_is_help=True)

Practice = Annotated[
    str | None, typer.Option(help="Only this one, by its AQI id.", show_default="all")
]
Year = Annotated[int | None, typer.Option(help="Only this performance year.", show_default="all")]


@backfill_app.command("start")
def start(
    practice: Practice = None,
    year: Year = None,
    wait: Annotated[bool, typer.Option(help="Until workers have ended all of it.")] = False,
) -> None:
    """Line up whatever stands under other rules than those of this release, older or newer.

    Workers do so by themselves after a release; this is for going back to an older one.
    """
    from app.cli.backfilling import start as line_up

    line_up(practice, year, wait=wait)


@backfill_app.command("status")
def status(practice: Practice = None, year: Year = None) -> None:
    """Print how far backfills are, the newest first, as JSON."""
    from app.cli.backfilling import print_status

    print_status(practice, year)
