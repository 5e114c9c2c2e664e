"""The commands of `nacor feedback`."""

from enum import StrEnum
from typing import Annotated

import typer

feedback_app = typer.Typer(help="Feedback reports of quarters.", no_args_is_help=True)

PracticeId = Annotated[str, typer.Argument(metavar="PRACTICE", help="By its AQI id.")]
Quarter = Annotated[str, typer.Argument(metavar="QUARTER", help="As 2024-Q1.")]


class ReportFormat(StrEnum):
    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"


@feedback_app.command("make")
def make(
    quarter: Annotated[
        str | None, typer.Option(help="As 2024-Q1; without it the newest that is due.")
    ] = None,
    practice: Annotated[str | None, typer.Option(help="Of one practice alone.")] = None,
) -> None:
    """Make the reports of a quarter where they were not made yet; workers do so by themselves."""
    from app.cli.feedback import make_reports

    make_reports(quarter, practice)


@feedback_app.command("list")
def list_reports(practice: PracticeId, quarter: Quarter) -> None:
    """Print the reports of a practice and quarter, each as a line of JSON, the newest first."""
    from app.cli.feedback import print_reports

    print_reports(practice, quarter)


@feedback_app.command("open")
def open_report(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="By its id.")],
    format_: Annotated[ReportFormat, typer.Option("--format")] = ReportFormat.PDF,
    cases: Annotated[bool, typer.Option("--cases", help="With the cases that failed.")] = False,
) -> None:
    """Write a report to stdout. That it was handed out is written down."""
    from app.cli.feedback import write_report

    write_report(report_id, format_.value, with_cases=cases)
