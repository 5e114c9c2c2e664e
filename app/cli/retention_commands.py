"""`nacor retention`, `nacor hold` and `nacor purge`."""

from typing import Annotated
from uuid import UUID

import typer

retention_app = typer.Typer(help="How long the data of practices is kept.", no_args_is_help=True)
hold_app = typer.Typer(help="Legal holds: nothing of a practice is purged.", no_args_is_help=True)

Practice = Annotated[str, typer.Argument(help="The practice, by its AQI id.")]
Why = Annotated[str, typer.Option(help="Why; kept for ever.")]


@retention_app.command("show")
def show_retention(practice: Practice) -> None:
    """Print how long the cases of a practice are kept and what was purged, as JSON."""
    from app.cli.retention import print_retention

    print_retention(practice)


@retention_app.command("set")
def set_retention(
    practice: Practice,
    years: Annotated[int, typer.Option(help="After the end of a performance year.")],
    reason: Why,
    purges_by_itself: Annotated[
        bool, typer.Option(help="Purge what is over, night by night, without anybody's word.")
    ] = False,
) -> None:
    """Keep the cases of a practice for longer than every practice has, or let purges begin."""
    from app.cli.retention import set_policy

    set_policy(practice, years=years, purges_by_itself=purges_by_itself, reason=reason)


@hold_app.command("place")
def place_hold(practice: Practice, reason: Why) -> None:
    """Let nothing of a practice be purged until the hold is lifted."""
    from app.cli.retention import place

    place(practice, reason=reason)


@hold_app.command("lift")
def lift_hold(practice: Practice, hold_id: UUID, reason: Why) -> None:
    """Lift a hold."""
    from app.cli.retention import lift

    lift(practice, hold_id, reason=reason)


@hold_app.command("list")
def list_holds(practice: Practice) -> None:
    """Print the holds of a practice, each as a line of JSON, the newest first."""
    from app.cli.retention import print_holds

    print_holds(practice)


def purge(
    practice: Annotated[str, typer.Option(help="The practice, by its AQI id.")],
    older_than: Annotated[
        str | None,
        typer.Option(help="Dates of service before this day; else what the policy says is over."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept for ever.")] = "The time is over.",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be purged, and purge nothing.")
    ] = False,
    confirm: Annotated[
        int | None, typer.Option(min=0, help="The number of cases, as counted before: unasked.")
    ] = None,
    early: Annotated[
        bool, typer.Option("--early", help="Purge also what the policy still keeps.")
    ] = False,
) -> None:
    """Remove old cases of a practice for good, with their versions, records and files.

    One that was killed goes on when it is asked for again. Exit 1: nothing, or not all, was purged.
    """
    from app.cli.retention import Asked, purge_practice

    asked = Asked(older_than=older_than, reason=reason, confirmed=confirm, early=early)
    raise typer.Exit(purge_practice(practice, asked, dry_run=dry_run))
