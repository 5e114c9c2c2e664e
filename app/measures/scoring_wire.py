"""What the API answers about scores, with every step behind them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.json_numbers import JsonNumber
from app.measures.activities.crediting import ActivityCredit
from app.measures.catalogue.terms import Confidence
from app.measures.results.levels import Level
from app.measures.results.rates import to_places
from app.measures.results.scored_totals import ScoredTotal
from app.measures.scoring.final import Adjustment
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Change
from app.measures.scoring.quality import QualityScore
from app.measures.scoring.score import EntityScore
from app.measures.scoring.selecting import Requirement
from app.measures.scoring.steps import Step
from app.measures.scoring.what_if import Gain
from app.measures.scoring.year_scoring import Category, Weights
from app.measures.wire import PracticeSizeOut

_SCORE_PLACES = 2
_PLACES = 4


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class StepOut(_Wire):
    """One step: `figures` went in, `result` came out, with up to four decimals.

    `rule` is a published word. `mark` says how well the rule is known, `source` where from;
    assumed: our own reading, with no source opened.
    """

    category: Category | None = Field(description="Null: of the final score.")
    rule: str
    label: str
    figures: dict[str, JsonNumber]
    result: JsonNumber | None
    mark: Confidence
    source: str

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(
            category=step.category,
            rule=step.rule,
            label=step.label,
            figures={name: to_places(figure, _PLACES) for name, figure in step.figures.items()},
            result=_four(step.result),
            mark=step.confidence,
            source=step.source,
        )


class GainOut(_Wire):
    """What a change would bring. `change` null: to send MIPS CQMs alone, without QCDR measures.

    `cases`: how many more must be answered (complete), be there (enough_cases) or go well
    (next_decile); of `report` those that there are. `rate` is the performance rate supposed: a
    measure that is reported anew is supposed to be done in all cases.
    """

    change: Change | None
    measure_id: str | None
    rate: JsonNumber | None
    cases: int | None
    points_now: JsonNumber | None
    points_then: JsonNumber | None
    quality_percent: JsonNumber | None
    quality_change: JsonNumber
    final_score: JsonNumber | None
    final_change: JsonNumber | None

    @classmethod
    def of(cls, gain: Gain) -> Self:
        possibility = gain.possibility
        return cls(
            change=None if possibility is None else possibility.change,
            measure_id=None if possibility is None else possibility.measure.measure_id,
            rate=None if possibility is None else to_places(possibility.rate, _SCORE_PLACES),
            cases=None if possibility is None else possibility.cases,
            points_now=gain.points_now,
            points_then=gain.points_then,
            quality_percent=_four(gain.quality_percent),
            quality_change=to_places(gain.quality_change, _PLACES),
            final_score=_two(gain.final_points),
            final_change=_two(gain.final_change),
        )


class QualityOut(_Wire):
    """`counted`: ids of the measures that count, the one that was required first."""

    percent: JsonNumber | None
    points: JsonNumber
    possible_points: JsonNumber
    required_measures: int
    requirement: Requirement
    requirement_met_by: str | None
    counted: tuple[str, ...]
    not_counted: tuple[str, ...]

    @classmethod
    def of(cls, quality: QualityScore) -> Self:
        chosen = quality.selection
        return cls(
            percent=_four(quality.percent),
            points=quality.points,
            possible_points=quality.possible_points,
            required_measures=chosen.required,
            requirement=chosen.requirement,
            requirement_met_by=None if chosen.met_by is None else chosen.met_by.measure_id,
            counted=tuple(measure.measure_id for measure in chosen.counted),
            not_counted=tuple(measure.measure_id for measure in chosen.not_counted),
        )


class ActivitiesOut(_Wire):
    """`earned` and `needed` are null when the percent is told by whoever asks.

    Those of a virtual group always are: activities are attested for a TIN and its parts.
    """

    percent: JsonNumber
    earned: JsonNumber | None
    needed: JsonNumber | None

    @classmethod
    def of(cls, percent: Decimal, credit: ActivityCredit | None) -> Self:
        return cls(
            percent=to_places(percent, _PLACES),
            earned=None if credit is None else credit.earned,
            needed=None if credit is None else credit.needed,
        )


class WeightsOut(_Wire):
    """Percent of the final score; `reweighted` are the categories that give theirs away."""

    quality: JsonNumber
    cost: JsonNumber
    improvement_activities: JsonNumber
    promoting_interoperability: JsonNumber
    reweighted: tuple[Category, ...]
    mark: Confidence

    @classmethod
    def of(cls, weights: Weights) -> Self:
        return cls(
            **{category.value: weights.of(category) for category in Category},
            reweighted=tuple(sorted(weights.missing)),
            mark=weights.confidence,
        )


class EntityScoreOut(_Wire):
    """The estimated score of a TIN, a TIN and NPI, or a group; `tin` is null for a virtual group.

    `final_score` has two decimals and is null when how the weights are spread is not known.
    `adjustment` compares it with the threshold of the year. `exceptional` is null in years without
    that bonus. `steps` and `what_would_help` are null in a list for which nobody asks them.
    """

    tin: str | None
    npi: str | None
    subgroup_id: UUID | None
    virtual_group_id: UUID | None
    practice_size: PracticeSizeOut
    quality: QualityOut
    improvement_activities: ActivitiesOut | None
    weights: WeightsOut | None
    final_score: JsonNumber | None
    adjustment: Adjustment | None
    exceptional: bool | None
    steps: tuple[StepOut, ...] | None
    what_would_help: tuple[GainOut, ...] | None

    @classmethod
    def of(
        cls,
        entity: ScoredTotal,
        level: Level,
        score: EntityScore,
        inputs: ScoreInputs,
        credit: ActivityCredit | None,
        gains: Iterable[Gain],
        *,
        is_detailed: bool,
    ) -> Self:
        final = score.final
        activities = ActivitiesOut.of(inputs.improvement_activities_percent, credit)
        return cls(
            tin=entity.tin,
            npi=entity.npi,
            subgroup_id=entity.group_id if level == "subgroup" else None,
            virtual_group_id=entity.group_id if level == "virtual_group" else None,
            practice_size=PracticeSizeOut.of(entity.size),
            quality=QualityOut.of(score.quality),
            improvement_activities=None if inputs.activities_reweighted else activities,
            weights=None if final.weights is None else WeightsOut.of(final.weights),
            final_score=_two(final.points),
            adjustment=final.adjustment,
            exceptional=final.is_exceptional,
            steps=_steps(score, credit) if is_detailed else None,
            what_would_help=tuple(map(GainOut.of, gains)) if is_detailed else None,
        )


def _steps(score: EntityScore, credit: ActivityCredit | None) -> tuple[StepOut, ...]:
    of_activities = () if credit is None else credit.steps
    return tuple(map(StepOut.of, (*score.quality.steps, *of_activities, *score.final.steps)))


def _two(number: Decimal | None) -> Decimal | None:
    return None if number is None else to_places(number, _SCORE_PLACES)


def _four(number: Decimal | None) -> Decimal | None:
    return None if number is None else to_places(number, _PLACES)


_EXAMPLE: JsonDict = {
    "practice_id": "12345",
    "performance_year": 2024,
    "level": "group",
    "program": "mips",
    "as_of": "2024-11-21T10:00:00Z",
    "threshold": 75,
    "scores": [
        {
            "tin": "891234567",
            "npi": None,
            "subgroup_id": None,
            "virtual_group_id": None,
            "practice_size": {"clinicians": 42, "small": False, "source": "roster"},
            "quality": {
                "percent": 66.1143,
                "points": 26.4457,
                "possible_points": 40,
                "required_measures": 4,
                "requirement": "outcome",
                "requirement_met_by": "424",
                "counted": ["424", "430", "477", "404"],
                "not_counted": [],
            },
            "improvement_activities": {"percent": 100.0, "earned": 40, "needed": 40},
            "weights": {
                "quality": 85,
                "cost": 0,
                "improvement_activities": 15,
                "promoting_interoperability": 0,
                "reweighted": ["cost", "promoting_interoperability"],
                "mark": "single_source",
            },
            "final_score": 71.2,
            "adjustment": "negative",
            "exceptional": None,
            "steps": [
                {
                    "category": "quality",
                    "rule": "quality.points.benchmark",
                    "label": "404: by its place in the benchmark",
                    "figures": {"cases": 24, "performance_rate": 75.0, "decile": 5},
                    "result": 5.4457,
                    "mark": "verified",
                    "source": "CMS QPP benchmarks 2024 and scoring examples",
                }
            ],
            "what_would_help": [
                {
                    "change": "next_decile",
                    "measure_id": "404",
                    "rate": 77.27,
                    "cases": 1,
                    "points_now": 5.4457,
                    "points_then": 6.0,
                    "quality_percent": 67.5,
                    "quality_change": 1.3858,
                    "final_score": 72.38,
                    "final_change": 1.18,
                }
            ],
        }
    ],
}


class MeasureScores(_Wire):
    """Estimated scores. `threshold`: the final score above which payments are raised."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _EXAMPLE})

    practice_id: str
    performance_year: int
    level: Level
    program: str
    as_of: datetime
    threshold: JsonNumber
    scores: tuple[EntityScoreOut, ...]
