"""What is told of a measure: the shape of its value follows from its metric type.

Source: CMS qpp-submissions-docs, measurement, as of December 2025, read from a snapshot.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from app.domain.populations import PopulationCounts
from app.measures.catalogue.definition import OVERALL_STRATUM, SINGLE_RATE, OverallMethod
from app.measures.catalogue.registered import MetricType, OverallAlgorithm, RegisteredMeasure
from app.measures.results.rates import MeasureRates, overall_performance_rate, to_places

_METHODS: Final = {
    OverallAlgorithm.SIMPLE_AVERAGE: OverallMethod.MEAN_OF_RATES,
    OverallAlgorithm.WEIGHTED_AVERAGE: OverallMethod.POOLED,
}
_PLACES: Final = 2
_END_TO_END: Final = {"isEndToEndReported": False}
"""True is for what came from certified technology with no hand in between: nothing here did."""

Value = dict[str, Any]
RatesByStratum = Mapping[str, MeasureRates]
"""By the name that CMS gives a stratum; the only rate of a measure is named ""."""


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
    return {**_END_TO_END, **_rate(facts, year, rates), **_counts(facts, rates.get(SINGLE_RATE))}


def performance_rate(facts: RegisteredMeasure, year: int, rates: RatesByStratum) -> Decimal | None:
    """Return the one rate of a measure in percent, not rounded; None when nobody counts for it.

    Assumed: exclusions of a stratum do not change its rate.
    """
    match facts.overall.in_year(year):
        case None:
            found = rates.get(SINGLE_RATE)
        case OverallAlgorithm.OVERALL_STRATUM_ONLY:
            found = rates.get(OVERALL_STRATUM)
        case algorithm:
            parts = (each for name, each in rates.items() if name != OVERALL_STRATUM)
            return overall_performance_rate(parts, _METHODS[algorithm])
    return None if found is None else found.performance_rate


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
