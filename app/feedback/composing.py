"""From what a measure came to, to what a report says of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.populations import Population
from app.feedback.advising import what_is_not_told, what_to_do
from app.feedback.report import (
    BenchmarkFigures,
    FailedReason,
    MonthFigures,
    PeerStanding,
    RateFeedback,
)
from app.measures.catalogue.benchmarks import TOP_DECILE, Benchmark
from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import MeasureDefinition
from app.measures.catalogue.year_rules import YearRules
from app.measures.evaluation.compiled import NO_ANSWER
from app.measures.results.points import Score
from app.measures.results.rates import MeasureRates, to_places

_PLACES: Final = 2
_UNANSWERED: Final = "Eligible, without an answer"

ReasonCounts = Mapping[tuple[Population, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateInputs:
    """What one rate of an entity came to, as it is read.

    `benchmark`: the one that is known by now. `months`: its rates in each month up to the last.
    `landed`: cases by where they landed and why; empty of a rate worked out from others.
    """

    measure: Measure
    stratum: str
    rates: MeasureRates
    score: Score
    benchmark: Benchmark | None
    months: Sequence[MeasureRates | None]
    landed: ReasonCounts
    peers: PeerStanding


def rate_feedback(found: RateInputs, rules: YearRules) -> RateFeedback:
    measure = found.measure
    facts, rates = measure.facts, found.rates
    failed = _failed(found)
    return RateFeedback(
        measure_id=measure.measure_id,
        title=facts.title or measure.measure_id,
        stratum=found.stratum or None,
        stratum_meaning=_meaning_of(measure.definition, found.stratum),
        is_inverse=facts.inverse,
        is_high_priority=facts.is_high_priority_in(measure.performance_year),
        counts=rates.counts,
        performance_rate=_shown(rates.performance_rate),
        data_completeness=_shown(rates.data_completeness),
        case_minimum_met=rates.case_minimum_met,
        completeness_met=rates.completeness_met,
        points=found.score.points,
        points_basis=found.score.basis,
        benchmark=_benchmark(found),
        peers=found.peers,
        trend=tuple(_month(number, each) for number, each in enumerate(found.months, 1)),
        failed=failed,
        to_do=what_to_do(measure, found.stratum, rates, failed, rules),
        not_told=what_is_not_told(measure, rates, found.benchmark, found.score, found.peers, rules),
    )


def failing_population(measure: Measure) -> Population:
    """Where cases land that did not go well: of an inverse measure those that met it."""
    if measure.facts.inverse:
        return Population.PERFORMANCE_MET
    return Population.PERFORMANCE_NOT_MET


def meaning_of_reason(definition: MeasureDefinition, reason: str) -> str:
    """Return the words of the measure for a reason that results give."""
    if reason == NO_ANSWER:
        return _UNANSWERED
    meanings = {each.reason: each.meaning for each in definition.all_criteria}
    meanings |= {code.reason: code.meaning for code in definition.codes}
    return meanings.get(reason, reason)


def _failed(found: RateInputs) -> tuple[FailedReason, ...]:
    """What most cases failed for first."""
    failing = (failing_population(found.measure), Population.UNREPORTED)
    reasons = [
        FailedReason(
            population=population,
            reason=reason,
            meaning=meaning_of_reason(found.measure.definition, reason),
            cases=cases,
        )
        for (population, reason), cases in found.landed.items()
        if population in failing
    ]
    return tuple(sorted(reasons, key=lambda each: (-each.cases, each.population, each.reason)))


def _meaning_of(definition: MeasureDefinition, stratum: str) -> str | None:
    overall = definition.overall
    if overall is not None and overall.stratum == stratum:
        return overall.meaning
    return next((rate.meaning for rate in definition.rates if rate.stratum == stratum), None)


def _benchmark(found: RateInputs) -> BenchmarkFigures | None:
    benchmark, decile = found.benchmark, found.score.decile
    if benchmark is None:
        return None
    at_the_top = decile is None or decile == TOP_DECILE
    return BenchmarkFigures(
        decile=decile,
        next_bound=None if at_the_top else _bound_behind(decile, benchmark),
        first_decile=benchmark.first_decile,
        bounds=benchmark.bounds,
        average=benchmark.average,
        benchmark_year=benchmark.benchmark_year,
        topped_out=benchmark.topped_out,
        seven_point_cap=benchmark.seven_point_cap,
    )


def _bound_behind(decile: int | None, benchmark: Benchmark) -> Decimal:
    """Of the first decile of a file that begins with the second, that of the second."""
    following = max((decile or 0) + 1, benchmark.first_decile)
    return benchmark.bounds[following - benchmark.first_decile]


def _month(number: int, rates: MeasureRates | None) -> MonthFigures:
    return MonthFigures(
        month=number,
        eligible_population=0 if rates is None else rates.counts.eligible_population,
        performance_rate=None if rates is None else _shown(rates.performance_rate),
        data_completeness=None if rates is None else _shown(rates.data_completeness),
    )


def _shown(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else to_places(rate, _PLACES)
