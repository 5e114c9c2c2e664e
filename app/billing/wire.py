"""Case counts as JSON."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_EXAMPLE: JsonDict = {
    "practice_id": "12345",
    "performance_year": 2020,
    "as_of": "2026-11-21T10:00:00Z",
    "cases": 6000,
    "groups": [{"tin": "123456789", "month": "2020-03", "cases": 512}],
}


class CountGroupOut(BaseModel):
    """Only what was asked for by `group_by` is there."""

    tin: str | None = None
    npi: str | None = None
    month: str | None = Field(default=None, description="YYYY-MM")
    facility: str | None = None
    cases: int


class CountsOut(BaseModel):
    """`cases` is counted anew, not summed: a case may stand in several groups."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    practice_id: str
    performance_year: int
    as_of: datetime
    cases: int
    groups: list[CountGroupOut]
