"""Invoices as JSON, CSV and PDF; their payments and credits are entered by staff."""

from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require, require_practice
from app.billing.invoice_files import invoice_as_pdf, invoices_as_csv
from app.billing.invoice_service import credit_invoice, list_invoices, pay_invoice, read_invoice
from app.billing.invoice_wire import CreditRequest, InvoiceOut, PaymentRequest
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged, Paging

router = APIRouter(tags=["billing"], route_class=KeepsAnswers)

_INVOICES: Final = "/v1/practices/{practice_id}/invoices"
_CSV: Final = {"text/csv": {"schema": {"type": "string"}}}
_PDF: Final = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
_CSV_TOO: Final[dict[int | str, dict[str, Any]]] = {200: {"content": _CSV}}
_FILES_TOO: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {**_CSV, **_PDF}}}
_SETTLED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("It is paid or credited already.")
}

Number = Annotated[
    str, Path(pattern=r"^[0-9]{4}-[0-9]{6,9}$", description="As it stands on the invoice.")
]
AskedYear = Annotated[
    int | None, Query(ge=2000, le=2100, description="Only those of this program year.")
]


class ListFormat(StrEnum):
    CSV = "csv"


class InvoiceFormat(StrEnum):
    CSV = "csv"
    PDF = "pdf"


AskedList = Annotated[
    ListFormat | None,
    Query(alias="format", description="All of it as a file; `limit` is left aside then."),
]


@router.get("/v1/billing/invoices", response_model=Page[InvoiceOut], responses=_CSV_TOO)
def list_all_invoices(
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYear = None,
    format_: AskedList = None,
) -> Page[InvoiceOut] | Response:
    """The invoices of every practice in the order of their numbers, for an accounting system."""
    require(caller, Right.MANAGE_BILLING)
    return _listed(None, performance_year, format_, paged, open_work)


@router.get(_INVOICES, response_model=Page[InvoiceOut], responses=_CSV_TOO)
def list_invoices_of_practice(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYear = None,
    format_: AskedList = None,
) -> Page[InvoiceOut] | Response:
    """Invoices and credits in the order of their numbers."""
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    return _listed(practice, performance_year, format_, paged, open_work)


@router.get(f"{_INVOICES}/{{number}}", response_model=InvoiceOut, responses=_FILES_TOO)
def read_one_invoice(
    number: Number,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    format_: Annotated[
        InvoiceFormat | None, Query(alias="format", description="As a file instead of JSON.")
    ] = None,
) -> InvoiceOut | Response:
    """An invoice or a credit, as it was issued. The PDF is the same file for ever."""
    require_practice(caller, Right.SEE_BILLING, practice)
    invoice = read_invoice(practice, number, open_work=open_work)
    match format_:
        case InvoiceFormat.CSV:
            return _file(invoices_as_csv([invoice]), f"invoice-{number}.csv", "text/csv")
        case InvoiceFormat.PDF:
            return _file(invoice_as_pdf(invoice), f"invoice-{number}.pdf", "application/pdf")
        case None:
            return InvoiceOut.of(invoice)


@router.post(
    f"{_INVOICES}/{{number}}/payment",
    responses=_SETTLED,
    openapi_extra=described_body(PaymentRequest),
)
def enter_payment_of_invoice(
    number: Number,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[PaymentRequest, Depends(json_body(PaymentRequest))],
) -> InvoiceOut:
    """Enter what came in for an invoice, or a part of it; more than is owed is refused.

    An order is paid when its invoice is.
    """
    require_practice(caller, Right.MANAGE_BILLING, practice)
    payment = asked.as_payment()
    paid = pay_invoice(practice, number, payment, caller.actor, day=day, open_work=open_work)
    return InvoiceOut.of(paid)


@router.post(
    f"{_INVOICES}/{{number}}/credit",
    status_code=201,
    responses=_SETTLED,
    openapi_extra=described_body(CreditRequest),
)
def credit_one_invoice(
    number: Number,
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[CreditRequest, Depends(json_body(CreditRequest))],
) -> InvoiceOut:
    """Take an unpaid invoice back by a credit, a new document; its order is cancelled."""
    require_practice(caller, Right.MANAGE_BILLING, practice)
    credit = credit_invoice(
        practice, number, asked.reason, caller.actor, day=day, open_work=open_work
    )
    return InvoiceOut.of(credit)


def _listed(
    practice: PracticeId | None,
    performance_year: int | None,
    format_: ListFormat | None,
    paged: Paging,
    open_work: OpenWork,
) -> Page[InvoiceOut] | Response:
    if format_ is not None:
        everything = list_invoices(
            practice=practice, performance_year=performance_year, open_work=open_work
        )
        return _file(invoices_as_csv(everything), "invoices.csv", "text/csv")
    found = list_invoices(
        practice=practice,
        performance_year=performance_year,
        after=paged.text("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(found, show=InvoiceOut.of, key_of=lambda each: {"after": each.number})


def _file(content: bytes, name: str, media_type: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
