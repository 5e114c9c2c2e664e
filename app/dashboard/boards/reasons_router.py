"""Why a case landed where it did in each measure, as a page: the steps as a small tree."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.dashboard.boards.reasons_view import ShownReasons
from app.dashboard.frame.dependencies import MemberWork, SignedInPage
from app.dashboard.frame.page_routes import PageRoute
from app.intake.case_reasons import reasons_of_case
from app.measures.dependencies import Measures

router = APIRouter(include_in_schema=False, prefix="/cases/{case_id}", route_class=PageRoute)


@router.get("/measures")
def reasons_page(
    case_id: UUID,
    member: SignedInPage,
    open_work: MemberWork,
    catalogue: Measures,
    measure_id: str | None = None,
) -> Response:
    found = reasons_of_case(
        case_id,
        member.signed_in.principal,
        measure_id=measure_id,
        catalogue=catalogue,
        open_work=open_work,
    )
    return member.page(
        "boards/reasons.html",
        case_id=case_id,
        practice_id=found.case.practice_id,
        year=found.performance_year,
        one=measure_id,
        reasons=ShownReasons.of(found.explanations),
    )
