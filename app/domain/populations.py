"""Where a case lands in a measure, and how many landed where."""

from dataclasses import dataclass
from enum import StrEnum


class Population(StrEnum):
    """The one place of a case in a measure, in the order in which it is decided.

    `NOT_ELIGIBLE` is never stored. Source: QPP measure flows, "reference order" in GLOSSARY.md.
    """

    NOT_ELIGIBLE = "not_eligible"
    DENOMINATOR_EXCLUSION = "denominator_exclusion"
    PERFORMANCE_MET = "performance_met"
    DENOMINATOR_EXCEPTION = "denominator_exception"
    PERFORMANCE_NOT_MET = "performance_not_met"
    UNREPORTED = "unreported"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureOutcome:
    """`stratum` is "" for a measure with a single rate. `reason` is a published short code."""

    measure_id: str
    stratum: str
    population: Population
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationCounts:
    """Cases of one measure and one level of aggregation, each in exactly one population."""

    performance_met: int = 0
    performance_not_met: int = 0
    denominator_exception: int = 0
    denominator_exclusion: int = 0
    unreported: int = 0

    @property
    def rated(self) -> int:
        return self.performance_met + self.performance_not_met

    @property
    def answered(self) -> int:
        return self.rated + self.denominator_exception

    @property
    def eligible_population(self) -> int:
        return self.answered + self.unreported
