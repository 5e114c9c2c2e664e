"""The quality category: which measures count, bonus points, percent.

Source: CMS QPP; each rule has its mark in `data/scoring/`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from app.measures.scoring.bonuses import MOST_POINTS, Bonuses, bonus_steps, bonuses_of
from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.point_steps import point_step
from app.measures.scoring.requirements import required_in_mips, required_in_mvp, required_steps
from app.measures.scoring.selecting import Requirement, Selection, select
from app.measures.scoring.standing import Standing
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, Figure, ScoringRules

_WHOLE: Final = Decimal(100)
_QUALITY: Final = Category.QUALITY


@dataclass(frozen=True, kw_only=True)
class QualityScore:
    """What the category comes to, and when asked the steps to it."""

    rules: ScoringRules
    inputs: ScoreInputs
    standing: Standing
    selection: Selection
    bonuses: Bonuses

    @cached_property
    def points(self) -> Decimal:
        return self.selection.points + self.bonuses.points

    @property
    def possible_points(self) -> Decimal:
        """Ten for each measure that is asked for, and for a population health measure."""
        population_health = 0 if self.bonuses.population_health is None else 1
        return MOST_POINTS * (self.selection.required + population_health)

    @cached_property
    def percent(self) -> Decimal | None:
        """0-100, not rounded; None when no measure is asked for."""
        possible = self.possible_points
        if possible == 0:
            return None
        most = self.rules.quality.improvement_at_most.value
        improvement = min(self.inputs.improvement_percent, most)
        return min(_WHOLE, _WHOLE * self.points / possible + improvement)

    @property
    def steps(self) -> tuple[Step, ...]:
        year = self.rules.performance_year
        return (
            *required_steps(self.standing, self.rules, self.inputs),
            _requirement_step(self.selection, self.rules, self.inputs),
            *_outcome_kinds(self.selection, self.rules),
            _choice_step(self.selection, self.rules),
            *(point_step(measure, year) for measure in self.selection.counted),
            *bonus_steps(self.bonuses, self.rules, self.inputs),
            *_percent_steps(self),
        )


def measures_of_program(measures: Sequence[Measured], inputs: ScoreInputs) -> tuple[Measured, ...]:
    """Return the measures that can be sent in a program."""
    return tuple(
        each
        for each in measures
        if (not inputs.is_mvp or inputs.program in each.facts.mvps)
        and (inputs.sent is MeasuresSent.ALL or not each.facts.is_of_a_qcdr)
    )


def quality_score(
    standing: Standing, rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> QualityScore:
    """Return the quality category of an entity. `standing`: of the measures of its program."""
    required = (
        required_in_mvp(rules.mvps[inputs.program])
        if inputs.is_mvp
        else required_in_mips(standing.kinds, rules.quality)
    )
    selection = select(standing, required=required)
    return QualityScore(
        rules=rules,
        inputs=inputs,
        standing=standing,
        selection=selection,
        bonuses=bonuses_of(standing.kinds, selection, rules, inputs, is_small=is_small),
    )


def _requirement_step(selection: Selection, rules: ScoringRules, inputs: ScoreInputs) -> Step:
    quality = rules.quality
    mark = rules.mvps[inputs.program].outcome_measure if inputs.is_mvp else quality.outcome_measure
    if selection.lacks_required:
        mark = quality.choice
    label = _requirement_label(selection.requirement, selection.met_by)
    return Step.by(mark, "quality.required_measure", label, category=_QUALITY)


def _outcome_kinds(selection: Selection, rules: ScoringRules) -> list[Step]:
    if selection.requirement is not Requirement.OUTCOME:
        return []
    label = "Intermediate and patient-reported outcomes count as outcome measures"
    mark = rules.quality.outcome_kinds
    return [Step.by(mark, "quality.outcome_kinds", label, category=_QUALITY)]


def _requirement_label(requirement: Requirement, met_by: Measured | None) -> str:
    kind = "high-priority" if requirement is Requirement.HIGH_PRIORITY else "outcome"
    if requirement is Requirement.NONE:
        return "No outcome or high-priority measure applies, so none is required"
    if met_by is None:
        return f"A measure is required ({kind}) and none counts: its place gives no points"
    return f"{met_by.measure_id} is the required measure ({kind})"


def _choice_step(selection: Selection, rules: ScoringRules) -> Step:
    return Step.by(
        rules.quality.choice,
        "quality.choice",
        "The required measure and the best of the others count",
        category=_QUALITY,
        counted=len(selection.counted),
        not_counted=len(selection.not_counted),
        missing=max(0, selection.required - len(selection.counted)),
    )


def _percent_steps(score: QualityScore) -> list[Step]:
    quality, percent = score.rules.quality, score.percent
    if percent is None:
        label = "No measure is asked for, so there is no percent"
        return [Step.by(quality.percent, "quality.percent", label, category=_QUALITY)]
    points, possible = score.points, score.possible_points
    steps = [
        Step.by(
            quality.percent,
            "quality.percent",
            "Points of the category in percent of those that are possible, at most 100",
            category=_QUALITY,
            result=min(_WHOLE, _WHOLE * points / possible),
            points=points,
            possible_points=possible,
        )
    ]
    if score.inputs.improvement_percent:
        steps.append(_improvement_step(percent, quality.improvement_at_most, score.inputs))
    return steps


def _improvement_step(percent: Decimal, at_most: Figure, inputs: ScoreInputs) -> Step:
    return Step.by(
        at_most,
        "quality.improvement",
        "Improvement since the year before, as you tell it, in percentage points; the percent is"
        " at most 100",
        category=_QUALITY,
        result=percent,
        improvement=inputs.improvement_percent,
        at_most=at_most.value,
    )
