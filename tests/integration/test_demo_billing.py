"""The worked examples of billing in the demonstration, down to the invoices that are downloaded."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.demo.billing_examples import billing_examples, bring_example
from app.demo.client import DemoClient
from app.demo.people import admin_key
from app.demo.stage import Stage
from tests.clear_http import client_in_clear
from tests.registry import Registry
from tests.served import served_port


@pytest.fixture
def stage(registry: Registry) -> Iterator[Stage]:
    """In the spring after the program year."""
    registry.on_day(date(2025, 2, 3))
    with (
        served_port(registry.app) as port,
        client_in_clear(base_url=f"http://127.0.0.1:{port}", timeout=600) as client,
    ):
        yield Stage(app=registry.app, client=client, open_work=registry.open_work)


@pytest.mark.parametrize(
    ("which", "additional", "cents"),
    [
        pytest.param(0, 1_000, None, marks=pytest.mark.soak),
        (1, 2, 60_000),
    ],
)
def test_what_goes_beyond_the_order_is_invoiced(
    registry: Registry, stage: Stage, which: int, additional: int, cents: int | None
) -> None:
    staff = DemoClient(stage.client, admin_key(open_work=stage.open_work))
    example = billing_examples()[which]
    page = bring_example(example, staff, stage)
    assert bring_example(example, staff, stage) == page, "a second demonstration adds nothing"
    invoice = registry.internal().read(f"/v1{page}")
    assert sum(line["quantity"] for line in invoice["lines"]) == additional
    assert cents is None or invoice["total_cents"] == cents
    pdf = registry.internal().get(f"/v1{page}", format="pdf")
    assert pdf.content.startswith(b"%PDF-")
