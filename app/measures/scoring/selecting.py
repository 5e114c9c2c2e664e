"""Which of the reported measures count: the required outcome measure first, then the best."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.measures.scoring.measured import Measured
from app.measures.scoring.standing import Kinds, Standing

_NO_POINTS: Final = Decimal(0)


class Requirement(StrEnum):
    """The measure that must be among those that count. `NONE`: no such measure applies."""

    OUTCOME = "outcome"
    HIGH_PRIORITY = "high_priority"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`counted`: the one that fulfills the requirement first. `met_by` is None when none does.

    A requirement that is not met keeps its place, which gives no points.
    """

    required: int
    requirement: Requirement
    met_by: Measured | None
    counted: tuple[Measured, ...]
    not_counted: tuple[Measured, ...]

    @property
    def points(self) -> Decimal:
        return sum([measure.points or _NO_POINTS for measure in self.counted], _NO_POINTS)

    @property
    def lacks_required(self) -> bool:
        return self.requirement is not Requirement.NONE and self.met_by is None


def select(standing: Standing, *, required: int) -> Selection:
    """Choose at most `required` of the measures that can be counted."""
    requirement = _requirement(standing.kinds)
    met_by = next((each for each in standing.ranked if _fulfills(each, requirement)), None)
    others = [each for each in standing.ranked if each is not met_by]
    places = required if requirement is Requirement.NONE else required - 1
    first = () if met_by is None else (met_by,)
    return Selection(
        required=required,
        requirement=requirement,
        met_by=met_by,
        counted=(*first, *others[:places]),
        not_counted=tuple(others[places:]),
    )


def _requirement(kinds: Kinds) -> Requirement:
    if kinds.outcomes:
        return Requirement.OUTCOME
    return Requirement.HIGH_PRIORITY if kinds.priorities else Requirement.NONE


def _fulfills(measure: Measured, requirement: Requirement) -> bool:
    match requirement:
        case Requirement.OUTCOME:
            return measure.facts.is_outcome
        case Requirement.HIGH_PRIORITY:
            return measure.facts.is_high_priority
        case Requirement.NONE:
            return False
