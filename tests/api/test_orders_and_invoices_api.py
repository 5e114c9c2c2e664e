"""Orders, and the invoices that follow: numbered without gaps and never changed."""

import csv
from datetime import date
from typing import Any

import pytest

from tests.billing import (
    CASE_PRICES,
    FEE_CENTS,
    OF_PRACTICE,
    employ,
    enter_prices,
    invoice,
    invoices_of,
    order,
    pay,
    try_to_credit,
    try_to_order,
    try_to_pay,
)
from tests.case_files import a_case_file
from tests.problems import problem
from tests.registry import PRACTICE, Registry


@pytest.fixture
def three(registry: Registry) -> Registry:
    """Three clinicians, one of them an ASA member, and prices for 2024."""
    employ(registry, 3, members=1)
    enter_prices(registry)
    return registry


def states(registry: Registry) -> list[str]:
    listed = registry.practice().read(f"{OF_PRACTICE}/orders")["items"]
    return [each["state"] for each in listed]


def split(ordered: Any) -> list[int]:
    return [each["quantity"] for each in ordered["quantities"]]


def test_an_order_is_placed_invoiced_and_paid(three: Registry) -> None:
    practice = three.practice()
    ordered = order(practice, cases=100)
    assert (split(ordered), ordered["members"], ordered["clinicians"]) == ([33, 67], 1, 3)
    assert practice.read(f"{OF_PRACTICE}/orders/{ordered['id']}") == ordered
    issued = invoice(three, ordered)
    assert states(three) == ["invoiced"]
    paid = pay(three, issued)
    assert (states(three), paid["paid_on"], paid["is_settled"]) == (["paid"], "2024-02-01", True)
    actions = [
        entry["action"]
        for entry in practice.read("/v1/audit", practice_id=PRACTICE, limit=3)["items"]
    ]
    assert actions == ["invoice.paid", "invoice.issued", "order.placed"]


def test_what_is_added_is_split_as_if_it_had_been_ordered_at_once(three: Registry) -> None:
    parts = [split(order(three.practice(), cases=1))]
    parts += [split(order(three.practice(), kind="adds", cases=1)) for _ in range(2)]
    assert [sum(part) for part in zip(*parts, strict=True)] == [1, 2]
    other = try_to_order(three.practice(), kind="adds", cases=1, product="nacor_basic")
    assert problem(other, 409) == "order-conflict"


def test_an_order_replaces_those_of_before_and_credits_their_invoice(three: Registry) -> None:
    practice = three.practice()
    issued = invoice(three, order(practice, cases=100))
    order(practice, kind="adds", cases=5)
    order(practice, kind="replaces", cases=50)
    assert states(three) == ["cancelled", "cancelled", "placed"]
    [first, credit] = invoices_of(practice)
    assert (credit["kind"], credit["credits"]) == ("credit", issued["number"])
    assert credit["total_cents"] == -issued["total_cents"]
    assert (first["credited_by"], first["total_cents"]) == (credit["number"], issued["total_cents"])


@pytest.mark.parametrize(
    ("differently", "status", "slug"),
    [
        ({"kind": "new"}, 409, "order-conflict"),
        ({"kind": "replaces"}, 409, "order-conflict"),
        ({"kind": "adds", "cases": None}, 422, "invalid-request"),
        ({"kind": "adds", "cases": 0}, 422, "invalid-request"),
        ({"kind": "adds", "payment_policies_acknowledged": False}, 422, "invalid-request"),
        ({"performance_year": 2023, "cases": None}, 409, "price-missing"),
        ({"product": "quality_concierge", "kind": "adds"}, 409, "order-conflict"),
    ],
)
def test_an_order_that_does_not_fit_is_refused(
    three: Registry, differently: dict[str, Any], status: int, slug: str
) -> None:
    pay(three, invoice(three, order(three.practice(), cases=100)))
    answer = try_to_order(three.practice(), **{"cases": 1, **differently})
    assert problem(answer, status) == slug


def test_the_first_order_is_new(three: Registry) -> None:
    for kind in ("adds", "replaces"):
        refused = try_to_order(three.practice(), kind=kind, cases=1)
        assert problem(refused, 409) == "order-conflict"


def test_without_a_price_nothing_is_ordered(registry: Registry) -> None:
    employ(registry, 10, members=5)
    assert problem(try_to_order(registry.practice(), cases=1), 409) == "price-missing"
    enter_prices(registry, prices=CASE_PRICES[:1])
    missing = try_to_order(registry.practice(), cases=2)
    assert missing.json()["detail"] == (
        "No price is entered for quality_reporting, case, non_member in 2024."
    )
    enter_prices(registry, administrative_fee=None)
    assert "administrative fee" in try_to_order(registry.practice(), cases=2).json()["detail"]
    enter_prices(registry)
    assert order(registry.practice(), cases=2)["price_version"] == 3


def test_without_clinicians_in_the_roster_no_share_is_known(registry: Registry) -> None:
    enter_prices(registry)
    refused = try_to_order(registry.practice(), cases=1)
    assert problem(refused, 409) == "order-conflict"
    assert "roster" in refused.json()["detail"]


def test_who_has_ordered_keeps_the_prices_of_then(three: Registry) -> None:
    ordered = order(three.practice(), cases=3)
    dearer = [{**price, "cents": 1_000} for price in CASE_PRICES]
    enter_prices(three, prices=dearer)
    assert invoice(three, ordered)["total_cents"] == 25 + 2 * 40
    versions = three.practice().read("/v1/billing/prices/2024")["items"]
    assert [each["version"] for each in versions] == [2, 1]


def test_after_the_deadline_only_staff_order(three: Registry) -> None:
    three.on_day(date(2024, 10, 1))
    order(three.practice(), cases=1)
    three.on_day(date(2024, 10, 2))
    late = try_to_order(three.practice(), kind="adds", cases=1)
    assert problem(late, 409) == "registration-closed"
    assert try_to_order(three.internal(), kind="adds", cases=1).status_code == 201


def test_an_order_is_cancelled_until_it_is_invoiced(three: Registry) -> None:
    practice = three.practice()
    ordered = order(practice, cases=1)
    path = f"{OF_PRACTICE}/orders/{ordered['id']}"
    assert practice.ask("POST", f"{path}/cancel").json()["state"] == "cancelled"
    refused = three.internal().ask("POST", f"{path}/invoice")
    assert problem(refused, 409) == "order-conflict"
    further = order(practice, cases=1)
    issued = invoice(three, further)
    refused = practice.ask("POST", f"{OF_PRACTICE}/orders/{further['id']}/cancel")
    assert problem(refused, 409) == "order-conflict"
    assert try_to_credit(three, issued).status_code == 201
    assert states(three) == ["cancelled", "cancelled"]


def test_numbers_have_no_gaps_within_a_year(three: Registry) -> None:
    issued = [invoice(three, order(three.practice(), cases=1))]
    refused = three.internal().ask("POST", f"{OF_PRACTICE}/orders/{issued[0]['order_id']}/invoice")
    assert refused.status_code == 409
    try_to_credit(three, issued[0])
    three.on_day(date(2025, 1, 2))
    order_of_staff = try_to_order(three.internal(), cases=1).json()
    invoice(three, order_of_staff)
    numbers = [each["number"] for each in invoices_of(three.practice())]
    assert numbers == ["2024-000001", "2024-000002", "2025-000001"]


def test_an_invoice_is_paid_in_parts(three: Registry) -> None:
    """25 + 2 x 40 cents are owed."""
    issued = invoice(three, order(three.practice(), cases=3))
    assert (issued["state"], issued["owed_cents"]) == ("open", 105)
    first = pay(three, issued, cents=5, paid_on="2024-02-01", reference="check 1017")
    assert (first["state"], first["paid_cents"], first["owed_cents"]) == ("partly_paid", 5, 100)
    assert (first["paid_on"], first["is_settled"], states(three)) == (None, False, ["invoiced"])
    too_much = try_to_pay(three, issued, cents=101)
    assert problem(too_much, 422) == "invalid-request"
    assert too_much.json()["detail"] == "cents: 100 is owed, and no more is taken."
    assert problem(try_to_credit(three, issued), 409) == "invoice-conflict"
    last = pay(three, issued, cents=100, paid_on="2024-03-01", reference="transfer 88")
    assert (last["state"], last["paid_on"], last["owed_cents"]) == ("paid", "2024-03-01", 0)
    assert [each["reference"] for each in last["payments"]] == ["check 1017", "transfer 88"]
    assert states(three) == ["paid"]


def test_an_invoice_is_settled_once(three: Registry) -> None:
    issued = invoice(three, order(three.practice(), cases=3))
    assert problem(try_to_pay(three, issued, cents=106), 422) == "invalid-request"
    assert problem(try_to_pay(three, issued, cents=0), 422) == "invalid-request"
    assert problem(try_to_pay(three, issued, paid_on="2024-06-02"), 422) == "invalid-request"
    pay(three, issued)
    assert problem(try_to_pay(three, issued), 409) == "invoice-conflict"
    assert problem(try_to_credit(three, issued), 409) == "invoice-conflict"
    other = invoice(three, order(three.practice(), kind="adds", cases=3))
    credit = try_to_credit(three, other).json()
    assert problem(try_to_pay(three, other), 409) == "invoice-conflict"
    assert problem(try_to_credit(three, other), 409) == "invoice-conflict"
    assert problem(try_to_credit(three, credit), 409) == "invoice-conflict"


def test_an_invoice_stays_as_it_was_issued(three: Registry) -> None:
    issued = invoice(three, order(three.practice(), cases=3))
    path = f"{OF_PRACTICE}/invoices/{issued['number']}"
    practice = three.practice()
    pdf = practice.get(path, format="pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    pay(three, issued)
    three.register(PRACTICE)
    enter_prices(three, issuer="Another Registry")
    later = practice.read(path)
    happened = ("payments", "paid_cents", "owed_cents", "paid_on", "state", "is_settled")
    assert {**later, **{name: issued[name] for name in happened}} == issued
    assert practice.get(path, format="pdf").content == pdf.content
    unknown = practice.get(f"{OF_PRACTICE}/invoices/2024-000009")
    assert problem(unknown, 404) == "invoice-unknown"


def test_invoices_come_as_csv_line_by_line(registry: Registry) -> None:
    employ(registry, 10, members=5)
    enter_prices(registry)
    issued = invoice(registry, order(registry.practice(), cases=4))
    try_to_credit(registry, issued)
    answer = registry.internal().get("/v1/billing/invoices", performance_year=2024, format="csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["number"], row["amount_cents"]) for row in rows] == [
        ("2024-000001", "50"),
        ("2024-000001", "80"),
        ("2024-000001", str(FEE_CENTS)),
        ("2024-000002", "-50"),
        ("2024-000002", "-80"),
        ("2024-000002", str(-FEE_CENTS)),
    ]
    assert rows[0]["credited_by"] == "2024-000002"
    own = registry.practice().get(f"{OF_PRACTICE}/invoices", format="csv")
    assert own.text == answer.text


def test_no_data_is_accepted_before_payment_where_the_registry_says_so(three: Registry) -> None:
    vendor = three.with_settings(three.vendor(), require_payment=True)
    sandbox = three.with_settings(three.vendor(sandbox=True), require_payment=True)
    issued = invoice(three, order(three.practice(), cases=3))
    assert problem(vendor.submit(b"never read"), 409) == "payment-missing"
    assert sandbox.submit(a_case_file()).status_code == 201
    assert three.vendor().submit(a_case_file()).status_code == 201, "off as shipped"
    pay(three, issued)
    assert vendor.submit(a_case_file()).status_code == 200


def test_a_program_year_tells_its_products_and_days(registry: Registry) -> None:
    year = registry.anyone().read("/v1/billing/program-years/2024")
    assert (year["billed_by"], year["payment_until"]) == ("cases", "2025-03-15")
    assert [each["name"] for each in year["products"]] == [
        *("NACOR Basic", "NACOR Benchmarking", "Quality Reporting", "Quality Concierge")
    ]
    assert registry.anyone().read("/v1/billing/program-years/2023")["billed_by"] == "clinicians"
