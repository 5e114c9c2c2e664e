"""Quantities of items as JSON, as the tables of billing keep them."""

from typing import Any

from app.domain.billing import Item, Membership, Quantities, Unit


def quantities_as_json(quantities: Quantities) -> list[dict[str, Any]]:
    return [
        {"unit": item.unit.value, "membership": item.membership.value, "quantity": quantity}
        for item, quantity in sorted(quantities.items())
    ]


def quantities_of(stored: list[dict[str, Any]]) -> Quantities:
    return {
        Item(Unit(each["unit"]), Membership(each["membership"])): each["quantity"]
        for each in stored
    }
