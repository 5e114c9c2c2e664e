"""Where a case lands in a measure of ambulatory surgical centers (ASCQR)."""

from dataclasses import dataclass
from enum import StrEnum


class Landing(StrEnum):
    """The one place of a case in a measure of CMS for surgical centers.

    `UNDETERMINED`: in the denominator, and no element of a case file says whether it is in the
    numerator too. `NOT_IN_DENOMINATOR` is never stored.
    """

    NOT_IN_DENOMINATOR = "not_in_denominator"
    EXCLUDED = "excluded"
    NUMERATOR = "numerator"
    DENOMINATOR_ONLY = "denominator_only"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AscOutcome:
    """`reason` is a published short code."""

    measure_id: str
    landing: Landing
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingCounts:
    """Cases of one center and one measure, each in exactly one place."""

    numerator: int = 0
    denominator_only: int = 0
    undetermined: int = 0
    excluded: int = 0

    @property
    def denominator(self) -> int:
        return self.numerator + self.denominator_only + self.undetermined


@dataclass(frozen=True, slots=True, kw_only=True)
class AscTotal:
    """How many cases of a center landed in one place for one reason, by month from January on."""

    facility_id: str
    measure_id: str
    landing: Landing
    reason: str
    months: tuple[int, ...]
