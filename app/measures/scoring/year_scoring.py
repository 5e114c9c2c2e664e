"""What a performance year decides about the score of an entity. Each figure has its own mark.

The points of one measure are decided by `app.measures.catalogue.year_rules`.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from app.measures.catalogue.rule_kinds import FrozenData
from app.measures.catalogue.terms import Confidence


class Category(StrEnum):
    """The performance categories of MIPS."""

    QUALITY = "quality"
    COST = "cost"
    IMPROVEMENT_ACTIVITIES = "improvement_activities"
    PROMOTING_INTEROPERABILITY = "promoting_interoperability"


class Mark(FrozenData):
    """How well a rule is known, and where from."""

    confidence: Confidence
    source: str


class Figure(Mark):
    value: Decimal


class ExtraMeasures(Mark):
    """Points for each outcome or high-priority measure beyond the required one.

    `at_most_percent`: of the points that the category asks for.
    """

    outcome: Decimal
    high_priority: Decimal
    at_most_percent: Decimal


class SpecialtySet(FrozenData):
    """Fewer measures are asked for, where the set of the specialty has fewer that apply.

    `cluster`: the measures by which CMS judges whether fewer apply.
    """

    cluster: tuple[str, ...]
    relief: Mark
    not_with_qcdr_measures: Mark
    applies: Mark


class QualityRules(FrozenData):
    """`small_practice_bonus`: points in the numerator. `improvement_at_most`: percentage points."""

    required_measures: Figure
    outcome_measure: Mark
    outcome_kinds: Mark
    choice: Mark
    percent: Mark
    improvement_at_most: Figure
    small_practice_bonus: Figure
    extra_measures: ExtraMeasures | None = None
    specialty_set: SpecialtySet


class MvpRules(FrozenData):
    """A MIPS Value Pathway. Its measures stand in the register, by year.

    `population_health_choice`: which of its population health measures is counted.
    """

    required_measures: Figure
    outcome_measure: Mark
    measures: Mark
    population_health: Mark
    population_health_choice: str


class Weights(Mark):
    """Percent of the final score, when the categories `missing` are reweighted."""

    practice: Literal["any", "large", "small"]
    missing: frozenset[Category]
    quality: Decimal
    cost: Decimal
    improvement_activities: Decimal
    promoting_interoperability: Decimal

    def of(self, category: Category) -> Decimal:
        weight: Decimal = getattr(self, category.value)
        return weight

    @model_validator(mode="after")
    def _sum_to_a_hundred(self) -> "Weights":
        if sum(self.of(category) for category in Category) != 100:
            raise ValueError("the weights of a row do not sum to 100")
        return self


class FinalRules(FrozenData):
    """`threshold`, `exceptional`: points of the final score. `largest_adjustment`: percent."""

    threshold: Figure
    exceptional: Figure | None = None
    largest_adjustment: Figure
    sum: Mark
    complex_patients_at_most: Figure
    rounding: Mark
    weights: tuple[Weights, ...] = Field(min_length=1)

    def weights_for(self, missing: frozenset[Category], *, small: bool) -> Weights | None:
        """Return None where it is not known how the weights of `missing` are spread."""
        fitting = ("any", "small" if small else "large")
        return next(
            (row for row in self.weights if row.missing == missing and row.practice in fitting),
            None,
        )


class FullCredit(Mark):
    activities: frozenset[str]


class ActivityRules(FrozenData):
    """What the category of improvement activities asks for, in points or in activities.

    `small_practice_factor`: what an activity counts for in small practices and for clinicians who
    face no patients, outside of MVPs. `group_percent`: the share of a group's clinicians that must
    do an activity in the same `least_days`; with 0 one is enough. `full_credit`: activities of
    which one is enough.
    """

    unit: Literal["points", "activities"]
    needed: Figure
    medium: Figure
    high: Figure
    small_practice_factor: Figure
    needed_in_an_mvp: Figure | None = None
    least_days: Figure
    group_percent: Figure
    full_credit: FullCredit


class ScoringRules(FrozenData):
    """`mvps`: by the id of CMS."""

    performance_year: int
    source: str
    quality: QualityRules
    mvps: Mapping[str, MvpRules] = Field(default_factory=dict)
    final: FinalRules
    improvement_activities: ActivityRules
