"""The feedback reports of a practice as a page: opened from here, and asked for."""

from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.boards.feedback_lists import (
    groups_to_ask_for,
    listed_reports,
    not_done,
)
from app.dashboard.frame.dependencies import Fields, SignedInForm
from app.dashboard.frame.desks import AtFiguresDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors import RegistryError
from app.domain.errors.measures import FeedbackReportUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import RosterEntryUnknown, VirtualGroupUnconfirmed
from app.domain.feedback import Quarter, parse_quarter
from app.domain.identifiers import parse_npi, parse_tin
from app.domain.principals import Role
from app.feedback.requested import ask_report
from app.feedback.visible import permitted
from app.feedback.whose import AskedReport
from app.measures.dependencies import Measures, reach_of
from app.web.paging import Cursor
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/feedback", route_class=PageRoute
)

_REFUSED: Final = (
    InvalidRequest,
    FeedbackReportUnknown,
    RosterEntryUnknown,
    VirtualGroupUnconfirmed,
)

AskedQuarter = Annotated[str | None, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")]


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
            permitted(_asked(desk, form), desk.caller),
            desk.caller.actor,
            reaches=reach_of(desk.caller),
            day=desk.day,
            catalogue=catalogue,
            open_work=desk.open_work,
        )
    except ValueError as error:
        return _page(desk, fault=f"{error}.", status_code=422)
    except _REFUSED as error:
        return _page(desk, refusal=error, status_code=status_of(error))
    return desk.go(f"/feedback/requests/{request.id}")


def _asked(desk: Desk, form: Fields) -> AskedReport:
    """Raises: ValueError, naming the rule that is broken."""
    told = {name: form.get(name, "").strip() for name in ("quarter", "tin", "npi", "group")}
    quarter = parse_quarter(told["quarter"])
    if told["group"]:
        return _of_group(AskedReport(practice=desk.id, quarter=quarter), told["group"])
    npi = parse_npi(told["npi"]) if told["npi"] else None
    return AskedReport(practice=desk.id, quarter=quarter, tin=parse_tin(told["tin"]), npi=npi)


def _of_group(asked: AskedReport, chosen: str) -> AskedReport:
    """Raises: ValueError."""
    level, _, group_id = chosen.partition(":")
    match level:
        case "subgroup":
            return replace(asked, subgroup_id=UUID(group_id))
        case "virtual_group":
            return replace(asked, virtual_group_id=UUID(group_id))
        case _:
            raise ValueError("choose a group of the list")


def _page(
    desk: Desk,
    *,
    quarter: Quarter | None = None,
    cursor: str | None = None,
    fault: str | None = None,
    refusal: RegistryError | None = None,
    status_code: int = 200,
) -> Response:
    is_own = desk.caller.role is Role.CLINICIAN
    return desk.page(
        "boards/feedback.html",
        status_code=status_code,
        listed=listed_reports(desk, quarter, cursor),
        asked=not_done(desk),
        groups=() if is_own else groups_to_ask_for(desk),
        quarter=quarter,
        is_own=is_own,
        may_see_cases=desk.may(Right.SEE_REASONS),
        fault=fault,
        refusal=refusal,
    )
