"""Orders of a practice: placed by it, invoiced by staff."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.asked import AskedYearOrAll, PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice, sees_every_practice
from app.billing.invoice_wire import InvoiceOut
from app.billing.order_service import (
    Orderer,
    cancel_order,
    invoice_order,
    list_orders,
    place_order,
    read_order,
)
from app.billing.order_wire import OrderOut, OrderRequest
from app.domain.errors.requests import InvalidRequest
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(
    prefix="/v1/practices/{practice_id}/orders", tags=["billing"], route_class=KeepsAnswers
)

_NOT_LIKE_THAT: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response(
        "It does not fit the other orders of the year, no price is entered for it,"
        " or the deadline has passed."
    )
}


@router.get("")
def list_orders_of_practice(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYearOrAll = None,
) -> Page[OrderOut]:
    """In the order in which they were placed, cancelled ones too."""
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    found = list_orders(
        practice,
        performance_year=performance_year,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(found, show=OrderOut.of, key_of=lambda each: {"after": each.id})


@router.post(
    "", status_code=201, responses=_NOT_LIKE_THAT, openapi_extra=described_body(OrderRequest)
)
def place_new_order(
    practice: PathPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[OrderRequest, Depends(json_body(OrderRequest))],
) -> OrderOut:
    """Order a product for a program year.

    Cases are ordered at the rates of ASA members and of others, by the share of members in the
    roster. `replaces` cancels what was ordered for the year and credits its unpaid invoices.
    """
    require_practice(caller, Right.PLACE_ORDERS, practice)
    if not asked.payment_policies_acknowledged:
        raise InvalidRequest("payment_policies_acknowledged: it must be true.")
    by = Orderer(actor=caller.actor, is_staff=sees_every_practice(caller))
    order = place_order(asked.as_new(practice), by, day=day, open_work=open_work)
    response.headers["Location"] = f"/v1/practices/{practice}/orders/{order.id}"
    return OrderOut.of(order)


@router.get("/{order_id}")
def read_one_order(
    order_id: UUID, practice: PathPractice, caller: Caller, open_work: Work
) -> OrderOut:
    """One order and its state: placed, invoiced, paid or cancelled."""
    require_practice(caller, Right.SEE_BILLING, practice)
    return OrderOut.of(read_order(practice, order_id, open_work=open_work))


@router.post("/{order_id}/cancel", responses=_NOT_LIKE_THAT)
def cancel_one_order(
    order_id: UUID, practice: PathPractice, caller: Caller, open_work: Work
) -> OrderOut:
    """Cancel an order that is not invoiced yet. Later its invoice is credited, by staff."""
    require_practice(caller, Right.PLACE_ORDERS, practice)
    return OrderOut.of(cancel_order(practice, order_id, caller.actor, open_work=open_work))


@router.post("/{order_id}/invoice", status_code=201, responses=_NOT_LIKE_THAT)
def invoice_one_order(
    order_id: UUID,
    practice: PathPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    day: Today,
) -> InvoiceOut:
    """Issue the initial invoice. An order on which nothing is owed is paid by that."""
    require_practice(caller, Right.MANAGE_BILLING, practice)
    invoice = invoice_order(practice, order_id, caller.actor, day=day, open_work=open_work)
    response.headers["Location"] = f"/v1/practices/{practice}/invoices/{invoice.number}"
    return InvoiceOut.of(invoice)
