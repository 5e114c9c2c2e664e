"""The feedback reports of a practice as a page: opened from here, and asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.access.rights import Right, require_figures
from app.dashboard.boards.feedback_request_view import RequestView
from app.dashboard.frame.dependencies import Fields, SignedInForm
from app.dashboard.frame.desks import AtFiguresDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors import RegistryError
from app.domain.errors.measures import FeedbackReportUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.feedback import FeedbackReport, Quarter, parse_quarter
from app.domain.identifiers import Npi, parse_npi, parse_tin
from app.domain.principals import Role
from app.domain.roster import Clinician
from app.feedback.reading import FiguresQuestion
from app.feedback.requested import ask_report
from app.feedback.shown import of_whom
from app.measures.dependencies import Measures
from app.storage.feedback.feedback_store import ReportsQuestion
from app.web.paging import Cursor, Paging
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/feedback", route_class=PageRoute
)

_ON_A_PAGE: Final = 50
_REMEMBERED: Final = timedelta(days=7)
"""So long it is told that a report failed."""
_REFUSED: Final = (InvalidRequest, FeedbackReportUnknown)

AskedQuarter = Annotated[str | None, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")]


@dataclass(frozen=True, kw_only=True)
class ListedReport:
    made: FeedbackReport
    of: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """`more`: where the list of clinicians goes on."""

    of_tins: list[ListedReport]
    of_clinicians: list[ListedReport]
    more: str | None


@router.get("")
def feedback_page(
    desk: AtFiguresDesk, quarter: AskedQuarter = None, cursor: Cursor = None
) -> Response:
    asked = None if quarter is None else parse_quarter(quarter)
    return _page(desk, quarter=asked, cursor=cursor)


@router.post("")
def ask_from_page(desk: AtFiguresDesk, catalogue: Measures, form: SignedInForm) -> Response:
    try:
        request = ask_report(
            _asked(desk, form),
            desk.caller.actor,
            day=desk.day,
            catalogue=catalogue,
            open_work=desk.open_work,
        )
    except ValueError as error:
        return _page(desk, fault=f"{error}.", status_code=422)
    except _REFUSED as error:
        return _page(desk, refusal=error, status_code=status_of(error))
    return desk.go(f"/feedback/requests/{request.id}")


def _asked(desk: Desk, form: Fields) -> FiguresQuestion:
    """Raises: ValueError, naming the rule that is broken; NotPermitted."""
    told = {name: form.get(name, "").strip() for name in ("quarter", "tin", "npi")}
    npi = parse_npi(told["npi"]) if told["npi"] else None
    return FiguresQuestion(
        practice=desk.id,
        quarter=parse_quarter(told["quarter"]),
        tin=parse_tin(told["tin"]),
        npi=require_figures(desk.caller, desk.id, npi),
    )


def _page(
    desk: Desk,
    *,
    quarter: Quarter | None = None,
    cursor: str | None = None,
    fault: str | None = None,
    refusal: RegistryError | None = None,
    status_code: int = 200,
) -> Response:
    return desk.page(
        "boards/feedback.html",
        status_code=status_code,
        listed=_listed(desk, quarter, cursor),
        asked=_not_done(desk),
        quarter=quarter,
        is_own=desk.caller.role is Role.CLINICIAN,
        may_see_cases=desk.may(Right.SEE_REASONS),
        fault=fault,
        refusal=refusal,
    )


def _listed(desk: Desk, quarter: Quarter | None, cursor: str | None) -> Listed:
    """Those of TINs on the first page alone, and to a clinician none."""
    whose = require_figures(desk.caller, desk.id, None)
    of_tins = ReportsQuestion(practice=desk.id, individual=False, quarter=quarter)
    of_clinicians = ReportsQuestion(practice=desk.id, individual=True, quarter=quarter, npi=whose)
    paged = Paging(_ON_A_PAGE, cursor)
    before = paged.uuid("before")
    has_tins = before is None and whose is None
    with desk.open_work() as work:
        names = {each.npi: each.name for each in work.roster.all(Clinician, desk.id)}
        first = work.feedback.listed(of_tins, before=None, limit=_ON_A_PAGE) if has_tins else []
        found = work.feedback.listed(of_clinicians, before=before, limit=paged.with_next)
    shown, more = paged.cut(found, key_of=lambda each: {"before": each.id})
    return Listed(
        of_tins=_named(first, names),
        of_clinicians=_named(shown, names),
        more=more,
    )


def _not_done(desk: Desk) -> list[RequestView]:
    """To a clinician their own alone."""
    whose = require_figures(desk.caller, desk.id, None)
    with desk.open_work() as work:
        found = work.feedback_requests.not_done(
            desk.id, since=datetime.now(UTC) - _REMEMBERED, npi=whose
        )
    return [RequestView(request=each) for each in found]


def _named(reports: Iterable[FeedbackReport], names: dict[Npi, str]) -> list[ListedReport]:
    return [
        ListedReport(
            made=report,
            of=of_whom(report.tin, report.npi, report.npi and names.get(report.npi)),
        )
        for report in reports
    ]
