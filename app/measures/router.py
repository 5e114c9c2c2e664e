"""The catalogue of measures for anyone, results for those who may see the practice."""

from uuid import UUID

from fastapi import APIRouter

from app.access.asked import AskedNpi, AskedPractice, AskedTin
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.domain.errors import BadCursor
from app.domain.populations import Population
from app.measures.asked_measures import measure_of, year_of
from app.measures.changes_wire import MeasureChanges
from app.measures.dependencies import Measures, Year
from app.measures.detail_wire import MeasureDetail
from app.measures.service import (
    described_measure,
    listed_measures,
    measure_changes,
    measure_results,
)
from app.measures.summary_wire import MeasureList
from app.measures.wire import CaseBehind, Level, MeasureResults
from app.storage.case_queries import BehindQuestion
from app.web.dependencies import Today
from app.web.paging import DEFAULT_LIMIT, Cursor, Limit, Page, decode_cursor, page_of

router = APIRouter(prefix="/v1/measures", tags=["measures"])


@router.get("")
def list_measures(performance_year: Year, catalogue: Measures) -> MeasureList:
    """The measures that are active in a performance year: with results, and known by facts only."""
    return listed_measures(catalogue, performance_year)


@router.get("/results")
def read_results(
    practice: AskedPractice,
    performance_year: Year,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    day: Today,
    tin: AskedTin,
    npi: AskedNpi,
    level: Level = "group",
    measure_id: str | None = None,
) -> MeasureResults:
    """Results of a practice by TIN (`group`) or by TIN and NPI (`individual`)."""
    require_practice(caller, Right.SEE_FIGURES, practice)
    require_registered(open_work, practice)
    with open_work() as work:
        return measure_results(
            practice,
            performance_year,
            level=level,
            tin=tin,
            npi=npi,
            measure_id=measure_id,
            sandbox=caller.sandbox,
            day=day,
            catalogue=catalogue,
            work=work,
        )


@router.get("/results/cases")
def list_cases_behind(
    practice: AskedPractice,
    performance_year: Year,
    measure_id: str,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    tin: AskedTin,
    npi: AskedNpi,
    performance: Population | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CaseBehind]:
    """The cases behind a result, each with the reason why it landed where it did."""
    require_practice(caller, Right.SEE_FIGURES, practice)
    require_registered(open_work, practice)
    measure_of(year_of(catalogue, performance_year), measure_id)
    after = _decode(cursor)
    if caller.sandbox:
        return Page(items=[], next_cursor=None)
    with open_work() as work:
        found = work.cases.behind_number(
            BehindQuestion(
                practice=practice,
                performance_year=performance_year,
                measure_id=measure_id,
                population=performance,
                tin=tin,
                npi=npi,
            ),
            after=after,
            limit=limit + 1,
        )
    return page_of(
        found,
        limit=limit,
        show=CaseBehind.of,
        key_of=lambda case: {"case": case.case_id, "stratum": case.stratum},
    )


# Before `/{measure_id}`, which would take "changes" for the id of a measure.
@router.get("/changes")
def read_changes(since: Year, until: Year, catalogue: Measures) -> MeasureChanges:
    """What changed between two performance years: measures, rules, benchmarks, points."""
    return measure_changes(catalogue, since, until)


@router.get("/{measure_id}")
def read_measure(measure_id: str, performance_year: Year, catalogue: Measures) -> MeasureDetail:
    """One measure as it stands in a year: codes, rules, sources, what is assumed, benchmark."""
    return described_measure(catalogue, performance_year, measure_id)


def _decode(cursor: str | None) -> tuple[UUID, str] | None:
    key = decode_cursor(cursor)
    if key is None:
        return None
    try:
        case_id, stratum = UUID(str(key["case"])), str(key["stratum"])
    except (KeyError, ValueError):
        raise BadCursor("This cursor belongs to another list.") from None
    if not stratum.isprintable():  # PostgreSQL takes no NUL and no half of a surrogate pair
        raise BadCursor("This cursor belongs to another list.")
    return case_id, stratum
