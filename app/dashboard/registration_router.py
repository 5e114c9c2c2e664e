"""The registration of a practice for a program year as pages: form, preview, what is registered."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.billing.confirmation_letters import OPTIONS
from app.billing.enrolling import Enrolled, WantedRegistration, enrol
from app.billing.order_service import orders_in_force
from app.billing.pricing import described_items
from app.billing.program_years import billing_model, days_of, name_of, offered_products
from app.dashboard.dependencies import LongForm, SignedInLongForm
from app.dashboard.desks import AskedYear, AtDesk, Desk
from app.dashboard.page_routes import PageRoute
from app.dashboard.registration_form import (
    CRITERIA,
    NAMES,
    PROVIDERS,
    QUANTITIES,
    beginning,
    quantity_name,
    read_enrolment,
    read_reporting,
    reporting_as_it_is,
)
from app.dashboard.shown_forms import Faults, ShownForm, placed, seen_version
from app.domain.billing import BillingModel, Membership, Product
from app.domain.errors import (
    ChangedMeanwhile,
    InvalidRequest,
    InvoiceConflict,
    OrderConflict,
    PreconditionMissing,
    PriceMissing,
    RegistrationClosed,
    RegistrationUnknown,
    RegistryError,
)
from app.domain.reporting import Registration
from app.domain.roster import Subgroup, VirtualGroup
from app.reporting.confirming import confirmations_of
from app.reporting.registration_service import (
    Registrar,
    read_registration,
    register,
    registration_history,
)
from app.reporting.reporting_years import deadlines_of, keep_until, mvps_of
from app.reporting.wire import RegistrationRequest
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/registration",
    route_class=PageRoute,
)

_INVALID: Final = 422
_REFUSED: Final = (
    *(InvalidRequest, OrderConflict, PriceMissing, InvoiceConflict),
    *(RegistrationClosed, PreconditionMissing, ChangedMeanwhile),
)


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
            subgroups=self._of_year(Subgroup),
            virtual_groups=self._of_year(VirtualGroup),
        )

    def _of_year(self, kind: type[Subgroup] | type[VirtualGroup]) -> list[tuple[str, str]]:
        every = self.desk.entries.page(kind, after=None, limit=None)
        return [(str(each.id), each.name) for each in every if each.performance_year == self.year]


def _at_registration(desk: AtDesk, year: AskedYear) -> RegistrationDesk:
    return RegistrationDesk(desk=desk, year=year)


AtRegistration = Annotated[RegistrationDesk, Depends(_at_registration)]


@router.get("")
def registration_page(at: AtRegistration) -> Response:
    registration, desk = at.registration, at.desk
    return at.page(
        "registration.html",
        registration=registration,
        kept_until=None if registration is None else keep_until(registration),
        orders=orders_in_force(desk.id, at.year, open_work=desk.open_work),
        history=registration_history(desk.id, at.year, open_work=desk.open_work),
        letters=confirmations_of(desk.id, at.year, open_work=desk.open_work),
        names_of_groups=dict(at._of_year(Subgroup) + at._of_year(VirtualGroup)),
        criteria=CRITERIA,
        may_register=desk.may(Right.REGISTER_FOR_REPORTING),
        done=desk.member.request.query_params.get("done"),
    )


@router.get("/form")
def begin_form(at: AtRegistration) -> Response:
    at.require_changing()
    orders = orders_in_force(at.desk.id, at.year, open_work=at.desk.open_work)
    form = beginning(at.desk.practice, orders, at.registration)
    return at.form_page("registration_form.html", form)


@router.post("/form")
def return_to_form(at: AtRegistration, form: SignedInLongForm) -> Response:
    """From the preview, with all that was typed."""
    at.require_changing()
    return at.form_page("registration_form.html", form)


@router.post("/preview")
def preview(at: AtRegistration, form: SignedInLongForm) -> Response:
    """What it would cost: everything is tried out, and nothing is stored."""
    tried = _enrolled(at, form, keep=False)
    if isinstance(tried, Response):
        return tried
    return at.page(
        "registration_preview.html",
        enrolled=tried,
        product=name_of(Product(tried.order.product)),
        form=ShownForm(typed=form),
    )


@router.post("")
def order_and_register(at: AtRegistration, form: SignedInLongForm) -> Response:
    done = _enrolled(at, form, keep=True)
    if isinstance(done, Response):
        return done
    return at.desk.go("/registration", year=at.year, done="ordered")


@router.get("/reporting")
def begin_reporting(at: AtRegistration) -> Response:
    """The part of the form that says how results are reported, without an order."""
    at.require_changing()
    return at.form_page("reporting_form.html", reporting_as_it_is(at.registration))


@router.post("/reporting")
def change_reporting(at: AtRegistration, form: SignedInLongForm) -> Response:
    at.require_changing()
    asked, faults = read_reporting(form)
    if asked is None:
        return at.form_page("reporting_form.html", form, faults=faults)
    wanted = at.wanted(asked, form)
    try:
        register(
            at.desk.id,
            at.year,
            at.registrar(asked),
            seen=wanted.seen,
            make=wanted.make,
            day=at.desk.day,
            open_work=at.desk.open_work,
        )
    except _REFUSED as error:
        return at.form_page("reporting_form.html", form, refusal=error)
    return at.desk.go("/registration", year=at.year, done="registered")


def _enrolled(at: RegistrationDesk, form: LongForm, *, keep: bool) -> Enrolled | Response:
    """What the form came to, or the form with what is wrong with it."""
    at.require_changing()
    read = read_enrolment(form, at.year)
    if read.order is None:
        return at.form_page("registration_form.html", form, faults=read.faults)
    asked = read.registration
    try:
        return enrol(
            read.order.as_new(at.desk.id),
            None if asked is None else at.wanted(asked, form),
            at.registrar(asked),
            day=at.desk.day,
            open_work=at.desk.open_work,
            keep=keep,
        )
    except _REFUSED as error:
        return at.form_page("registration_form.html", form, refusal=error)


def _place(fault: tuple[str, str]) -> int:
    """Of its field in the form."""
    return NAMES.index(fault[0]) if fault[0] in NAMES else len(NAMES)


def _seen(form: LongForm) -> int | None:
    """The version of the registration that the form was made from; None: there was none."""
    text = form.get("seen")
    return seen_version(text) if text else None
