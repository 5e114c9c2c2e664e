"""What a surgical center enters for its year, beyond what case files say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.identifiers import PracticeId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFigures:
    """What the center counted itself; None: it says nothing of it.

    `frequency` is the code of how it sampled, in the manual of the year.
    """

    numerator: int | None = None
    denominator: int | None = None
    population: int | None = None
    sample: int | None = None
    frequency: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterFigures:
    """`facility_entry_id` is the entry of the center in the roster; `version` 0: nothing entered.

    `admissions` are all that completed registration, with anesthesia or without.
    """

    practice_id: PracticeId
    facility_entry_id: UUID
    year: int
    version: int = 0
    admissions: int | None = None
    measures: Mapping[str, MeasureFigures] = field(default_factory=dict)

    def of(self, measure_id: str) -> MeasureFigures:
        return self.measures.get(measure_id, MeasureFigures())
