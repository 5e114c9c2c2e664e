"""From the percents of the categories to the final score, and what follows from it.

Source: CMS QPP; each rule has its mark in `data/scoring/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from app.measures.results.rates import to_places
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


@dataclass(frozen=True, kw_only=True)
class FinalScore:
    """From the percent of the quality category and what is told of the others.

    `weights` is None where it is not known how the year spreads them.
    """

    rules: FinalRules
    inputs: ScoreInputs
    quality_percent: Decimal | None
    weights: Weights | None

    @cached_property
    def points(self) -> Decimal | None:
        """0-100, not rounded; None without weights or quality."""
        return self.points_with(self.quality_percent)

    def points_with(self, quality_percent: Decimal | None) -> Decimal | None:
        """Return the points with another percent of the quality category, all else as it is."""
        if self.weights is None or quality_percent is None:
            return None
        quality = _weighted(Category.QUALITY, quality_percent, self.weights)
        return min(_WHOLE, quality + self._points_besides)

    @cached_property
    def _points_besides(self) -> Decimal:
        """Of the other categories, and the bonus."""
        assert self.weights is not None, "there are no points without"
        percents = _percents(_ZERO, self.weights, self.inputs)
        weighted = [_weighted(each, percents[each], self.weights) for each in Category]
        return sum(weighted, _complex_patients_bonus(self.rules, self.inputs))

    @property
    def adjustment(self) -> Adjustment | None:
        return None if self.points is None else adjustment_of(self.points, self.rules)

    @property
    def is_exceptional(self) -> bool | None:
        """None in years without bonus for exceptional performance."""
        return None if self.points is None else _is_exceptional(self.points, self.rules)

    @property
    def steps(self) -> tuple[Step, ...]:
        if self.weights is None:
            return (_not_known(self.rules, self.inputs),)
        if self.points is None or self.quality_percent is None:
            return (_no_quality(self.rules),)
        label = "Sum of the categories and bonus, at most 100"
        return (
            *_category_steps(self.quality_percent, self.weights, self.inputs),
            *_complex_patients_steps(self.rules, self.inputs),
            Step.by(self.rules.sum, "final.sum", label, result=self.points),
            *_verdicts(self.points, self.rules),
        )


def final_score(
    quality_percent: Decimal | None, rules: FinalRules, inputs: ScoreInputs, *, is_small: bool
) -> FinalScore:
    return FinalScore(
        rules=rules,
        inputs=inputs,
        quality_percent=quality_percent,
        weights=rules.weights_for(inputs.missing, small=is_small),
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


def _percents(
    quality_percent: Decimal, weights: Weights, inputs: ScoreInputs
) -> dict[Category, Decimal | None]:
    """None: of a category that is reweighted."""
    told = {
        Category.QUALITY: quality_percent,
        Category.COST: inputs.cost_percent,
        Category.IMPROVEMENT_ACTIVITIES: inputs.improvement_activities_percent,
        Category.PROMOTING_INTEROPERABILITY: inputs.promoting_interoperability_percent,
    }
    return {
        category: None if category in weights.missing else percent
        for category, percent in told.items()
    }


def _weighted(category: Category, percent: Decimal | None, weights: Weights) -> Decimal:
    return _ZERO if percent is None else percent * weights.of(category) / _WHOLE


def _category_steps(quality_percent: Decimal, weights: Weights, inputs: ScoreInputs) -> list[Step]:
    percents = _percents(quality_percent, weights, inputs)
    return [_category_step(category, percents[category], weights) for category in Category]


def _category_step(category: Category, percent: Decimal | None, weights: Weights) -> Step:
    weight, name = weights.of(category), _NAMES[category]
    figures = {} if percent is None else {"percent": percent}
    return Step.by(
        weights,
        "final.category",
        f"{name}: reweighted, its weight goes to the others"
        if percent is None
        else f"{name}: percent times weight",
        category=category,
        result=_weighted(category, percent, weights),
        **figures,
        weight=weight,
    )


def _complex_patients_bonus(rules: FinalRules, inputs: ScoreInputs) -> Decimal:
    return min(inputs.complex_patient_bonus, rules.complex_patients_at_most.value)


def _complex_patients_steps(rules: FinalRules, inputs: ScoreInputs) -> list[Step]:
    if not inputs.complex_patient_bonus:
        return []
    most = rules.complex_patients_at_most
    return [
        Step.by(
            most,
            "final.complex_patients",
            "Bonus for complex patients, as you tell it",
            result=_complex_patients_bonus(rules, inputs),
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
