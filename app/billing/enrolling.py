"""A program year as the registration form asks for it: an order and, with it, how to report."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.billing.invoicing import initial_lines
from app.billing.order_service import NewOrder, Orderer, contacts_in, place_order_within
from app.billing.program_years import name_of, reports_to_cms
from app.domain.billing import InvoiceLine, Order
from app.domain.confirmations import Occasion
from app.domain.errors.requests import InvalidRequest
from app.domain.reporting import Registration
from app.reporting.confirming import confirm, contacts_of
from app.reporting.registration_service import Registrar, register_within
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class WantedRegistration:
    """`make` gives it for a version; `seen` is the one that who asks has seen, if any."""

    make: Callable[[int], Registration]
    seen: int | None


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """`lines` are those of the initial invoice, in cents of `currency`."""

    order: Order
    registration: Registration | None
    lines: tuple[InvoiceLine, ...]
    currency: str

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def enrol(
    new: NewOrder,
    wanted: WantedRegistration | None,
    by: Registrar,
    *,
    day: date,
    open_work: OpenWork,
    keep: bool = True,
) -> Enrolled:
    """Order and register, both or neither. Without `keep` it is tried out, and nothing is stored.

    Raises: PracticeUnknown, RegistrationClosed, InvalidRequest, OrderConflict, PriceMissing,
    InvoiceConflict, PreconditionMissing, ChangedMeanwhile.
    """
    _require_fitting(new, wanted)
    with open_work() as work:
        ordering = Orderer(actor=by.actor, is_staff=by.is_staff)
        order = place_order_within(new, ordering, day=day, work=work)
        registration = None if wanted is None else _registered(new, wanted, by, day, work)
        prices = work.orders.price_list(order.performance_year, order.price_version)
        enrolled = Enrolled(
            order=order,
            registration=registration,
            lines=initial_lines(order, prices),
            currency=prices.currency,
        )
        if keep:
            _confirm(enrolled, work)
            work.commit()
    return enrolled


def _require_fitting(new: NewOrder, wanted: WantedRegistration | None) -> None:
    if reports_to_cms(new.product) and wanted is None:
        raise InvalidRequest(f"option: {name_of(new.product)} is reported to CMS: say how.")
    if not reports_to_cms(new.product) and wanted is not None:
        raise InvalidRequest(f"option: {name_of(new.product)} is not reported to CMS.")


def _registered(
    new: NewOrder, wanted: WantedRegistration, by: Registrar, day: date, work: UnitOfWork
) -> Registration:
    """One that says nothing new stays as it is, also after the deadline."""
    known = work.reporting.registration(new.practice_id, new.performance_year)
    if known is not None and known.version == wanted.seen and _says(known, wanted):
        return known
    return register_within(
        new.practice_id,
        new.performance_year,
        by,
        seen=wanted.seen,
        make=wanted.make,
        day=day,
        work=work,
    )


def _says(known: Registration, wanted: WantedRegistration) -> bool:
    return replace(wanted.make(known.version), registered_at=known.registered_at) == known


def _confirm(enrolled: Enrolled, work: UnitOfWork) -> None:
    """To who is named in the order; of a registration also to the contacts of the practice."""
    order, registration = enrolled.order, enrolled.registration
    addresses = contacts_in(order)
    if registration is not None:
        addresses += contacts_of(order.practice_id, work)
    occasion = Occasion(
        performance_year=order.performance_year,
        order_id=order.id,
        registration=None if registration is None else registration.version,
    )
    confirm(order.practice_id, occasion, addresses, work)
