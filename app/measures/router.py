"""The catalogue of measures for anyone, results for those who may see the practice."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.access.asked import AskedNpi, AskedPractice, AskedTin
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import require_figures
from app.domain.errors.requests import InvalidRequest
from app.domain.populations import Population
from app.measures.cases_behind import cases_behind
from app.measures.catalogue.asked_measures import measure_of, stratum_landed_in, year_of
from app.measures.changes.asked_changes import measure_changes
from app.measures.changes_wire import MeasureChanges
from app.measures.dependencies import (
    AskedResults,
    AskedSubgroup,
    AskedVirtualGroup,
    Measures,
    Year,
    reach_of,
)
from app.measures.detail_wire import MeasureDetail
from app.measures.results.levels import known_subgroup, known_virtual_group
from app.measures.service import (
    described_measure,
    listed_measures,
    measure_results,
)
from app.measures.summary_wire import MeasureList
from app.measures.wire import CaseBehind, MeasureResults
from app.storage.cases.case_queries import BehindQuestion
from app.storage.unit_of_work import UnitOfWork
from app.web.dependencies import Today
from app.web.paging import Page, Paged

router = APIRouter(prefix="/v1/measures", tags=["measures"])


async def _with_peers(
    include: Annotated[
        Literal["peers"] | None, Query(description="What is told besides of each result.")
    ] = None,
) -> bool:
    return include == "peers"


@router.get("")
def list_measures(performance_year: Year, catalogue: Measures) -> MeasureList:
    """The measures that are active in a performance year: with results, and known by facts only."""
    return listed_measures(catalogue, performance_year)


@router.get("/results")
def read_results(
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    day: Today,
    asked: AskedResults,
    with_peers: Annotated[bool, Depends(_with_peers)],
) -> MeasureResults:
    """Results of a practice by TIN (`group`), TIN and NPI (`individual`), or group of the roster.

    Each case counts once in a subgroup and once in a virtual group, whoever of it took part. A
    virtual group has the cases of every practice that has entered it with the same name and TINs
    and is confirmed to be in it; its results need a key that reaches all of these.
    """
    whose = require_figures(caller, asked.practice, asked.npi)
    require_registered(open_work, asked.practice)
    with open_work() as work:
        return measure_results(
            replace(asked, npi=whose),
            reaches=reach_of(caller),
            sandbox=caller.sandbox,
            day=day,
            with_peers=with_peers,
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
    paged: Paged,
    performance: Population | None = None,
    stratum: Annotated[
        str | None, Query(description="One rate of a measure with several, as results name it.")
    ] = None,
    subgroup_id: AskedSubgroup = None,
    virtual_group_id: AskedVirtualGroup = None,
) -> Page[CaseBehind]:
    """The cases behind a result, each with the reason why it landed where it did.

    Of a virtual group those of the practice that is asked for: others list their own.
    """
    whose = require_figures(caller, practice, npi)
    require_registered(open_work, practice)
    measure = measure_of(year_of(catalogue, performance_year), measure_id)
    if caller.sandbox:
        return Page(items=[], next_cursor=None)
    asked = BehindQuestion(
        practice=practice,
        performance_year=performance_year,
        measure_id=measure_id,
        stratum=stratum_landed_in(measure, stratum),
        population=performance,
        tins=() if tin is None else (tin,),
        npis=() if whose is None else (whose,),
    )
    with open_work() as work:
        of_group = _of_group(asked, subgroup_id, virtual_group_id, work)
        return cases_behind(of_group, work, paged)


# Before `/{measure_id}`, which would take "changes" for the id of a measure.
@router.get("/changes")
def read_changes(since: Year, until: Year, catalogue: Measures) -> MeasureChanges:
    """What changed between two performance years: measures, rules, benchmarks, points."""
    return measure_changes(catalogue, since, until)


@router.get("/{measure_id}")
def read_measure(measure_id: str, performance_year: Year, catalogue: Measures) -> MeasureDetail:
    """One measure as it stands in a year: codes, rules, sources, what is assumed, benchmark."""
    return described_measure(catalogue, performance_year, measure_id)


def _of_group(
    asked: BehindQuestion, subgroup_id: UUID | None, virtual_group_id: UUID | None, work: UnitOfWork
) -> BehindQuestion:
    """Raises: InvalidRequest, RosterEntryUnknown, VirtualGroupUnconfirmed."""
    if subgroup_id is None and virtual_group_id is None:
        return asked
    if asked.tins or asked.npis or None not in (subgroup_id, virtual_group_id):
        raise InvalidRequest("Ask for a subgroup, for a virtual group, or for a tin and npi.")
    practice, year = asked.practice, asked.performance_year
    if subgroup_id is not None:
        subgroup = known_subgroup(practice, year, subgroup_id, work)
        return replace(asked, tins=(subgroup.tin,), npis=subgroup.npis)
    assert virtual_group_id is not None, "one of the two is asked for"
    return replace(asked, tins=known_virtual_group(practice, year, virtual_group_id, work).tins)
