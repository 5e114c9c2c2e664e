"""`nacor billing`, as staff at a terminal use it."""

import csv
import json
from pathlib import Path

from tests.billing import (
    CASE_PRICES,
    FEE_CENTS,
    OF_PRACTICE,
    employ,
    invoice,
    order,
    send_case,
)
from tests.commands import Nacor
from tests.registry import PRACTICE, Registry

PRICES = {
    "currency": "USD",
    "administrative_fee": FEE_CENTS,
    "prices": CASE_PRICES,
    "issuer": "Example Registry",
}


def test_from_prices_to_the_final_invoice(registry: Registry, nacor: Nacor, tmp_path: Path) -> None:
    form = tmp_path / "prices.json"
    form.write_text(json.dumps(PRICES))
    entered = nacor("billing", "prices", "set", "2024", str(form))
    assert json.loads(entered.stdout)["version"] == 1, entered.output
    assert nacor("billing", "prices", "list", "2024").stdout == entered.stdout

    employ(registry, 2, members=1)
    issued = invoice(registry, order(registry.practice(), cases=1))
    cents = str(issued["total_cents"])
    paid = nacor(
        *("billing", "pay", PRACTICE, issued["number"], "--on", "2024-02-01", "--cents", cents)
    )
    assert json.loads(paid.stdout)["paid_on"] == "2024-02-01", paid.output

    send_case(registry, "A-1", "2024-03-01")
    send_case(registry, "A-2", "2024-03-01")
    run = nacor("billing", "reconcile", "2024")
    assert run.exit_code == 0, run.output
    final = json.loads(run.stdout)["invoice_number"]
    rows = list(csv.DictReader(nacor("billing", "invoices", "2024").stdout.splitlines()))
    assert [row["number"] for row in rows] == [issued["number"], final]
    pdf = nacor("billing", "invoice", PRACTICE, final, "--format", "pdf")
    over_http = registry.practice().get(f"{OF_PRACTICE}/invoices/{final}", format="pdf")
    assert pdf.stdout_bytes == over_http.content
    shown = nacor("billing", "invoice", PRACTICE, final)
    assert json.loads(shown.stdout)["kind"] == "final"


def test_a_run_that_leaves_somebody_out_says_so(registry: Registry, nacor: Nacor) -> None:
    send_case(registry, "A-1", "2024-03-01")
    run = nacor("billing", "reconcile", "2024")
    assert (run.exit_code, json.loads(run.stdout)["problem"]) == (1, "not-reconcilable")
    early = nacor("billing", "reconcile", "2100")
    assert (early.exit_code, early.stdout) == (2, "")
    wrong = nacor("billing", "invoice", PRACTICE, "2024-000001")
    assert (wrong.exit_code, "no invoice" in wrong.stderr) == (2, True)
