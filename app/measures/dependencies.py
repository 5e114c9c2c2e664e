"""What the routers of measures share: the catalogue, what is asked, and whom a key reaches."""

from dataclasses import replace
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from app.access.asked import AskedNpi, AskedPractice, AskedTin
from app.access.rights import Right, may_reach
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.levels import Level, Reaches, ResultsQuestion


async def _catalogue(request: Request) -> Catalogue:
    return cast(Catalogue, request.app.state.measures)


Measures = Annotated[Catalogue, Depends(_catalogue)]

Year = Annotated[int, Query(ge=2000, le=2100, description="Calendar year of the dates of service.")]

AskedSubgroup = Annotated[UUID | None, Query(description="A subgroup of the roster, by its id.")]
AskedVirtualGroup = Annotated[
    UUID | None, Query(description="A virtual group of the roster, by its id.")
]


async def _whose(
    practice: AskedPractice,
    performance_year: Year,
    tin: AskedTin,
    npi: AskedNpi,
    level: Level = "group",
    subgroup_id: AskedSubgroup = None,
    virtual_group_id: AskedVirtualGroup = None,
) -> ResultsQuestion:
    return ResultsQuestion(
        practice=practice,
        performance_year=performance_year,
        level=level,
        tin=tin,
        npi=npi,
        subgroup_id=subgroup_id,
        virtual_group_id=virtual_group_id,
    )


AskedWhose = Annotated[ResultsQuestion, Depends(_whose)]
"""Whose results are meant, of every measure."""


async def _results(whose: AskedWhose, measure_id: str | None = None) -> ResultsQuestion:
    return replace(whose, measure_id=measure_id)


AskedResults = Annotated[ResultsQuestion, Depends(_results)]
"""Those of one measure, or of every one."""


def reach_of(caller: Principal) -> Reaches:
    """Whose figures the key may see."""

    def reaches(practice: PracticeId) -> bool:
        return may_reach(caller, Right.SEE_FIGURES, practice)

    return reaches
