"""`nacor billing`: what its commands do."""

import csv
import sys
from datetime import date
from typing import Final

import typer

from app.access.operators import operator
from app.billing.count_service import PeriodCount, count_for_billing
from app.billing.freezing import freeze_all
from app.billing.invoice_files import invoice_as_pdf, invoices_as_csv
from app.billing.invoice_service import list_invoices, pay_invoice, read_invoice
from app.billing.invoice_wire import InvoiceOut
from app.billing.price_service import enter_prices, list_price_lists
from app.billing.price_wire import PriceListOut, PriceListRequest
from app.billing.year_service import reconcile_all
from app.billing.year_wire import RunOut
from app.cli.databases import open_newest_database
from app.cli.parsing import parsed
from app.cli.request_files import read_request
from app.domain.billing import Invoice, Payment
from app.domain.days import today
from app.domain.identifiers import parse_practice_id

_FROZEN_COLUMNS: Final = ("frozen_cases", "purged", "added", "removed", "frozen_at", "proof")


def freeze_counts() -> None:
    with open_newest_database() as open_work:
        frozen = freeze_all(operator(), day=today(), open_work=open_work)
    for count in frozen:
        cases = "1 case" if count.cases == 1 else f"{count.cases} cases"
        typer.echo(f"practice {count.practice_id}: {count.period}: {cases}")
    if not frozen:
        typer.echo("Nothing has ended since.")


def print_counts(practice: str, performance_year: int) -> None:
    chosen = parsed(practice, parse_practice_id)
    with open_newest_database() as open_work:
        found = count_for_billing(chosen, performance_year, open_work=open_work)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("period", "cases", *_FROZEN_COLUMNS))
    for count in found:
        writer.writerow((count.period, count.cases, *_frozen_cells(count)))


def set_prices(performance_year: int, path: str) -> None:
    asked = read_request(path, PriceListRequest)
    with open_newest_database() as open_work:
        entered = enter_prices(asked.as_new(performance_year), operator(), open_work=open_work)
    typer.echo(PriceListOut.of(entered).model_dump_json())


def print_prices(performance_year: int) -> None:
    with open_newest_database() as open_work:
        found = list_price_lists(performance_year, open_work=open_work)
    for prices in found:
        typer.echo(PriceListOut.of(prices).model_dump_json())


def reconcile_practices(performance_year: int) -> bool:
    """Print what it came to, practice by practice; return whether each could be reconciled."""
    is_complete = True
    with open_newest_database() as open_work:
        for run in reconcile_all(performance_year, operator(), day=today(), open_work=open_work):
            typer.echo(RunOut.of(run).model_dump_json())
            is_complete = is_complete and run.problem is None
    return is_complete


def print_invoices(performance_year: int) -> None:
    with open_newest_database() as open_work:
        found = list_invoices(performance_year=performance_year, open_work=open_work)
    sys.stdout.buffer.write(invoices_as_csv(found))


def write_invoice(practice: str, number: str, format_: str) -> None:
    chosen = parsed(practice, parse_practice_id)
    with open_newest_database() as open_work:
        invoice = read_invoice(chosen, number, open_work=open_work)
    sys.stdout.buffer.write(_WRITERS[format_](invoice))


def enter_payment(practice: str, number: str, *, on: str, cents: int, reference: str) -> None:
    chosen = parsed(practice, parse_practice_id)
    day = parsed(on, date.fromisoformat)
    payment = Payment(paid_on=day, cents=cents, reference=reference)
    with open_newest_database() as open_work:
        paid = pay_invoice(chosen, number, payment, operator(), day=today(), open_work=open_work)
    typer.echo(InvoiceOut.of(paid).model_dump_json())


def _as_json(invoice: Invoice) -> bytes:
    return InvoiceOut.of(invoice).model_dump_json().encode() + b"\n"


def _as_csv(invoice: Invoice) -> bytes:
    return invoices_as_csv([invoice])


_WRITERS: Final = {"json": _as_json, "csv": _as_csv, "pdf": invoice_as_pdf}


def _frozen_cells(count: PeriodCount) -> tuple[object, ...]:
    if count.frozen is None:
        return ("",) * len(_FROZEN_COLUMNS)
    now, frozen = count.frozen, count.frozen.frozen
    frozen_at = frozen.frozen_at.isoformat()
    return frozen.cases, frozen.purged, now.added, now.removed, frozen_at, frozen.proof
