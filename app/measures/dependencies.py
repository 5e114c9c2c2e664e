"""The catalogue of measures, as routers get it."""

from typing import Annotated, cast

from fastapi import Depends, Query, Request

from app.measures.catalogue import Catalogue


async def _catalogue(request: Request) -> Catalogue:
    return cast(Catalogue, request.app.state.measures)


Measures = Annotated[Catalogue, Depends(_catalogue)]

Year = Annotated[int, Query(ge=2000, le=2100, description="Calendar year of the dates of service.")]
