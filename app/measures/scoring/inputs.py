"""What the registry cannot know about an entity and is told, or goes without."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.measures.scoring.year_scoring import Category

TRADITIONAL_MIPS: Final = "mips"


class MeasuresSent(StrEnum):
    """`MIPS_CQM`: as a qualified registry sends them, without those of QCDRs."""

    ALL = "all"
    MIPS_CQM = "mips_cqm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreInputs:
    """`program`: "mips", or the id of an MVP. Percents are 0-100 and None where none is told.

    A category without a percent is reweighted, but for improvement activities: those count as
    attested, and are reweighted only when `activities_reweighted`.
    """

    program: str = TRADITIONAL_MIPS
    sent: MeasuresSent = MeasuresSent.ALL
    improvement_percent: Decimal = Decimal(0)
    population_health_points: Decimal | None = None
    promoting_interoperability_percent: Decimal | None = None
    cost_percent: Decimal | None = None
    improvement_activities_percent: Decimal = Decimal(0)
    activities_reweighted: bool = False
    complex_patient_bonus: Decimal = Decimal(0)

    @property
    def is_mvp(self) -> bool:
        return self.program != TRADITIONAL_MIPS

    @property
    def missing(self) -> frozenset[Category]:
        """The categories that are reweighted."""
        missing = set()
        if self.promoting_interoperability_percent is None:
            missing.add(Category.PROMOTING_INTEROPERABILITY)
        if self.cost_percent is None:
            missing.add(Category.COST)
        if self.activities_reweighted:
            missing.add(Category.IMPROVEMENT_ACTIVITIES)
        return frozenset(missing)
