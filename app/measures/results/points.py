"""Points of one measure in the quality category.

Order: incomplete data, no rate, too few cases, no benchmark, benchmark; a new measure that comes so
far has a floor of its own. Source: CMS QPP benchmark data and scoring examples; what each year
gives is in `data/years/`, with how well it is known.
"""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import neg
from typing import Final

from app.measures.catalogue.benchmarks import TOP_DECILE, Benchmark
from app.measures.catalogue.year_rules import YearRules
from app.measures.results.rates import MeasureRates, to_places

_LOWEST_DECILE = 1
_SEVEN_POINT_CAP = Decimal(7)
_POINT_PLACES = 4


class PointsBasis(StrEnum):
    """Why a measure has the points it has."""

    NO_CASES = "no_cases"
    INCOMPLETE = "incomplete"
    UNDER_CASE_MINIMUM = "under_case_minimum"
    NO_RATE = "no_rate"
    NO_BENCHMARK = "no_benchmark"
    BENCHMARK = "benchmark"
    NEW_MEASURE = "new_measure"
    PART_OF_OVERALL = "part_of_overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`points` is None when the rate cannot be scored: no cases, all of them exceptions, or one of
    several rates that are scored together.

    `decile` is where the rate stands in the benchmark, also when the points come from elsewhere.
    """

    points: Decimal | None
    decile: int | None
    basis: PointsBasis


PART_OF_OVERALL: Final = Score(points=None, decile=None, basis=PointsBasis.PART_OF_OVERALL)
"""Of a measure with several rates only the overall one has points."""


def score_of(
    rates: MeasureRates,
    *,
    benchmark: Benchmark | None,
    rules: YearRules,
    small_practice: bool,
    first_year: int | None = None,
) -> Score:
    """Return the points of a measure, with four decimals. Small practice: up to 15 clinicians.

    `first_year`: the first performance year of the measure, None if it was never in MIPS.
    """
    rate = rates.performance_rate
    decile = None if rate is None or benchmark is None else decile_of(rate, benchmark)

    def score(basis: PointsBasis, points: Decimal | None) -> Score:
        rounded = None if points is None else to_places(points, _POINT_PLACES)
        return Score(points=rounded, decile=decile, basis=basis)

    if rates.counts.eligible_population == 0:
        return score(PointsBasis.NO_CASES, None)
    if not rates.completeness_met:
        return score(PointsBasis.INCOMPLETE, rules.incomplete.points(small_practice=small_practice))
    if rate is None:
        return score(PointsBasis.NO_RATE, None)
    if not rates.case_minimum_met:
        return score(
            PointsBasis.UNDER_CASE_MINIMUM,
            rules.under_case_minimum.points(small_practice=small_practice),
        )
    basis, points = _points_of_rate(rate, benchmark, rules, small_practice=small_practice)
    floor = rules.floor_of_new(first_year)
    if floor is not None and points < floor:
        return score(PointsBasis.NEW_MEASURE, floor)
    return score(basis, points)


def _points_of_rate(
    rate: Decimal, benchmark: Benchmark | None, rules: YearRules, *, small_practice: bool
) -> tuple[PointsBasis, Decimal]:
    """Return the points of a rate that counts, not rounded, and why it has them."""
    if benchmark is None:
        return PointsBasis.NO_BENCHMARK, rules.no_benchmark.points(small_practice=small_practice)
    return PointsBasis.BENCHMARK, benchmark_points(rate, benchmark, floor=rules.floor.points)


def decile_of(rate: Decimal, benchmark: Benchmark) -> int:
    """Return the decile of `rate` (percent, not rounded); below the first bound it is 1."""
    return _decile_reached(rate, benchmark) or _LOWEST_DECILE


def benchmark_points(rate: Decimal, benchmark: Benchmark, *, floor: Decimal) -> Decimal:
    """Return the decile plus the share of the way to the next bound, not rounded.

    The top decile gives 10 (assumed), nothing gives less than `floor`, and a measure topped out for
    two years no more than 7.
    """
    points = max(floor, _points_on_scale(rate, benchmark))
    return min(points, _SEVEN_POINT_CAP) if benchmark.seven_point_cap else points


def _points_on_scale(rate: Decimal, benchmark: Benchmark) -> Decimal:
    decile = _decile_reached(rate, benchmark)
    if decile is None:
        return Decimal(_LOWEST_DECILE)
    if decile == TOP_DECILE:
        return Decimal(TOP_DECILE)
    position = decile - benchmark.first_decile
    own, following = benchmark.bounds[position : position + 2]
    return decile + (rate - own) / (following - own)


def _decile_reached(rate: Decimal, benchmark: Benchmark) -> int | None:
    """Bounds are inclusive. Of deciles with one bound the highest counts, the others are empty."""
    if benchmark.inverse:
        reached = bisect_right(benchmark.bounds, -rate, key=neg)
    else:
        reached = bisect_right(benchmark.bounds, rate)
    return benchmark.first_decile + reached - 1 if reached else None
