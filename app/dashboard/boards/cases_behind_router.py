"""The cases behind a result as a page, each with the way to why it landed where it did."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from app.access.rights import require_figures
from app.dashboard.frame.desks import AskedYear, AtFiguresDesk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.populations import Population
from app.domain.roster import Clinician, PracticeTin
from app.measures.cases_behind import cases_behind
from app.measures.catalogue.asked_measures import measure_of, stratum_landed_in, year_of
from app.measures.dependencies import Measures
from app.measures.detail_wire import MeasureDetail
from app.storage.cases.case_queries import BehindQuestion
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
    tin: PracticeTin | None
    clinician: Clinician | None
    stratum: str | None
    performance: Population | None

    def address(self, **changed: str | None) -> str:
        told = {
            "year": str(self.year),
            "tin_id": self.tin and str(self.tin.id),
            "clinician_id": self.clinician and str(self.clinician.id),
            "stratum": self.stratum,
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
    tin_id: UUID | None = None,
    clinician_id: UUID | None = None,
    stratum: str | None = None,
    performance: Population | None = None,
    cursor: Cursor = None,
) -> Response:
    """A clinician is shown the cases of their own NPI.

    By the entries of the roster: a TIN or an NPI belongs in no address.
    """
    tin = None if tin_id is None else desk.entries.get(PracticeTin, tin_id)
    clinician = None if clinician_id is None else desk.entries.get(Clinician, clinician_id)
    npi = None if clinician is None else clinician.npi
    whose = require_figures(desk.caller, desk.id, npi)
    of_year = year_of(catalogue, year)
    measure = measure_of(of_year, measure_id)
    question = BehindQuestion(
        practice=desk.id,
        performance_year=year,
        measure_id=measure_id,
        stratum=stratum_landed_in(measure, stratum),
        population=performance,
        tins=() if tin is None else (tin.tin,),
        npis=() if whose is None else (whose,),
    )
    with desk.open_work() as work:
        found = cases_behind(question, work, Paging(cursor=cursor))
    asked = Asked(
        path=desk.path(f"/dashboard/measures/{measure_id}"),
        year=year,
        tin=tin,
        clinician=clinician,
        stratum=stratum,
        performance=performance,
    )
    reasons = MeasureDetail.of_computed(measure, of_year.benchmarks).reasons
    return desk.page(
        "boards/cases_behind.html",
        year=year,
        measure=measure.facts,
        asked=asked,
        populations=_SHOWN,
        cases=found.items,
        following=found.next_cursor,
        meanings={each.reason: each.meaning for each in reasons},
    )
