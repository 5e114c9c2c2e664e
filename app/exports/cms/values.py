"""What is told of a measure: the shape of its value follows from its metric type.

Source: CMS qpp-submissions-docs, measurement, as of December 2025, read from a snapshot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.domain.populations import PopulationCounts
from app.measures.catalogue.registered import MetricType, OverallAlgorithm, RegisteredMeasure
from app.measures.results.rates import MeasureRates, to_places

OVERALL: Final = "overall"
"""The stratum that is left out of averages."""
_PLACES: Final = 2
_HUNDRED: Final = Decimal(100)
_END_TO_END: Final = {"isEndToEndReported": False}
"""True is for what came from certified technology with no hand in between: nothing here did."""

Value = dict[str, Any]
RatesByStratum = Mapping[str, MeasureRates]
"""By the name that CMS gives a stratum; the only rate of a measure is named ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonProportion:
    """A ratio or a continuous variable, in the unit of its measure."""

    numerator: Decimal
    denominator: Decimal
    observation_instances: int
    denominator_exception: Decimal = Decimal(0)
    numerator_exclusion: Decimal = Decimal(0)


def metric_name(facts: RegisteredMeasure, year: int) -> str:
    """Return the metric type as CMS writes it; measures of a QCDR have types of their own."""
    name = {
        MetricType.SINGLE_PERFORMANCE_RATE: "singlePerformanceRate",
        MetricType.MULTI_PERFORMANCE_RATE: "multiPerformanceRate",
        MetricType.NON_PROPORTION: "nonProportion",
    }[metric_type(facts, year)]
    if not facts.is_of_a_qcdr or name == "nonProportion":
        return name
    return f"registry{name[0].upper()}{name[1:]}"


def metric_type(facts: RegisteredMeasure, year: int) -> MetricType:
    return facts.metric_type.in_year(year) or MetricType.SINGLE_PERFORMANCE_RATE


def value_of(facts: RegisteredMeasure, year: int, rates: RatesByStratum) -> Value:
    """Return the value of a measure with one rate or several.

    A stratum that no case is in is told with zeros: of a QCDR CMS wants each of them.
    """
    if metric_type(facts, year) is MetricType.MULTI_PERFORMANCE_RATE:
        strata = [
            {"stratum": name, **_counts(facts, rates.get(name))} for name in facts.strata_in(year)
        ]
        return {**_END_TO_END, **_rate(facts, year, rates), "strata": strata}
    return {**_END_TO_END, **_rate(facts, year, rates), **_counts(facts, rates.get(""))}


def value_of_non_proportion(told: NonProportion) -> Value:
    return {
        **_END_TO_END,
        "numerator": float(told.numerator),
        "denominator": float(told.denominator),
        "observationInstances": told.observation_instances,
        "denominatorException": float(told.denominator_exception),
        "numeratorExclusion": float(told.numerator_exclusion),
    }


def performance_rate(facts: RegisteredMeasure, year: int, rates: RatesByStratum) -> Decimal | None:
    """Return the one rate of a measure in percent, not rounded; None when nobody counts for it.

    Assumed: a stratum without a rate is left out of a mean, and exclusions of a stratum do not
    change its rate.
    """
    parts = [each for name, each in rates.items() if name != OVERALL]
    match facts.overall.in_year(year):
        case None:
            only = rates.get("")
            return None if only is None else only.performance_rate
        case OverallAlgorithm.OVERALL_STRATUM_ONLY:
            overall = rates.get(OVERALL)
            return None if overall is None else overall.performance_rate
        case OverallAlgorithm.SIMPLE_AVERAGE:
            known = [each.performance_rate for each in parts if each.performance_rate is not None]
            return sum(known, Decimal(0)) / len(known) if known else None
        case OverallAlgorithm.WEIGHTED_AVERAGE:
            rated = sum(each.counts.rated for each in parts)
            met = sum(each.counts.performance_met for each in parts)
            return _HUNDRED * met / rated if rated else None


def _rate(facts: RegisteredMeasure, year: int, rates: RatesByStratum) -> Value:
    """CMS works out the rate of a measure of MIPS by itself, and that of a QCDR never."""
    if not facts.is_of_a_qcdr:
        return {}
    rate = performance_rate(facts, year, rates)
    return {} if rate is None else {"performanceRate": float(to_places(rate, _PLACES))}


def _counts(facts: RegisteredMeasure, rates: MeasureRates | None) -> dict[str, int]:
    """Of a measure of a QCDR excluded cases are eligible; of MIPS they are told nowhere."""
    counts = PopulationCounts() if rates is None else rates.counts
    excluded = counts.denominator_exclusion if facts.is_of_a_qcdr else 0
    return {
        "eligiblePopulation": counts.eligible_population + excluded,
        "performanceMet": counts.performance_met,
        "performanceNotMet": counts.performance_not_met,
        "eligiblePopulationException": counts.denominator_exception,
        "eligiblePopulationExclusion": excluded,
    }
