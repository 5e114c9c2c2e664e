"""The billing of all practices as a page of the staff: who owes what, the final run of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from app.access.rights import Right, require
from app.billing.invoice_service import list_invoices
from app.billing.program_years import reconciled_from
from app.billing.year_service import Run, reconcile_all
from app.dashboard.frame.dependencies import MemberWork, SignedInLongForm, SignedInPage
from app.dashboard.frame.desks import AskedYear
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member
from app.domain.billing import Invoice, InvoiceState
from app.domain.errors import RegistryError
from app.domain.errors.billing import NotReconcilable
from app.domain.errors.requests import InvalidRequest
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Today
from app.web.problems import status_of

router = APIRouter(include_in_schema=False, prefix="/billing", route_class=PageRoute)

_ON_A_PAGE: Final = 100


@dataclass(frozen=True, kw_only=True)
class StaffDesk:
    """Somebody of the registry in front of the billing of a year."""

    member: Member
    open_work: OpenWork
    day: date
    year: int

    def page(
        self,
        *,
        only: InvoiceState | None = None,
        start: int = 0,
        runs: Sequence[Run] = (),
        refusal: RegistryError | None = None,
    ) -> Response:
        every = list_invoices(performance_year=self.year, open_work=self.open_work)
        asked = [each for each in every if only in (None, each.state)]
        end = start + _ON_A_PAGE
        return self.member.page(
            "billing/billing.html",
            status_code=200 if refusal is None else status_of(refusal),
            year=self.year,
            invoices=asked[start:end],
            following=end if end < len(asked) else None,
            counts=_counted(every),
            owed=_owed(every),
            only=only,
            runs=runs,
            refusal=refusal,
            reconciled_from=reconciled_from(self.year),
            is_over=self.day >= reconciled_from(self.year),
            day=self.day,
        )


def _at_staff(
    member: SignedInPage, open_work: MemberWork, day: Today, year: AskedYear
) -> StaffDesk:
    require(member.signed_in.principal, Right.MANAGE_BILLING)
    return StaffDesk(member=member, open_work=open_work, day=day, year=year)


AtStaff = Annotated[StaffDesk, Depends(_at_staff)]


@router.get("")
def billing_page(
    at: AtStaff,
    state: InvoiceState | None = None,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    return at.page(only=state, start=start)


@router.post("/reconciliation")
def reconcile_every_practice(at: AtStaff, form: SignedInLongForm) -> Response:
    """A practice that is reconciled already stays as it is."""
    try:
        if form.get("confirmed") != "true":
            raise InvalidRequest("Tick the box first: a year is reconciled once and for all.")
        actor = at.member.signed_in.principal.actor
        runs = list(reconcile_all(at.year, actor, day=at.day, open_work=at.open_work))
    except (InvalidRequest, NotReconcilable) as error:
        return at.page(refusal=error)
    return at.page(runs=runs)


def _counted(invoices: list[Invoice]) -> dict[InvoiceState, int]:
    return {state: sum(each.state is state for each in invoices) for state in InvoiceState}


def _owed(invoices: list[Invoice]) -> dict[str, int]:
    """What is still to be paid, in cents by currency."""
    owed: dict[str, int] = {}
    for each in invoices:
        owed[each.currency] = owed.get(each.currency, 0) + each.owed
    return {currency: cents for currency, cents in owed.items() if cents}
