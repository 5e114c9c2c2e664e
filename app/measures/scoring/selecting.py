"""Which of the reported measures count: the required outcome measure first, then the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.measures.scoring.measured import Measured

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
        return sum((measure.points or _NO_POINTS for measure in self.counted), _NO_POINTS)

    @property
    def lacks_required(self) -> bool:
        return self.requirement is not Requirement.NONE and self.met_by is None


def select(measures: Sequence[Measured], *, required: int) -> Selection:
    """Choose at most `required` of the measures that can be counted, whatever their order."""
    candidates = sorted((each for each in measures if each.can_be_counted), key=_best_first)
    requirement = _requirement(measures)
    met_by = next((each for each in candidates if _fulfills(each, requirement)), None)
    others = [each for each in candidates if each is not met_by]
    places = required if requirement is Requirement.NONE else required - 1
    first = () if met_by is None else (met_by,)
    return Selection(
        required=required,
        requirement=requirement,
        met_by=met_by,
        counted=(*first, *others[:places]),
        not_counted=tuple(others[places:]),
    )


def _best_first(measure: Measured) -> tuple[Decimal, bool, bool, str]:
    """Of measures with the same points the outcome measure goes first, then the high priority."""
    facts = measure.facts
    points = measure.points or _NO_POINTS
    return (-points, not facts.is_outcome, not facts.is_high_priority, measure.measure_id)


def _requirement(measures: Sequence[Measured]) -> Requirement:
    """Measures of QCDRs are asked of nobody, so one that is not reported does not apply."""
    concerned = [
        each for each in measures if each.is_reported or (each.applies and not _is_optional(each))
    ]
    if any(each.facts.is_outcome for each in concerned):
        return Requirement.OUTCOME
    if any(each.facts.is_high_priority for each in concerned):
        return Requirement.HIGH_PRIORITY
    return Requirement.NONE


def _is_optional(measure: Measured) -> bool:
    return measure.facts.is_of_a_qcdr


def _fulfills(measure: Measured, requirement: Requirement) -> bool:
    match requirement:
        case Requirement.OUTCOME:
            return measure.facts.is_outcome
        case Requirement.HIGH_PRIORITY:
            return measure.facts.is_high_priority
        case Requirement.NONE:
            return False
