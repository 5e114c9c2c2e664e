"""What the routers of measures share: the catalogue, what is asked, and whom a key reaches."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Query, Request

from app.access.rights import Right, may_reach
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.levels import Reaches


async def _catalogue(request: Request) -> Catalogue:
    return cast(Catalogue, request.app.state.measures)


Measures = Annotated[Catalogue, Depends(_catalogue)]

Year = Annotated[int, Query(ge=2000, le=2100, description="Calendar year of the dates of service.")]

AskedSubgroup = Annotated[UUID | None, Query(description="A subgroup of the roster, by its id.")]
AskedVirtualGroup = Annotated[
    UUID | None, Query(description="A virtual group of the roster, by its id.")
]


def reach_of(caller: Principal) -> Reaches:
    """Whose figures the key may see."""

    def reaches(practice: PracticeId) -> bool:
        return may_reach(caller, Right.SEE_FIGURES, practice)

    return reaches
