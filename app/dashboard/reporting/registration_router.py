"""The registration of a practice for a program year as pages: form, preview, what is registered."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from app.access.rights import Right
from app.billing.enrolling import Enrolled, enrol
from app.billing.order_service import orders_in_force
from app.billing.program_years import name_of
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AskedYear, AtDesk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import ShownForm
from app.dashboard.reporting.registration_desk import RegistrationDesk
from app.dashboard.reporting.registration_form import (
    CRITERIA,
    beginning,
    read_enrolment,
    read_reporting,
    reporting_as_it_is,
)
from app.domain.errors.billing import InvoiceConflict, OrderConflict, PriceMissing
from app.domain.errors.reporting import RegistrationClosed
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest, PreconditionMissing
from app.domain.roster import Subgroup, VirtualGroup
from app.reporting.confirming import confirmations_of
from app.reporting.registration_service import (
    register,
    registration_history,
)
from app.reporting.reporting_years import keep_until

router = APIRouter(
    include_in_schema=False,
    prefix="/practices/{practice_id}/registration",
    route_class=PageRoute,
)

_REFUSED: Final = (
    *(InvalidRequest, OrderConflict, PriceMissing, InvoiceConflict),
    *(RegistrationClosed, PreconditionMissing, ChangedMeanwhile),
)


def _at_registration(desk: AtDesk, year: AskedYear) -> RegistrationDesk:
    return RegistrationDesk(desk=desk, year=year)


AtRegistration = Annotated[RegistrationDesk, Depends(_at_registration)]


@router.get("")
def registration_page(at: AtRegistration) -> Response:
    registration, desk = at.registration, at.desk
    return at.page(
        "reporting/registration.html",
        registration=registration,
        kept_until=None if registration is None else keep_until(registration),
        orders=orders_in_force(desk.id, at.year, open_work=desk.open_work),
        history=registration_history(desk.id, at.year, open_work=desk.open_work),
        letters=confirmations_of(desk.id, at.year, open_work=desk.open_work),
        names_of_groups=dict(at.groups_of_year(Subgroup) + at.groups_of_year(VirtualGroup)),
        criteria=CRITERIA,
        may_register=desk.may(Right.REGISTER_FOR_REPORTING),
        done=desk.member.request.query_params.get("done"),
    )


@router.get("/form")
def begin_form(at: AtRegistration) -> Response:
    at.require_changing()
    orders = orders_in_force(at.desk.id, at.year, open_work=at.desk.open_work)
    form = beginning(at.desk.practice, orders, at.registration)
    return at.form_page("reporting/registration_form.html", form)


@router.post("/form")
def return_to_form(at: AtRegistration, form: SignedInLongForm) -> Response:
    """From the preview, with all that was typed."""
    at.require_changing()
    return at.form_page("reporting/registration_form.html", form)


@router.post("/preview")
def preview(at: AtRegistration, form: SignedInLongForm) -> Response:
    """What it would cost: everything is tried out, and nothing is stored."""
    tried = _enrolled(at, form, keep=False)
    if isinstance(tried, Response):
        return tried
    return at.page(
        "reporting/registration_preview.html",
        enrolled=tried,
        product=name_of(tried.order.product),
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
    return at.form_page("reporting/reporting_form.html", reporting_as_it_is(at.registration))


@router.post("/reporting")
def change_reporting(at: AtRegistration, form: SignedInLongForm) -> Response:
    at.require_changing()
    asked, faults = read_reporting(form)
    if asked is None:
        return at.form_page("reporting/reporting_form.html", form, faults=faults)
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
        return at.form_page("reporting/reporting_form.html", form, refusal=error)
    return at.desk.go("/registration", year=at.year, done="registered")


def _enrolled(at: RegistrationDesk, form: LongForm, *, keep: bool) -> Enrolled | Response:
    """What the form came to, or the form with what is wrong with it."""
    at.require_changing()
    read = read_enrolment(form, at.year)
    if read.order is None:
        return at.form_page("reporting/registration_form.html", form, faults=read.faults)
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
        return at.form_page("reporting/registration_form.html", form, refusal=error)
