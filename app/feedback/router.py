"""Feedback reports: listed, asked for, opened as JSON, HTML, PDF or CSV; who received what."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.asked import AskedNpi, AskedPractice, AskedTin
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require, require_figures, require_practice
from app.domain.errors.requests import InvalidRequest
from app.domain.feedback import (
    FeedbackFormat,
    FeedbackLevel,
    FeedbackReport,
    Quarter,
    parse_quarter,
)
from app.feedback.html_report import content_policy
from app.feedback.request_wire import FeedbackRequestOut, MakeRequest
from app.feedback.requested import ask_report
from app.feedback.service import hand_out
from app.feedback.visible import permitted, require_counted, visible_report, visible_request
from app.feedback.wire import (
    DeliveryOut,
    FeedbackReportOut,
    OpenedReportOut,
    ReminderOut,
)
from app.measures.dependencies import Measures, reach_of
from app.storage.feedback.feedback_store import ReportsQuestion
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.paging import Page, Paged

router = APIRouter(tags=["feedback"], route_class=KeepsAnswers)

_REPORTS: Final = "/v1/feedback-reports"
_TEXT: Final = {"schema": {"type": "string"}}
_FILES_TOO: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/html": _TEXT,
            "text/csv": _TEXT,
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
_MEDIA_TYPES: Final = {
    FeedbackFormat.JSON: "application/json",
    FeedbackFormat.HTML: "text/html; charset=utf-8",
    FeedbackFormat.PDF: "application/pdf",
    FeedbackFormat.CSV: "text/csv; charset=utf-8",
}


async def _quarter(
    quarter: Annotated[str | None, Query(description="Only those of it, as 2024-Q1.")] = None,
) -> Quarter | None:
    try:
        return None if quarter is None else parse_quarter(quarter)
    except ValueError as error:
        raise InvalidRequest(f"quarter: {error}.") from None


AskedQuarter = Annotated[Quarter | None, Depends(_quarter)]


@router.get(_REPORTS, summary="List feedback reports")
def list_reports(
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    quarter: AskedQuarter,
    tin: AskedTin,
    npi: AskedNpi,
    paged: Paged,
    level: Annotated[
        FeedbackLevel | None,
        Query(description="Of TINs (`group`), clinicians or groups of the roster alone."),
    ] = None,
) -> Page[FeedbackReportOut]:
    """The newest first, of everybody and every group; to a clinician their own alone."""
    whose = require_figures(caller, practice, npi)
    require_registered(open_work, practice)
    asked = ReportsQuestion(
        practice=practice,
        levels=() if level is None else (level,),
        quarter=quarter,
        tin=tin,
        npi=whose,
    )
    before = paged.uuid("before")
    with open_work() as work:
        found = (
            []
            if caller.sandbox
            else work.feedback.listed(asked, before=before, limit=paged.with_next)
        )
    return paged.page(found, show=FeedbackReportOut.of, key_of=lambda each: {"before": each.id})


@router.post(
    _REPORTS,
    status_code=202,
    summary="Ask for a feedback report",
    openapi_extra=described_body(MakeRequest),
)
def ask_one_report(
    practice: AskedPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    day: Today,
    asked: Annotated[MakeRequest, Depends(json_body(MakeRequest))],
) -> FeedbackRequestOut:
    """Let a worker make the report of a TIN, clinician or group, from the cases that there are.

    Ask at `Location` until `status` is `done`; `links.report` is then where it can be opened. It is
    kept beside those of before. While the same report is being made it is that one.
    """
    allowed = permitted(asked.of(practice), caller)
    require_counted(caller)
    request = ask_report(
        allowed,
        caller.actor,
        reaches=reach_of(caller),
        day=day,
        catalogue=catalogue,
        open_work=open_work,
    )
    told = FeedbackRequestOut.of(request)
    response.headers["Location"] = told.links.self
    return told


@router.get("/v1/feedback-requests/{request_id}", summary="Read how far a feedback report is")
def read_request(request_id: UUID, caller: Caller, open_work: Work) -> FeedbackRequestOut:
    """One that broke off is tried three times before its `status` is `failed`."""
    return FeedbackRequestOut.of(visible_request(request_id, caller, open_work))


@router.get(
    f"{_REPORTS}/{{report_id}}",
    response_model=OpenedReportOut,
    responses=_FILES_TOO,
    summary="Open a feedback report",
)
def open_report(
    report_id: UUID,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    format_: Annotated[
        FeedbackFormat, Query(alias="format", description="All of them tell the same figures.")
    ] = FeedbackFormat.JSON,
    cases: Annotated[
        bool,
        Query(description="Also list the cases that failed, and why."),
    ] = False,
) -> Response:
    """A report as it was made; who received it is written down.

    The cases are those of now, the newest of each rate: `GET /v1/measures/results/cases` lists all.
    """
    report = visible_report(report_id, caller, open_work)
    if cases:
        require_practice(caller, Right.SEE_REASONS, report.practice_id)
    content = hand_out(
        report,
        format_,
        caller.actor,
        with_cases=cases,
        catalogue=catalogue,
        open_work=open_work,
    )
    return Response(content, media_type=_MEDIA_TYPES[format_], headers=_headers(report, format_))


@router.get(f"{_REPORTS}/{{report_id}}/deliveries", summary="List who received a report")
def list_deliveries(
    report_id: UUID,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[DeliveryOut]:
    """The newest first."""
    require(caller, Right.SEE_FIGURES)
    report = visible_report(report_id, caller, open_work)
    before = paged.uuid("before")
    with open_work() as work:
        found = work.feedback.deliveries(report, before=before, limit=paged.with_next)
    return paged.page(found, show=DeliveryOut.of, key_of=lambda each: {"before": each.id})


@router.get("/v1/feedback-reminders", summary="List reminders of feedback reports")
def list_reminders(
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[ReminderOut]:
    """Which users of the practice were written to, the newest first."""
    require_practice(caller, Right.SEE_FIGURES, practice)
    require_registered(open_work, practice)
    before = paged.uuid("before")
    with open_work() as work:
        found = (
            []
            if caller.sandbox
            else work.feedback_reminders.listed(practice, before=before, limit=paged.with_next)
        )
    return paged.page(found, show=ReminderOut.of, key_of=lambda each: {"before": each.id})


def _headers(report: FeedbackReport, format_: FeedbackFormat) -> dict[str, str]:
    """The page and the PDF are shown, the rest is saved; no name of a file has a TIN in it."""
    name = f"feedback-{report.quarter.name}-{report.practice_id}.{format_}"
    match format_:
        case FeedbackFormat.JSON:
            return {}
        case FeedbackFormat.HTML:
            return {"Content-Security-Policy": content_policy()}
        case FeedbackFormat.PDF:
            return {"Content-Disposition": f'inline; filename="{name}"'}
        case FeedbackFormat.CSV:
            return {"Content-Disposition": f'attachment; filename="{name}"'}
