"""The commands of `nacor asc`: results of surgical centers, and the file for CMS."""

from typing import Annotated

import typer

asc_app = typer.Typer(help="Measures of ambulatory surgical centers.", no_args_is_help=True)

Practice = Annotated[str, typer.Option(help="The practice, by its AQI id.")]
Year = Annotated[int, typer.Option(min=2000, max=2100, help="The calendar year of the encounters.")]


@asc_app.command("results")
def results(
    practice: Practice,
    year: Year,
    facility: Annotated[
        str | None, typer.Option(help="FacilityID, as in the case file.", show_default="all")
    ] = None,
    quarter: Annotated[int | None, typer.Option(min=1, max=4, show_default="all")] = None,
) -> None:
    """Print what the cases at each center came to, as JSON."""
    from app.cli.asc import print_results

    print_results(practice, year, facility=facility, quarter=quarter)


@asc_app.command("file")
def file(practice: Practice, year: Year) -> None:
    """Write the upload file of today to stdout, and its name to stderr.

    Exit 1: CMS would reject it; what is missing or wrong is told.
    """
    from app.cli.asc import write_file

    raise typer.Exit(write_file(practice, year))
