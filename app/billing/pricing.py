"""What quantities cost by a price list, line by line. Whole cents, so nothing is rounded."""

from collections.abc import Iterator
from typing import Final

from app.billing.program_years import is_in_dues, name_of, owes_administrative_fee
from app.domain.billing import InvoiceLine, Item, Membership, PriceList, Product, Quantities, Unit
from app.domain.errors.billing import PriceMissing

_UNITS: Final = {
    Unit.CASE: "cases",
    Unit.PHYSICIAN: "physician anesthesiologists",
    Unit.CARE_TEAM: "care team clinicians",
    Unit.INDEPENDENT: "independent nurse anesthetists",
}
_RATES: Final = {
    Membership.MEMBER: "ASA members",
    Membership.NON_MEMBER: "non-members",
}


def lines_for(
    product: Product, quantities: Quantities, prices: PriceList
) -> tuple[InvoiceLine, ...]:
    """A line for each item of which there is any. Raises: PriceMissing."""
    return tuple(
        InvoiceLine(
            description=_described(product, item, prices.performance_year),
            quantity=quantity,
            unit_cents=unit_cents(product, item, prices),
        )
        for item, quantity in sorted(quantities.items())
        if quantity
    )


def described_items(quantities: Quantities) -> Iterator[tuple[str, int]]:
    """What there is any of, in words, and how many."""
    for item, quantity in sorted(quantities.items()):
        if quantity:
            yield described_unit(item), quantity


def described_unit(item: Item) -> str:
    return f"{_UNITS[item.unit]}, {_RATES[item.membership]}"


def unit_cents(product: Product, item: Item, prices: PriceList) -> int:
    """What one of it costs. Raises: PriceMissing."""
    if is_in_dues(product, item.membership):
        return 0
    cents = prices.cents_for(product, item)
    if cents is None:
        what = f"{product}, {item.unit}, {item.membership}"
        raise PriceMissing(f"No price is entered for {what} in {prices.performance_year}.")
    return cents


def fee_lines(prices: PriceList, *, clinicians: int) -> tuple[InvoiceLine, ...]:
    """The administrative fee, or none where it is waived or not asked. Raises: PriceMissing."""
    year = prices.performance_year
    if not owes_administrative_fee(year, clinicians=clinicians):
        return ()
    if prices.administrative_fee is None:
        raise PriceMissing(f"No administrative fee is entered for {year}.")
    fee = InvoiceLine(
        description=f"Administrative fee {year}",
        quantity=1,
        unit_cents=prices.administrative_fee,
    )
    return (fee,)


def credit_lines(lines: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """The same quantities, below zero."""
    return tuple(
        InvoiceLine(
            description=line.description, quantity=-line.quantity, unit_cents=line.unit_cents
        )
        for line in lines
    )


def _described(product: Product, item: Item, performance_year: int) -> str:
    in_dues = ", included with dues" if is_in_dues(product, item.membership) else ""
    return f"{name_of(product)} {performance_year}: {described_unit(item)}{in_dues}"
