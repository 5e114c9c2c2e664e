"""What holds for a program year: what it is billed by, its days, its products."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.billing import BillingModel, Membership, Product

_DATA: Final = Path(__file__).parent / "data" / "program-years.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of a program year, the last ones but for `reconciled_from`; None: not named."""

    registration_until: date | None = None
    membership_until: date | None = None
    dues_until: date | None = None
    data_until: date | None = None
    reconciled_from: date | None = None
    payment_until: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedProduct:
    product: Product
    name: str
    includes: tuple[str, ...]
    reports_to_cms: bool


def billing_model(performance_year: int) -> BillingModel:
    [found] = [
        model["name"]
        for model in _data()["model"]
        if model.get("first_year", 0) <= performance_year <= model.get("last_year", 9999)
    ]
    return BillingModel(found)


def days_of(performance_year: int) -> Days:
    for year in _data()["year"]:
        if year["performance_year"] == performance_year:
            return Days(**{name: day for name, day in year.items() if name != "performance_year"})
    return Days()


def reconciled_from(performance_year: int) -> date:
    """The first day of the last reconciliation: the year is over then."""
    return days_of(performance_year).reconciled_from or date(performance_year + 1, 1, 1)


def due_on(issued_on: date, *, final_of: int | None = None) -> date:
    """When an invoice is due; `final_of` is the program year of a final one."""
    named = None if final_of is None else days_of(final_of).payment_until
    net_days: int = _data()["terms"]["net_days"]
    if named is not None and issued_on <= named:
        return named
    return issued_on + timedelta(days=net_days)


def owes_administrative_fee(performance_year: int, *, clinicians: int) -> bool:
    fee = _data()["administrative_fee"]
    is_asked: bool = performance_year >= fee["first_year"]
    return is_asked and clinicians >= fee["waived_below_clinicians"]


def is_in_dues(product: Product, membership: Membership) -> bool:
    """Whether a member has paid for it with their dues to the ASA."""
    return membership is Membership.MEMBER and product in _data()["dues_included"]["products"]


@cache
def offered_products() -> tuple[OfferedProduct, ...]:
    """From the smallest to the largest; each includes what those before it do."""
    offered: list[OfferedProduct] = []
    includes: tuple[str, ...] = ()
    for each in _data()["product"]:
        includes = (*includes, *each["adds"])
        offered.append(
            OfferedProduct(
                product=Product(each["id"]),
                name=each["name"],
                includes=includes,
                reports_to_cms=each.get("reports_to_cms", False),
            )
        )
    return tuple(offered)


def name_of(product: Product) -> str:
    return _offered(product).name


def reports_to_cms(product: Product) -> bool:
    """Whether a registration for reporting goes with it."""
    return _offered(product).reports_to_cms


def _offered(product: Product) -> OfferedProduct:
    [offered] = [each for each in offered_products() if each.product is product]
    return offered


def credentials_of(group: str) -> frozenset[str]:
    """The credentials of `physicians`, `nurses` or `care_team`, as case files name them."""
    return frozenset(_data()["head_count"][group])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
