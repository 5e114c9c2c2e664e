"""Subgroups and virtual groups as JSON: what is asked and what is shown."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic.config import JsonDict

from app.roster.wire_fields import Name, NpiText, TinText, Year, asked_as, each_once, shown_as

_SUBGROUP: Final[JsonDict] = {
    "tin": "891234567",
    "performance_year": 2024,
    "name": "Cardiac team",
    "npis": ["1234567893"],
}


class SubgroupRequest(BaseModel):
    model_config = asked_as(_SUBGROUP)

    tin: TinText
    performance_year: Year
    name: Name
    npis: Annotated[
        tuple[NpiText, ...], Field(min_length=1, max_length=5_000), AfterValidator(each_once)
    ]


class SubgroupOut(BaseModel):
    model_config = shown_as(_SUBGROUP)

    id: UUID
    version: int
    tin: str
    performance_year: int
    name: str
    npis: list[str]


_VIRTUAL_GROUP: Final[JsonDict] = {
    "performance_year": 2024,
    "name": "Northern Lakes",
    "tins": ["891234567", "897654321"],
}


class VirtualGroupRequest(BaseModel):
    model_config = asked_as(_VIRTUAL_GROUP)

    performance_year: Year
    name: Name
    tins: Annotated[
        tuple[TinText, ...], Field(min_length=1, max_length=500), AfterValidator(each_once)
    ]


class VirtualGroupOut(BaseModel):
    model_config = shown_as({**_VIRTUAL_GROUP, "confirmed_at": None})

    id: UUID
    version: int
    performance_year: int
    name: str
    tins: list[str]
    confirmed_at: datetime | None = Field(
        description="When the registry confirmed it; null: it awaits that, and has no results."
    )


class EnteredGroupOut(VirtualGroupOut):
    """A virtual group as one of its practices has entered it."""

    model_config = shown_as({"practice_id": "12345", **_VIRTUAL_GROUP, "confirmed_at": None})

    practice_id: str
