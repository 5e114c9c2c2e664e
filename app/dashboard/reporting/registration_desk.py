"""Somebody in front of the registration of a practice for a year, and what its pages show."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from fastapi import Response

from app.access.rights import Right
from app.billing.confirmation_letters import OPTIONS
from app.billing.enrolling import WantedRegistration
from app.billing.pricing import described_items
from app.billing.program_years import billing_model, days_of, offered_products
from app.dashboard.frame.dependencies import LongForm
from app.dashboard.frame.desks import Desk
from app.dashboard.frame.shown_forms import Faults, ShownForm, placed, seen_version
from app.dashboard.reporting.registration_form import (
    CRITERIA,
    NAMES,
    PROVIDERS,
    QUANTITIES,
    quantity_name,
)
from app.domain.billing import BillingModel, Membership
from app.domain.errors import RegistryError
from app.domain.errors.reporting import RegistrationUnknown
from app.domain.reporting import Registration
from app.domain.roster import Subgroup, VirtualGroup
from app.reporting.registration_service import Registrar, read_registration
from app.reporting.registration_wire import RegistrationRequest
from app.reporting.reporting_years import deadlines_of, mvps_of
from app.web.problems import status_of

_INVALID: Final = 422


@dataclass(frozen=True, kw_only=True)
class RegistrationDesk:
    """Somebody in front of the registration of a practice for a year."""

    desk: Desk
    year: int

    @property
    def registration(self) -> Registration | None:
        try:
            return read_registration(self.desk.id, self.year, open_work=self.desk.open_work)
        except RegistrationUnknown:
            return None

    @property
    def until(self) -> date | None:
        """The last day for practices, of the order or of the registration."""
        days = (days_of(self.year).registration_until, deadlines_of(self.year).register_until)
        return min((day for day in days if day is not None), default=None)

    def require_changing(self) -> None:
        """Raises: NotPermitted."""
        self.desk.require(Right.PLACE_ORDERS)
        self.desk.require(Right.REGISTER_FOR_REPORTING)

    def registrar(self, asked: RegistrationRequest | None) -> Registrar:
        return self.desk.registrar(None if asked is None else asked.late_reason)

    def wanted(self, asked: RegistrationRequest, form: LongForm) -> WantedRegistration:
        return WantedRegistration(
            make=lambda version: asked.as_registration(
                self.desk.id, self.year, version, at=datetime.now(UTC)
            ),
            seen=_seen(form),
        )

    def page(self, template: str, *, status_code: int = 200, **values: object) -> Response:
        return self.desk.page(
            template,
            status_code=status_code,
            year=self.year,
            until=self.until,
            is_closed=self.until is not None and self.desk.day > self.until,
            here=self.desk.path("/registration"),
            options=OPTIONS,
            names_of_products={each.product: each.name for each in offered_products()},
            described_items=described_items,
            **values,
        )

    def form_page(
        self,
        template: str,
        form: LongForm,
        *,
        faults: Faults | None = None,
        refusal: RegistryError | None = None,
    ) -> Response:
        """The form with all that was typed, each fault beside its field."""
        told, left = ({}, None) if refusal is None else placed(refusal, NAMES)
        told = dict(sorted({**told, **(faults or {})}.items(), key=_place))
        status = _INVALID if faults else 200
        return self.page(
            template,
            status_code=status if refusal is None else status_of(refusal),
            form=ShownForm(typed=form, faults=told),
            refusal=left,
            products=offered_products(),
            by_cases=billing_model(self.year) is BillingModel.CASES,
            providers=PROVIDERS,
            memberships=Membership,
            quantity_name=quantity_name,
            quantities=QUANTITIES,
            mvps=[(mvp.id, f"{mvp.id}, {mvp.title}") for mvp in mvps_of(self.year)],
            criteria=CRITERIA,
            subgroups=self.groups_of_year(Subgroup),
            virtual_groups=self.groups_of_year(VirtualGroup),
        )

    def groups_of_year(self, kind: type[Subgroup] | type[VirtualGroup]) -> list[tuple[str, str]]:
        every = self.desk.entries.page(kind, after=None, limit=None)
        return [
            (str(each.id), _named(each)) for each in every if each.performance_year == self.year
        ]


def _named(group: Subgroup | VirtualGroup) -> str:
    if isinstance(group, VirtualGroup) and group.confirmed_at is None:
        return f"{group.name} (awaits the registry)"
    return group.name


def _place(fault: tuple[str, str]) -> int:
    """Of its field in the form."""
    return NAMES.index(fault[0]) if fault[0] in NAMES else len(NAMES)


def _seen(form: LongForm) -> int | None:
    """The version of the registration that the form was made from; None: there was none."""
    text = form.get("seen")
    return seen_version(text) if text else None
