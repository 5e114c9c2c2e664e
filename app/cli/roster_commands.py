"""The commands of `nacor roster`: provider lists as files, their locks, and virtual groups."""

from typing import Annotated
from uuid import UUID

import typer

roster_app = typer.Typer(
    help="Provider lists, their locks, and virtual groups.", no_args_is_help=True
)

Year = Annotated[int, typer.Argument(min=2000, max=2100, help="The performance year of the list.")]
Why = Annotated[str, typer.Option(help="Why; kept for ever.")]


@roster_app.command("import")
def import_roster(
    path: Annotated[str, typer.Argument(help="A provider list as CSV, or - for stdin.")],
    practice: Annotated[str, typer.Option(help="The practice, by its AQI id.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Take over a provider list, all of it or nothing. Exit 1: the file has errors."""
    from app.cli.roster import import_list

    raise typer.Exit(import_list(path, practice=practice, dry_run=dry_run))


@roster_app.command("export")
def export_roster(
    practice: Annotated[str, typer.Option(help="The practice, by its AQI id.")],
) -> None:
    """Write the provider list of a practice to stdout, as CSV."""
    from app.cli.roster import export_list

    export_list(practice)


@roster_app.command("lock")
def lock_roster(
    performance_year: Year,
    reason: Why,
    opens_on: Annotated[
        str | None, typer.Option(help="The day on which it opens again, as 2025-04-07.")
    ] = None,
) -> None:
    """Lock the provider list of a year, for every practice."""
    from app.cli.roster import lock

    lock(performance_year, opens_on=opens_on, reason=reason)


@roster_app.command("virtual-groups")
def list_virtual_groups(performance_year: Year) -> None:
    """Print the virtual groups that practices have entered for a year, each as a line of JSON."""
    from app.cli.groups import list_all

    list_all(performance_year)


@roster_app.command("confirm-group")
def confirm_group(
    group_id: Annotated[UUID, typer.Argument(help="Its id in `nacor roster virtual-groups`.")],
    practice: Annotated[str, typer.Option(help="Whose entry it is, by its AQI id.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
) -> None:
    """Confirm that a practice is in a virtual group, which counts from then on."""
    from app.cli.groups import confirm

    confirm(group_id, practice=practice, withdraw=withdraw)


@roster_app.command("unlock")
def unlock_roster(performance_year: Year, reason: Why) -> None:
    """Open the provider list of a year again, for every practice."""
    from app.cli.roster import unlock

    unlock(performance_year, reason=reason)
