"""What the quality category adds to the points of the measures that count."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.selecting import Requirement, Selection
from app.measures.scoring.standing import Kinds
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, ExtraMeasures, ScoringRules

MOST_POINTS: Final = Decimal(10)
"""Of one measure."""
_WHOLE: Final = Decimal(100)
_ZERO: Final = Decimal(0)
_QUALITY: Final = Category.QUALITY


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraEarned:
    """How many outcome and high-priority measures are beyond the required one."""

    outcomes: int
    priorities: int
    at_most: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonuses:
    """In points. `extra` is None in years without it, the others where they do not apply."""

    extra: ExtraEarned | None
    small_practice: Decimal | None
    population_health: Decimal | None

    @property
    def points(self) -> Decimal:
        extra = _ZERO if self.extra is None else self.extra.points
        return extra + (self.small_practice or _ZERO) + (self.population_health or _ZERO)


def bonuses_of(
    kinds: Kinds,
    selection: Selection,
    rules: ScoringRules,
    inputs: ScoreInputs,
    *,
    is_small: bool,
) -> Bonuses:
    extra, small = rules.quality.extra_measures, rules.quality.small_practice_bonus
    return Bonuses(
        extra=None if extra is None else _extra(kinds, selection, extra),
        small_practice=small.value if is_small and selection.counted else None,
        population_health=inputs.population_health_points if inputs.is_mvp else None,
    )


def bonus_steps(bonuses: Bonuses, rules: ScoringRules, inputs: ScoreInputs) -> list[Step]:
    steps = []
    if bonuses.extra is not None:
        assert rules.quality.extra_measures is not None, "it gave the bonus"
        steps.append(_extra_step(bonuses.extra, rules.quality.extra_measures))
    if bonuses.small_practice is not None:
        steps.append(_small_practice_step(bonuses.small_practice, rules))
    if bonuses.population_health is not None:
        steps.append(_population_health_step(bonuses.population_health, rules, inputs))
    return steps


def _extra(kinds: Kinds, selection: Selection, extra: ExtraMeasures) -> ExtraEarned:
    """Every reported measure may bring it, also one that is not among the best."""
    outcomes, priorities = kinds.earning_outcomes, kinds.earning_priorities
    if selection.requirement is Requirement.OUTCOME:
        outcomes = max(0, outcomes - 1)
    if selection.requirement is Requirement.HIGH_PRIORITY:
        priorities = max(0, priorities - 1)
    earned = extra.outcome * outcomes + extra.high_priority * priorities
    most = extra.at_most_percent * MOST_POINTS * selection.required / _WHOLE
    return ExtraEarned(
        outcomes=outcomes,
        priorities=priorities,
        at_most=most,
        points=_ZERO if selection.lacks_required else min(earned, most),
    )


def _extra_step(earned: ExtraEarned, extra: ExtraMeasures) -> Step:
    return Step.by(
        extra,
        "quality.extra_measures_bonus",
        "Bonus for outcome and high-priority measures beyond the required one",
        category=_QUALITY,
        result=earned.points,
        outcome_measures=earned.outcomes,
        high_priority_measures=earned.priorities,
        points_each_outcome=extra.outcome,
        points_each_high_priority=extra.high_priority,
        at_most=earned.at_most,
    )


def _small_practice_step(points: Decimal, rules: ScoringRules) -> Step:
    return Step.by(
        rules.quality.small_practice_bonus,
        "quality.small_practice_bonus",
        "Bonus of a small practice that reports a measure",
        category=_QUALITY,
        result=points,
    )


def _population_health_step(points: Decimal, rules: ScoringRules, inputs: ScoreInputs) -> Step:
    mvp = rules.mvps[inputs.program]
    return Step.by(
        mvp.population_health,
        "quality.population_health",
        f"Population health measure, {mvp.population_health_choice}, as you tell it:"
        " ten points more are possible",
        category=_QUALITY,
        result=points,
    )
