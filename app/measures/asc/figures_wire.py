"""What a surgical center enters, as JSON."""

from collections.abc import Mapping
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.asc_figures import CenterFigures, MeasureFigures
from app.domain.identifiers import PracticeId

_MOST: Final = 100_000_000
_ENTRY_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"

_FIGURES: Final[JsonDict] = {
    "admissions": 1240,
    "measures": {
        "ASC-1": {"numerator": 0},
        "ASC-9": {
            "population": 310,
            "sample": 63,
            "frequency": 2,
            "numerator": 55,
            "denominator": 61,
        },
        "ASC-14": {"numerator": 1, "denominator": 402},
    },
}

Figure = Annotated[int | None, Field(ge=0, le=_MOST)]


class MeasureFiguresBody(BaseModel):
    """What the center counted itself; what is left out or null says nothing."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    numerator: Figure = None
    denominator: Figure = Field(
        default=None, description="Of ASC-1 to ASC-4 it is `admissions`, and is not told here."
    )
    population: Figure = Field(default=None, description="Of a sampled measure: all its cases.")
    sample: Figure = Field(default=None, description="How many of them were looked at.")
    frequency: Figure = Field(
        default=None,
        description="1 monthly, 2 quarterly, 3 not sampled, 4 not required (population zero).",
    )


class CenterFiguresBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _FIGURES})

    admissions: Figure = Field(
        default=None,
        description="All that completed registration on entry, with anesthesia or without.",
    )
    measures: dict[str, MeasureFiguresBody] = Field(default={}, description="By measure id.")

    def figures(self, practice: PracticeId, entry_id: UUID, year: int) -> CenterFigures:
        return CenterFigures(
            practice_id=practice,
            facility_entry_id=entry_id,
            year=year,
            admissions=self.admissions,
            measures={
                name: MeasureFigures(**each.model_dump()) for name, each in self.measures.items()
            },
        )


class CenterFiguresOut(CenterFiguresBody):
    """`version` 0: nothing has been entered yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"facility_entry_id": _ENTRY_ID, "year": 2025, "version": 1, **_FIGURES}
        }
    )

    facility_entry_id: UUID
    year: int
    version: int

    @classmethod
    def of(cls, figures: CenterFigures) -> Self:
        return cls(
            facility_entry_id=figures.facility_entry_id,
            year=figures.year,
            version=figures.version,
            admissions=figures.admissions,
            measures=_bodies(figures.measures),
        )


def _bodies(measures: Mapping[str, MeasureFigures]) -> dict[str, MeasureFiguresBody]:
    return {name: MeasureFiguresBody.model_validate(each) for name, each in measures.items()}
