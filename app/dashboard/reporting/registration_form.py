"""The registration form of a program year: what it asks, how it begins, and how it is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.billing.order_wire import OrderRequest
from app.billing.program_years import billing_model, reports_to_cms
from app.dashboard.frame.dependencies import LongForm
from app.dashboard.frame.shown_forms import Faults, form_of, nested, read_as
from app.domain.billing import BillingModel, Item, Membership, Order, Product, Unit
from app.domain.reporting import LowVolume, Registration
from app.domain.roster import PracticeDetails
from app.reporting.registration_wire import RegistrationRequest

CRITERIA: Final = {
    "over_90000_usd": "More than 90,000 USD of allowed charges",
    "over_200_patients": "More than 200 patients",
    "over_200_services": "More than 200 covered services",
}
PROVIDERS: Final = {
    Unit.PHYSICIAN: "Physician anesthesiologists",
    Unit.CARE_TEAM: "Care team clinicians",
    Unit.INDEPENDENT: "Independent nurse anesthetists",
}
QUANTITIES: Final = "quantities"
"""The name of what is wrong with the quantities as a whole."""
_ITEMS: Final = tuple(Item(unit, membership) for unit in PROVIDERS for membership in Membership)
_PEOPLE: Final = {"ordered_by": "ordering", "billing_contact": "billing"}
_OF_PERSON: Final = ("name", "mail", "telephone")
_ORDER: Final = (
    *("product", "kind", "is_renewal", "cases", "payment_policies_acknowledged"),
    *(f"{person}.{each}" for person in _PEOPLE for each in _OF_PERSON),
)
_REPRESENTATIVE: Final = tuple(f"representative.{each}" for each in ("name", "title", "signed_on"))
_LOW_VOLUME: Final = tuple(f"low_volume.{each}" for each in CRITERIA)
_REPORTING: Final = (
    *("is_renewal", "option", "mvp", "cms_registration_acknowledged", "virtual_group_id"),
    *("opts_in", "withdrawn_on", "late_reason"),
    *(*_REPRESENTATIVE, *_LOW_VOLUME),
)
NAMES: Final = (
    *("is_renewal", "kind", "product", "cases", QUANTITIES),
    *(f"{QUANTITIES}.{item.unit}.{item.membership}" for item in _ITEMS),
    *("option", "mvp", "cms_registration_acknowledged", "subgroup_ids", "virtual_group_id"),
    *("low_volume", *_LOW_VOLUME, "opts_in", *_REPRESENTATIVE, "withdrawn_on"),
    *(f"{person}.{each}" for person in _PEOPLE for each in _OF_PERSON),
    *("late_reason", "payment_policies_acknowledged"),
)
"""Of every field that something can be wrong with, as they stand in the form."""


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    """What the form asks for. Both are None where `faults` tells what is wrong with it.

    `registration` is also None for a product that is not reported to CMS.
    """

    order: OrderRequest | None
    registration: RegistrationRequest | None
    faults: Faults


def quantity_name(unit: Unit, membership: Membership) -> str:
    return f"{QUANTITIES}.{unit}.{membership}"


def read_enrolment(form: LongForm, year: int) -> ReadForm:
    """An order with, where its product is reported, a registration; all faults of both at once."""
    order, wrong = _read_order(form, year)
    registration, wrong_too = read_reporting(form) if _is_reported(form) else (None, {})
    if wrong or wrong_too:
        return ReadForm(order=None, registration=None, faults={**wrong, **wrong_too})
    return ReadForm(order=order, registration=registration, faults={})


def read_reporting(form: LongForm) -> tuple[RegistrationRequest | None, Faults]:
    told = nested(form, _REPORTING)
    subgroups = form.all("subgroup_ids")
    return read_as(RegistrationRequest, {**told, "subgroup_ids": subgroups})


def beginning(
    practice: PracticeDetails, orders: Sequence[Order], registration: Registration | None
) -> LongForm:
    """The form before anybody types: as the practice did last, and who it is."""
    known: dict[str, object] = {"kind": None if orders else "new"}
    billing = [each for each in practice.contacts if "billing" in each["role"].lower()]
    if billing:
        known.update(_person("billing_contact", billing[0]))
    if orders:
        known.update(_of_order(orders[-1]))
    reporting = reporting_as_it_is(registration)
    return LongForm(pairs=(*form_of(known).pairs, *reporting.pairs))


def reporting_as_it_is(registration: Registration | None) -> LongForm:
    if registration is None:
        return LongForm(pairs=())
    known: dict[str, object | None] = {
        "seen": registration.version,
        "is_renewal": _word(registration.is_renewal),
        "option": registration.option,
        "mvp": registration.mvp,
        "cms_registration_acknowledged": _ticked(registration.cms_registration_acknowledged),
        "virtual_group_id": registration.virtual_group_id,
        "opts_in": _ticked(registration.opts_in),
        "withdrawn_on": registration.withdrawn_on,
        "representative.name": registration.representative.name,
        "representative.title": registration.representative.title,
        "representative.signed_on": registration.representative.signed_on,
        **_volume(registration.low_volume),
    }
    return form_of(known, subgroup_ids=registration.subgroup_ids)


def _is_reported(form: LongForm) -> bool:
    """Also where somebody says how and the product is none that is: they are told so then."""
    try:
        return bool(form.get("option")) or reports_to_cms(Product(form.get("product")))
    except ValueError:
        return False


def _read_order(form: LongForm, year: int) -> tuple[OrderRequest | None, Faults]:
    names = [name for item in _ITEMS for name in _told_quantity(form, item)]
    told = {**nested(form, _ORDER), **_quantities(form, year, names), "performance_year": year}
    for person, role in _PEOPLE.items():
        told[person] = {"role": role, **told.get(person, {})}
    order, faults = read_as(OrderRequest, told)
    lacking = {**_without_quantities(names), **_without_cases(told, year)}
    return order, {**lacking, **_at_their_fields(faults, names)}


def _told_quantity(form: LongForm, item: Item) -> Iterator[str]:
    name = quantity_name(item.unit, item.membership)
    if form.get(name).strip() not in ("", "0"):
        yield name


def _quantities(form: LongForm, year: int, names: list[str]) -> dict[str, Any]:
    """In a year that is billed by clinicians they are what is ordered."""
    is_by_cases = billing_model(year) is BillingModel.CASES
    told = []
    for name in names:
        _, unit, membership = name.split(".")
        told.append({"unit": unit, "membership": membership, "quantity": form.get(name).strip()})
    return {"providers" if is_by_cases else "clinicians": told}


def _without_quantities(names: list[str]) -> Faults:
    return {} if names else {QUANTITIES: "tell at least one kind of clinician"}


def _without_cases(told: Mapping[str, Any], year: int) -> Faults:
    is_by_cases = billing_model(year) is BillingModel.CASES
    return {"cases": "is required"} if is_by_cases and "cases" not in told else {}


def _at_their_fields(faults: Faults, names: list[str]) -> Faults:
    """`providers.1.quantity` is the second that was told."""
    placed = {}
    for name, words in faults.items():
        parts = name.split(".")
        is_quantity = parts[0] in ("providers", "clinicians") and len(parts) > 1
        placed[names[int(parts[1])] if is_quantity else name] = words
    return placed


def _of_order(order: Order) -> Iterator[tuple[str, object]]:
    yield "product", order.product
    yield "is_renewal", _word(order.is_renewal)
    yield from _person("ordered_by", order.ordered_by)
    yield from _person("billing_contact", order.billing_contact)
    for item, quantity in order.providers.items():
        yield quantity_name(item.unit, item.membership), quantity


def _person(name: str, contact: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for each in _OF_PERSON:
        yield f"{name}.{each}", contact.get(each, "")


def _volume(volume: LowVolume | None) -> dict[str, object]:
    if volume is None:
        return {}
    return {f"low_volume.{each}": _word(getattr(volume, each)) for each in CRITERIA}


def _word(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _ticked(value: bool) -> str | None:
    return "true" if value else None
