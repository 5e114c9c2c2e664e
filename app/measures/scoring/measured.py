"""A measure as the score of an entity sees it: facts, results, and what it could still bring."""

from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

from app.domain.populations import PopulationCounts
from app.measures.catalogue.benchmarks import TOP_DECILE, Benchmark
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.catalogue.year_rules import YearRules
from app.measures.results.points import PointsBasis, Score, score_of
from app.measures.results.rates import MeasureRates

_WHOLE: Final = Decimal(100)
_NONE: Final = Decimal(0)
_NO_CASES: Final = PopulationCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFacts:
    """What a measure is in a performance year. `title` is None where only the id is known."""

    measure_id: str
    title: str | None
    is_outcome: bool
    is_high_priority: bool
    is_of_a_qcdr: bool
    is_inverse: bool
    in_specialty_set: bool
    mvps: tuple[str, ...]
    first_year: int | None

    @classmethod
    def of(cls, facts: RegisteredMeasure, year: int) -> "MeasuredFacts":
        return cls(
            measure_id=facts.measure_id,
            title=facts.title,
            is_outcome=facts.counts_as_outcome_in(year),
            is_high_priority=facts.is_high_priority_in(year),
            is_of_a_qcdr=facts.is_of_a_qcdr,
            is_inverse=facts.inverse,
            in_specialty_set=year in (facts.anesthesiology_set or ()),
            mvps=facts.mvps_in(year),
            first_year=facts.years.start if facts.years else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRules:
    """What gives a measure its points. `benchmark` is None when there is none, or none yet."""

    benchmark: Benchmark | None
    rules: YearRules
    is_small: bool

    def score(self, rates: MeasureRates, facts: MeasuredFacts) -> Score:
        return score_of(
            rates,
            benchmark=self.benchmark,
            rules=self.rules,
            small_practice=self.is_small,
            first_year=facts.first_year,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measure with the results of an entity. `rates` is None for one without results here.

    `cases`: those that the measure is about. `is_reported`: whether there is an answer to send; a
    measure that nobody answers is not sent.
    """

    facts: MeasuredFacts
    point_rules: PointRules
    rates: MeasureRates | None
    score: Score | None
    cases: int = field(init=False)
    is_reported: bool = field(init=False)

    def __post_init__(self) -> None:
        """A score asks for both over and over."""
        counts = _NO_CASES if self.rates is None else self.rates.counts
        object.__setattr__(self, "cases", counts.eligible_population)
        object.__setattr__(self, "is_reported", counts.answered > 0)

    @classmethod
    def of(cls, facts: MeasuredFacts, point_rules: PointRules, rates: MeasureRates) -> "Measured":
        return cls(
            facts=facts,
            point_rules=point_rules,
            rates=rates,
            score=point_rules.score(rates, facts),
        )

    @property
    def measure_id(self) -> str:
        return self.facts.measure_id

    @property
    def points(self) -> Decimal | None:
        return None if self.score is None else self.score.points

    @property
    def can_be_counted(self) -> bool:
        return self.is_reported and self.points is not None

    @property
    def rank(self) -> tuple[Decimal, bool, bool, str]:
        """What sorts the best first: of those with the same points an outcome measure, then one of
        high priority.
        """
        facts = self.facts
        points = self.points or _NONE
        return (-points, not facts.is_outcome, not facts.is_high_priority, facts.measure_id)

    @property
    def earns_bonus(self) -> bool:
        """Whether it is complete, has enough cases and a performance at all (assumed)."""
        if self.rates is None or self.rates.performance_rate is None:
            return False
        worst = _WHOLE if self.facts.is_inverse else _NONE
        return (
            self.rates.completeness_met
            and self.rates.case_minimum_met
            and self.rates.performance_rate != worst
        )


class Change(StrEnum):
    """What an entity could do about a measure."""

    REPORT = "report"
    COMPLETE = "complete"
    ENOUGH_CASES = "enough_cases"
    NEXT_DECILE = "next_decile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """`cases`: how many more must be answered, be there, or go well; None where it depends.

    `rate`: the performance rate that it supposes, in percent.
    """

    change: Change
    measure: Measured
    rate: Decimal
    cases: int | None


def possibilities_of(measure: Measured) -> tuple[Possibility, ...]:
    """Return what could bring more points, each with the measure as it would then be."""
    if measure.rates is None or not measure.is_reported:
        return (_reported_at_best(measure),)
    assert measure.score is not None, "what has rates has a score"
    match measure.score.basis:
        case PointsBasis.INCOMPLETE:
            found = _completed(measure, measure.rates)
        case PointsBasis.UNDER_CASE_MINIMUM:
            found = _with_enough_cases(measure, measure.rates)
        case _:
            found = _in_the_next_decile(measure, measure.rates)
    return () if found is None else (found,)


def _reported_at_best(measure: Measured) -> Possibility:
    """It is reported with enough cases, all answered, all of them well."""
    best = _NONE if measure.facts.is_inverse else _WHOLE
    minimum = measure.point_rules.rules.case_minimum.cases
    rates = MeasureRates(
        counts=PopulationCounts(performance_met=max(measure.cases, minimum)),
        performance_rate=best,
        data_completeness=_WHOLE,
        case_minimum_met=True,
        completeness_met=True,
    )
    return Possibility(
        change=Change.REPORT,
        measure=Measured.of(measure.facts, measure.point_rules, rates),
        rate=best,
        cases=measure.cases or None,
    )


def _completed(measure: Measured, rates: MeasureRates) -> Possibility | None:
    rate = rates.performance_rate
    if rate is None:
        return None
    counts = rates.counts
    excluded = counts.denominator_exclusion if measure.facts.is_of_a_qcdr else 0
    threshold = measure.point_rules.rules.completeness.threshold_percent
    asked = threshold * (counts.eligible_population + excluded) / _WHOLE
    return _supposed(
        Change.COMPLETE,
        measure,
        replace(rates, completeness_met=True),
        rate=rate,
        cases=int(asked.to_integral_value(ROUND_CEILING)) - counts.answered - excluded,
    )


def _with_enough_cases(measure: Measured, rates: MeasureRates) -> Possibility | None:
    rate = rates.performance_rate
    if rate is None:
        return None
    lacking = measure.point_rules.rules.case_minimum.cases - measure.cases
    return _supposed(
        Change.ENOUGH_CASES,
        measure,
        replace(rates, case_minimum_met=True),
        rate=rate,
        cases=lacking if lacking > 0 else None,
    )


def _in_the_next_decile(measure: Measured, rates: MeasureRates) -> Possibility | None:
    """The nearest bound that brings more points; none at the top, or where points are capped."""
    benchmark = measure.point_rules.benchmark
    decile = None if measure.score is None else measure.score.decile
    if benchmark is None or decile is None or measure.points is None:
        return None
    for following in range(decile + 1, TOP_DECILE + 1):
        bound = benchmark.bounds[following - benchmark.first_decile]
        supposed = replace(rates, performance_rate=bound)
        then = measure.point_rules.score(supposed, measure.facts).points
        if then is not None and then > measure.points:
            cases = _cases_to(bound, rates, inverse=measure.facts.is_inverse)
            return _supposed(Change.NEXT_DECILE, measure, supposed, rate=bound, cases=cases)
    return None


def _cases_to(bound: Decimal, rates: MeasureRates, *, inverse: bool) -> int | None:
    """How many rated cases must go the other way; None for a rate that is a mean of several."""
    counts = rates.counts
    if rates.performance_rate != _WHOLE * counts.performance_met / counts.rated:
        return None
    met = bound * counts.rated / _WHOLE
    if inverse:
        return counts.performance_met - int(met)
    return int(met.to_integral_value(ROUND_CEILING)) - counts.performance_met


def _supposed(
    change: Change, measure: Measured, rates: MeasureRates, *, rate: Decimal, cases: int | None
) -> Possibility:
    return Possibility(
        change=change,
        measure=Measured.of(measure.facts, measure.point_rules, rates),
        rate=rate,
        cases=cases,
    )
