"""The cases behind a result as a page, each with the way to why it landed where it did."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from app.access.asked import AskedNpi, AskedTin
from app.access.rights import require_figures
from app.dashboard.frame.desks import AskedYear, AtFiguresDesk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.populations import Population
from app.measures.asked_measures import measure_of, year_of
from app.measures.cases_behind import cases_behind
from app.measures.dependencies import Measures
from app.measures.detail_wire import MeasureDetail
from app.storage.case_queries import BehindQuestion
from app.web.paging import Cursor, Paging

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/dashboard", route_class=PageRoute
)

_SHOWN: Final = tuple(each for each in Population if each is not Population.NOT_ELIGIBLE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the page shows, as its address says it."""

    path: str
    year: int
    tin: str | None
    npi: str | None
    performance: Population | None

    def address(self, **changed: str | None) -> str:
        told = {
            "year": str(self.year),
            "tin": self.tin,
            "npi": self.npi,
            "performance": self.performance,
            **changed,
        }
        return f"{self.path}?{urlencode({name: it for name, it in told.items() if it})}"


@router.get("/measures/{measure_id}")
def cases_behind_page(
    desk: AtFiguresDesk,
    measure_id: str,
    year: AskedYear,
    catalogue: Measures,
    tin: AskedTin,
    npi: AskedNpi,
    performance: Population | None = None,
    cursor: Cursor = None,
) -> Response:
    """A clinician is shown the cases of their own NPI."""
    whose = require_figures(desk.caller, desk.id, npi)
    of_year = year_of(catalogue, year)
    measure = measure_of(of_year, measure_id)
    question = BehindQuestion(
        practice=desk.id,
        performance_year=year,
        measure_id=measure_id,
        population=performance,
        tins=() if tin is None else (tin,),
        npis=() if whose is None else (whose,),
    )
    with desk.open_work() as work:
        found = cases_behind(question, work, Paging(cursor=cursor))
    path = desk.path(f"/dashboard/measures/{measure_id}")
    reasons = MeasureDetail.of_computed(measure, of_year.benchmarks).reasons
    return desk.page(
        "boards/cases_behind.html",
        year=year,
        measure=measure.facts,
        asked=Asked(path=path, year=year, tin=tin, npi=npi, performance=performance),
        populations=_SHOWN,
        cases=found.items,
        following=found.next_cursor,
        meanings={each.reason: each.meaning for each in reasons},
    )
