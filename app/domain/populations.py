"""Where a case lands in a measure."""

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
