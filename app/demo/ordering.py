"""Price lists, orders and payments, entered by the staff of the registry."""

from typing import Any, Final

from app.demo.client import DemoClient
from app.domain.identifiers import PracticeId

CONTACT: Final = {
    "role": "billing",
    "name": "Quinn Example",
    "mail": "billing@registry.example.org",
    "telephone": "",
}
PRODUCT: Final = "quality_reporting"
_LETTERHEAD: Final = {
    "currency": "USD",
    "issuer": "Example Registry\n1 Example Street\nPrices made up for the demonstration",
    "payment_instructions": "By check, with the number of the invoice.",
}


def price(unit: str, membership: str, cents: int) -> dict[str, Any]:
    return {"product": PRODUCT, "unit": unit, "membership": membership, "cents": cents}


CASE_PRICES: Final = {
    "administrative_fee": 150_000,
    "prices": [price("case", "member", 25), price("case", "non_member", 40)],
}


def bring_prices(year: int, prices: dict[str, Any], registry: DemoClient) -> None:
    """Enter the price list of a year that has none."""
    if not registry.get(f"/v1/billing/prices/{year}")["items"]:
        registry.post(f"/v1/billing/prices/{year}", {**_LETTERHEAD, **prices})


def has_ordered(practice: PracticeId, registry: DemoClient) -> bool:
    return bool(registry.get(f"/v1/practices/{practice}/orders")["items"])


def place_order(
    practice: PracticeId, year: int, ordered: dict[str, Any], registry: DemoClient
) -> dict[str, Any]:
    """Order for a practice that has not yet; return its initial invoice."""
    root = f"/v1/practices/{practice}"
    order = registry.post(
        f"{root}/orders",
        {
            "performance_year": year,
            "product": PRODUCT,
            "kind": "new",
            **ordered,
            "ordered_by": CONTACT,
            "billing_contact": CONTACT,
            "payment_policies_acknowledged": True,
        },
    )
    return registry.post(f"{root}/orders/{order['id']}/invoice")


def pay(practice: PracticeId, invoice: dict[str, Any], registry: DemoClient) -> None:
    payment = {"paid_on": invoice["issued_on"], "cents": invoice["total_cents"]}
    registry.post(f"/v1/practices/{practice}/invoices/{invoice['number']}/payment", payment)
