"""From the percents of the categories to the final score, and what follows from it.

Source: CMS QPP; each rule has its mark in `data/scoring/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.measures.rates import to_places
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, FinalRules, Weights

_WHOLE: Final = Decimal(100)
_ZERO: Final = Decimal(0)
_PLACES: Final = 2
_NAMES: Final[Mapping[Category, str]] = {
    Category.QUALITY: "quality",
    Category.COST: "cost",
    Category.IMPROVEMENT_ACTIVITIES: "improvement activities",
    Category.PROMOTING_INTEROPERABILITY: "promoting interoperability",
}


class Adjustment(StrEnum):
    """Of the Medicare payments two years later."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalScore:
    """`points` is 0-100, not rounded, and None where the weights are not known.

    `is_exceptional` is None in years without bonus for exceptional performance.
    """

    weights: Weights | None
    points: Decimal | None
    adjustment: Adjustment | None
    is_exceptional: bool | None
    steps: tuple[Step, ...]


def final_score(
    quality_percent: Decimal | None, rules: FinalRules, inputs: ScoreInputs, *, is_small: bool
) -> FinalScore:
    weights = rules.weights_for(inputs.missing, small=is_small)
    if weights is None or quality_percent is None:
        step = _not_known(rules, inputs) if weights is None else _no_quality(rules)
        return FinalScore(
            weights=weights, points=None, adjustment=None, is_exceptional=None, steps=(step,)
        )
    parts = _weighted(quality_percent, weights, inputs)
    bonus = _complex_patients(rules, inputs)
    summed = sum((step.result or _ZERO for step in (*parts, *bonus)), _ZERO)
    points = min(_WHOLE, summed)
    total = Step.by(
        rules.sum, "final.sum", "Sum of the categories and bonus, at most 100", result=points
    )
    return FinalScore(
        weights=weights,
        points=points,
        adjustment=adjustment_of(points, rules),
        is_exceptional=_is_exceptional(points, rules),
        steps=(*parts, *bonus, total, *_verdicts(points, rules)),
    )


def adjustment_of(points: Decimal, rules: FinalRules) -> Adjustment:
    """Compare the final score with the threshold, with two decimals (assumed)."""
    shown = to_places(points, _PLACES)
    if shown == rules.threshold.value:
        return Adjustment.NEUTRAL
    return Adjustment.POSITIVE if shown > rules.threshold.value else Adjustment.NEGATIVE


def _is_exceptional(points: Decimal, rules: FinalRules) -> bool | None:
    if rules.exceptional is None:
        return None
    return to_places(points, _PLACES) >= rules.exceptional.value


def _weighted(quality_percent: Decimal, weights: Weights, inputs: ScoreInputs) -> list[Step]:
    percents = {
        Category.QUALITY: quality_percent,
        Category.COST: inputs.cost_percent,
        Category.IMPROVEMENT_ACTIVITIES: inputs.improvement_activities_percent,
        Category.PROMOTING_INTEROPERABILITY: inputs.promoting_interoperability_percent,
    }
    return [_category_step(category, percents[category], weights) for category in Category]


def _category_step(category: Category, percent: Decimal | None, weights: Weights) -> Step:
    weight, name = weights.of(category), _NAMES[category]
    if category in weights.missing or percent is None:
        label = f"{name}: reweighted, its weight goes to the others"
        return Step.by(
            weights, "final.category", label, category=category, result=_ZERO, weight=weight
        )
    return Step.by(
        weights,
        "final.category",
        f"{name}: percent times weight",
        category=category,
        result=percent * weight / _WHOLE,
        percent=percent,
        weight=weight,
    )


def _complex_patients(rules: FinalRules, inputs: ScoreInputs) -> list[Step]:
    if not inputs.complex_patient_bonus:
        return []
    most = rules.complex_patients_at_most
    return [
        Step.by(
            most,
            "final.complex_patients",
            "Bonus for complex patients, as you tell it",
            result=min(inputs.complex_patient_bonus, most.value),
            at_most=most.value,
        )
    ]


def _verdicts(points: Decimal, rules: FinalRules) -> list[Step]:
    shown = to_places(points, _PLACES)
    steps = [
        Step.by(rules.rounding, "final.rounding", "Rounded to two decimals", result=shown),
        Step.by(
            rules.threshold,
            "final.threshold",
            f"Beside the threshold of the year: {adjustment_of(points, rules)}",
            final_score=shown,
            threshold=rules.threshold.value,
            largest_adjustment_percent=rules.largest_adjustment.value,
        ),
    ]
    if rules.exceptional is not None:
        reached = "reached" if _is_exceptional(points, rules) else "not reached"
        steps.append(
            Step.by(
                rules.exceptional,
                "final.exceptional",
                f"Exceptional performance: {reached}",
                final_score=shown,
                threshold=rules.exceptional.value,
            )
        )
    return steps


def _not_known(rules: FinalRules, inputs: ScoreInputs) -> Step:
    missing = ", ".join(sorted(_NAMES[category] for category in inputs.missing))
    return Step.by(
        rules.sum,
        "final.weights_not_known",
        f"How this year spreads the weights without {missing} is not known here, so there is no"
        " final score; tell their percents to get one",
    )


def _no_quality(rules: FinalRules) -> Step:
    label = "The quality category has no percent, so there is no final score"
    return Step.by(rules.sum, "final.no_quality", label)
