"""The commands of `nacor billing`."""

from enum import StrEnum
from typing import Annotated

import typer

billing_app = typer.Typer(help="Counts that are billed, orders, invoices.", no_args_is_help=True)
prices_app = typer.Typer(help="What the registry charges.", no_args_is_help=True)
billing_app.add_typer(prices_app, name="prices")

PracticeId = Annotated[str, typer.Argument(metavar="PRACTICE", help="By its AQI id.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Of an invoice, as 2025-000001.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100)]


@billing_app.command("freeze")
def freeze() -> None:
    """Freeze the counts of every month and year that is over; workers do so every hour."""
    from app.cli.billing import freeze_counts

    freeze_counts()


@billing_app.command("counts")
def counts(practice: PracticeId, year: Year) -> None:
    """Print what counts for billing now, and as it was frozen, as CSV."""
    from app.cli.billing import print_counts

    print_counts(practice, year)


class InvoiceFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    PDF = "pdf"


@prices_app.command("set")
def set_prices(
    year: Year,
    path: Annotated[str, typer.Argument(help="JSON as of POST, or - for stdin.")],
) -> None:
    """Enter the prices of a program year; orders of before keep theirs."""
    from app.cli.billing import set_prices as enter

    enter(year, path)


@prices_app.command("list")
def list_prices(year: Year) -> None:
    """Print every price list of a year as a line of JSON, the newest first."""
    from app.cli.billing import print_prices

    print_prices(year)


@billing_app.command("reconcile")
def reconcile(year: Year) -> None:
    """Reconcile a program year for good, of every practice. Exit 1: some could not be."""
    from app.cli.billing import reconcile_practices

    raise typer.Exit(0 if reconcile_practices(year) else 1)


@billing_app.command("invoices")
def list_invoices(year: Year) -> None:
    """Print the invoices and credits of a program year, line by line, as CSV."""
    from app.cli.billing import print_invoices

    print_invoices(year)


@billing_app.command("invoice")
def show_invoice(
    practice: PracticeId,
    number: Number,
    format_: Annotated[InvoiceFormat, typer.Option("--format")] = InvoiceFormat.JSON,
) -> None:
    """Write one invoice to stdout."""
    from app.cli.billing import write_invoice

    write_invoice(practice, number, format_.value)


@billing_app.command("pay")
def pay(
    practice: PracticeId,
    number: Number,
    on: Annotated[str, typer.Option(help="The day it was paid, as 2024-02-01.")],
    cents: Annotated[int, typer.Option(min=1, help="At most what is owed.")],
    reference: Annotated[
        str, typer.Option(help="The payer's, as the number of a check or transfer.")
    ] = "",
) -> None:
    """Enter a payment of an invoice, or of a part of it."""
    from app.cli.billing import enter_payment

    enter_payment(practice, number, on=on, cents=cents, reference=reference)
