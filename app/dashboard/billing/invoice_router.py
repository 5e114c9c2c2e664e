"""The billing of a practice as pages: the year so far, orders, invoices; staff enter payments."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from app.access.rights import Right
from app.billing.invoice_service import credit_invoice, list_invoices, pay_invoice, read_invoice
from app.billing.invoice_wire import CreditRequest, PaymentRequest
from app.billing.order_service import cancel_order, invoice_order, list_orders
from app.billing.pricing import described_items, described_unit
from app.billing.program_years import name_of, reconciled_from
from app.billing.year_service import look_at_year, reconcile_year
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import Faults, ShownForm, nested, placed, read_as
from app.domain.billing import Payment
from app.domain.errors import RegistryError
from app.domain.errors.billing import InvoiceConflict, NotReconcilable, OrderConflict, PriceMissing
from app.domain.errors.requests import InvalidRequest
from app.domain.money import parse_money
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/invoices", route_class=PageRoute
)

_INVALID: Final = 422
_OF_PAYMENT: Final = ("paid_on", "reference")
_AMOUNT: Final = "cents"
_EMPTY: Final = LongForm(pairs=())

Number = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{6,9}$")]


@dataclass(frozen=True, kw_only=True)
class BillingDesk:
    """Somebody in front of the orders and invoices of a practice."""

    desk: Desk

    def require_managing(self) -> None:
        """Raises: NotPermitted."""
        self.desk.require(Right.MANAGE_BILLING)

    def year_page(self, year: int, *, refusal: RegistryError | None = None) -> Response:
        desk = self.desk
        orders = list_orders(
            desk.id, performance_year=year, after=None, limit=None, open_work=desk.open_work
        )
        return desk.page(
            "billing/invoices.html",
            status_code=200 if refusal is None else status_of(refusal),
            year=year,
            billing=look_at_year(desk.id, year, day=desk.day, open_work=desk.open_work),
            orders=orders,
            invoices=list_invoices(
                practice=desk.id, performance_year=year, open_work=desk.open_work
            ),
            described_items=described_items,
            described_unit=described_unit,
            name_of=name_of,
            reconciled_from=reconciled_from(year),
            is_over=desk.day >= reconciled_from(year),
            may_order=desk.may(Right.PLACE_ORDERS),
            may_manage=desk.may(Right.MANAGE_BILLING),
            refusal=refusal,
            done=desk.member.request.query_params.get("done"),
        )

    def invoice_page(
        self,
        number: str,
        form: LongForm = _EMPTY,
        *,
        faults: Faults | None = None,
        refusal: RegistryError | None = None,
    ) -> Response:
        names = (*_OF_PAYMENT, _AMOUNT, "reason")
        told, left = ({}, None) if refusal is None else placed(refusal, names)
        status = _INVALID if faults else 200
        return self.desk.page(
            "billing/invoice.html",
            status_code=status if refusal is None else status_of(refusal),
            invoice=read_invoice(self.desk.id, number, open_work=self.desk.open_work),
            form=ShownForm(typed=form, faults={**told, **(faults or {})}),
            refusal=left,
            may_manage=self.desk.may(Right.MANAGE_BILLING),
            done=self.desk.member.request.query_params.get("done"),
        )


def _at_billing(desk: AtDesk) -> BillingDesk:
    desk.require(Right.SEE_BILLING)
    return BillingDesk(desk=desk)


AtBilling = Annotated[BillingDesk, Depends(_at_billing)]


@router.get("")
def invoices_page(at: AtBilling, year: AskedYear) -> Response:
    return at.year_page(year)


@router.post("/reconciliation")
def reconcile(at: AtBilling, year: AskedYear, form: SignedInLongForm) -> Response:
    """The final run of one practice, confirmed by a tick."""
    at.require_managing()
    desk = at.desk
    try:
        if form.get("confirmed") != "true":
            raise InvalidRequest("Tick the box when you have looked at the figures.")
        reconcile_year(desk.id, year, desk.caller.actor, day=desk.day, open_work=desk.open_work)
    except (InvalidRequest, NotReconcilable, PriceMissing) as error:
        return at.year_page(year, refusal=error)
    return desk.go("/invoices", year=year, done="reconciled")


@router.post("/orders/{order_id}/invoice")
def issue_invoice(at: AtBilling, order_id: UUID, year: AskedYear, _: SignedInLongForm) -> Response:
    at.require_managing()
    desk = at.desk
    try:
        invoice = invoice_order(
            desk.id, order_id, desk.caller.actor, day=desk.day, open_work=desk.open_work
        )
    except OrderConflict as error:
        return at.year_page(year, refusal=error)
    return desk.go(f"/invoices/{invoice.number}", done="issued")


@router.post("/orders/{order_id}/cancel")
def cancel(at: AtBilling, order_id: UUID, year: AskedYear, _: SignedInLongForm) -> Response:
    desk = at.desk
    desk.require(Right.PLACE_ORDERS)
    try:
        cancel_order(desk.id, order_id, desk.caller.actor, open_work=desk.open_work)
    except OrderConflict as error:
        return at.year_page(year, refusal=error)
    return desk.go("/invoices", year=year, done="cancelled")


@router.get("/{number}")
def invoice_page(at: AtBilling, number: Number) -> Response:
    return at.invoice_page(number)


@router.post("/{number}/payment")
def enter_payment(at: AtBilling, number: Number, form: SignedInLongForm) -> Response:
    at.require_managing()
    payment, faults = _payment(form)
    if payment is None:
        return at.invoice_page(number, form, faults=faults)
    desk = at.desk
    try:
        pay_invoice(
            desk.id,
            number,
            payment,
            desk.caller.actor,
            day=desk.day,
            open_work=desk.open_work,
        )
    except (InvalidRequest, InvoiceConflict) as error:
        return at.invoice_page(number, form, refusal=error)
    return desk.go(f"/invoices/{number}", done="paid")


@router.post("/{number}/credit")
def credit(at: AtBilling, number: Number, form: SignedInLongForm) -> Response:
    at.require_managing()
    asked, faults = read_as(CreditRequest, nested(form, ("reason",)))
    if asked is None:
        return at.invoice_page(number, form, faults=faults)
    desk = at.desk
    try:
        made = credit_invoice(
            desk.id,
            number,
            asked.reason,
            desk.caller.actor,
            day=desk.day,
            open_work=desk.open_work,
        )
    except InvoiceConflict as error:
        return at.invoice_page(number, form, refusal=error)
    return desk.go(f"/invoices/{made.number}", done="credited")


def _payment(form: LongForm) -> tuple[Payment | None, Faults]:
    """Amounts are typed as 1,234.56 and taken in whole cents."""
    told: dict[str, object] = dict(nested(form, _OF_PAYMENT))
    typed, wrong = form.get(_AMOUNT).strip(), {}
    try:
        if typed:
            told[_AMOUNT] = parse_money(typed)
    except ValueError as error:
        wrong = {_AMOUNT: str(error)}
    asked, faults = read_as(PaymentRequest, told)
    return None if asked is None else asked.as_payment(), {**faults, **wrong}
