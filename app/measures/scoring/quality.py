"""The quality category: which measures count, bonus points, percent.

Source: CMS QPP; each rule has its mark in `data/scoring/`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.point_steps import point_step
from app.measures.scoring.requirements import required_in_mips, required_in_mvp
from app.measures.scoring.selecting import Requirement, Selection, select
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, ExtraMeasures, Figure, ScoringRules

_MOST_POINTS: Final = Decimal(10)
_WHOLE: Final = Decimal(100)
_ZERO: Final = Decimal(0)
_QUALITY: Final = Category.QUALITY


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityScore:
    """`percent` is 0-100, not rounded, and None when no measure is asked for."""

    selection: Selection
    points: Decimal
    possible_points: Decimal
    percent: Decimal | None
    steps: tuple[Step, ...]


def measures_of_program(measures: Sequence[Measured], inputs: ScoreInputs) -> tuple[Measured, ...]:
    """Return the measures that can be sent in a program."""
    return tuple(
        each
        for each in measures
        if (not inputs.is_mvp or inputs.program in each.facts.mvps)
        and (inputs.sent is MeasuresSent.ALL or not each.facts.is_of_a_qcdr)
    )


def quality_score(
    measures: Sequence[Measured], rules: ScoringRules, inputs: ScoreInputs, *, is_small: bool
) -> QualityScore:
    """Return the quality category of an entity. `measures`: those of its program."""
    required = (
        required_in_mvp(rules.mvps[inputs.program])
        if inputs.is_mvp
        else required_in_mips(measures, rules.quality)
    )
    selection = select(measures, required=required.measures)
    parts = [
        *(point_step(measure, rules.performance_year) for measure in selection.counted),
        *_bonuses(measures, selection, rules, is_small=is_small),
        *_population_health(rules, inputs),
    ]
    points = sum((step.result or _ZERO for step in parts), _ZERO)
    possible = _MOST_POINTS * required.measures + _possible_population_health(inputs)
    percent = None if possible == 0 else _percent(points, possible, rules, inputs)
    return QualityScore(
        selection=selection,
        points=points,
        possible_points=possible,
        percent=percent,
        steps=(
            *required.steps,
            _requirement_step(selection, rules, inputs),
            *_outcome_kinds(selection, rules),
            _choice_step(selection, rules),
            *parts,
            *_percent_steps(points, possible, percent, rules, inputs),
        ),
    )


def _bonuses(
    measures: Sequence[Measured], selection: Selection, rules: ScoringRules, *, is_small: bool
) -> list[Step]:
    steps = []
    extra, small = rules.quality.extra_measures, rules.quality.small_practice_bonus
    if extra is not None:
        steps.append(_extra_measures(measures, selection, extra))
    if is_small and selection.counted:
        steps.append(
            Step.by(
                small,
                "quality.small_practice_bonus",
                "Bonus of a small practice that reports a measure",
                category=_QUALITY,
                result=small.value,
            )
        )
    return steps


def _extra_measures(
    measures: Sequence[Measured], selection: Selection, extra: ExtraMeasures
) -> Step:
    """Every reported measure may bring it, also one that is not among the best."""
    earning = [each for each in measures if each.can_be_counted and each.earns_bonus]
    outcomes = sum(1 for each in earning if each.facts.is_outcome)
    priorities = sum(1 for each in earning if _is_only_high_priority(each))
    if selection.requirement is Requirement.OUTCOME:
        outcomes = max(0, outcomes - 1)
    if selection.requirement is Requirement.HIGH_PRIORITY:
        priorities = max(0, priorities - 1)
    earned = extra.outcome * outcomes + extra.high_priority * priorities
    most = extra.at_most_percent * _MOST_POINTS * selection.required / _WHOLE
    return Step.by(
        extra,
        "quality.extra_measures_bonus",
        "Bonus for outcome and high-priority measures beyond the required one",
        category=_QUALITY,
        result=_ZERO if selection.lacks_required else min(earned, most),
        outcome_measures=outcomes,
        high_priority_measures=priorities,
        points_each_outcome=extra.outcome,
        points_each_high_priority=extra.high_priority,
        at_most=most,
    )


def _is_only_high_priority(measure: Measured) -> bool:
    return measure.facts.is_high_priority and not measure.facts.is_outcome


def _population_health(rules: ScoringRules, inputs: ScoreInputs) -> list[Step]:
    points = inputs.population_health_points
    if not inputs.is_mvp or points is None:
        return []
    mvp = rules.mvps[inputs.program]
    return [
        Step.by(
            mvp.population_health,
            "quality.population_health",
            f"Population health measure, {mvp.population_health_choice}, as you tell it:"
            " ten points more are possible",
            category=_QUALITY,
            result=points,
        )
    ]


def _possible_population_health(inputs: ScoreInputs) -> Decimal:
    is_scored = inputs.is_mvp and inputs.population_health_points is not None
    return _MOST_POINTS if is_scored else _ZERO


def _percent(
    points: Decimal, possible: Decimal, rules: ScoringRules, inputs: ScoreInputs
) -> Decimal:
    improvement = min(inputs.improvement_percent, rules.quality.improvement_at_most.value)
    return min(_WHOLE, _WHOLE * points / possible + improvement)


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


def _percent_steps(
    points: Decimal,
    possible: Decimal,
    percent: Decimal | None,
    rules: ScoringRules,
    inputs: ScoreInputs,
) -> list[Step]:
    quality = rules.quality
    if percent is None:
        label = "No measure is asked for, so there is no percent"
        return [Step.by(quality.percent, "quality.percent", label, category=_QUALITY)]
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
    if inputs.improvement_percent:
        steps.append(_improvement_step(percent, quality.improvement_at_most, inputs))
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
