"""Points of a measure: decile, interpolation, floor, cap, and what needs no benchmark."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.populations import PopulationCounts
from app.measures.catalogue.benchmarks import Benchmark
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.results.points import PointsBasis, benchmark_points, decile_of, score_of
from app.measures.results.rates import rates_of, to_places

CATALOGUE = shipped_catalogue()


def year_of(year):
    found = CATALOGUE.for_year(year)
    assert found is not None
    return found


def benchmark_of(measure_id, year):
    benchmark = year_of(year).measure(measure_id).benchmark
    assert benchmark is not None
    return benchmark


def a_benchmark(*bounds, inverse=False, seven_point_cap=False):
    return Benchmark(
        measure_id="X",
        collection_type="registry",
        benchmark_year=2017,
        basis="historical",
        bounds=tuple(Decimal(bound) for bound in bounds),
        topped_out=seven_point_cap,
        seven_point_cap=seven_point_cap,
        inverse=inverse,
    )


OFFICIAL = a_benchmark(
    "0", "26.89", "40.49", "50", "57.07", "64.79", "73.08", "82.71", "96.44"
)  # the worked example of the CMS submissions API
INVERSE = a_benchmark(
    "0.98", "0.28", "0.04", "0", "0", "0", "0", "0", "0", inverse=True
)  # AQI31, 2017


def points(rate, benchmark, floor):
    return to_places(benchmark_points(Decimal(rate), benchmark, floor=Decimal(floor)), 4)


def test_the_official_example():
    assert points("82.31", OFFICIAL, floor=3) == Decimal("8.9585")


PUBLISHED = [
    # measure, year, rate, decile, points, why
    ("404", 2024, "75", 5, "5.4457", "decile 5 starts at 73.175, decile 6 at 77.27"),
    ("404", 2024, "73.175", 5, "5", "a bound belongs to its decile"),
    ("404", 2024, "73.17", 4, "4.9992", "just below the bound"),
    ("404", 2024, "7.69", 1, "1", "below the first bound"),
    ("404", 2024, "7.7", 1, "1", "the first bound"),
    ("404", 2024, "24.54", 1, "1.5", "half way through decile 1"),
    ("404", 2024, "96.44", 9, "9.9981", "just below decile 10"),
    ("404", 2024, "96.45", 10, "10", "reaches decile 10"),
    ("404", 2024, "100", 10, "10", "top of decile 10"),
    ("404", 2022, "30", 2, "3", "floor of 3 to 2022"),
    ("404", 2022, "53.76", 3, "3", "decile 3 starts"),
    ("404", 2022, "0", 2, "3", "nobody"),
    ("424", 2019, "100", 10, "7", "of deciles with one bound the highest, then the cap"),
    ("424", 2021, "100", 10, "10", "topped out for less than two years: no cap"),
    ("424", 2024, "99.99", 6, "6", "the bound of decile 6"),
    ("424", 2024, "99.999", 6, "6.9", "six and nine tenths of the way"),
    ("424", 2024, "100", 10, "7", "capped"),
    ("424", 2025, "100", 10, "10", "flat scale: no cap"),
    ("424", 2025, "98.5", 8, "8.5", "flat scale, half way from 98 to 99"),
    ("477", 2026, "83.9", 1, "1", "below the flat scale: floor"),
    ("477", 2026, "84", 1, "1", "first bound of the flat scale"),
    ("477", 2026, "85", 1, "1.5", "half way from 84 to 86"),
    ("463", 2019, "71.2", 1, "3", "below decile 2 of a benchmark of the year itself"),
]


@pytest.mark.parametrize(("measure_id", "year", "rate", "decile", "expected", "why"), PUBLISHED)
def test_points_of_published_benchmarks(measure_id, year, rate, decile, expected, why):
    benchmark = benchmark_of(measure_id, year)
    floor = year_of(year).rules.floor.points
    assert decile_of(Decimal(rate), benchmark) == decile
    assert points(rate, benchmark, floor) == Decimal(expected)


@pytest.mark.parametrize(
    ("rate", "decile", "expected"),
    [
        ("0.1", 3, "3.75"),  # 0.28 down to 0.04
        ("0.28", 3, "3"),
        ("0.29", 2, "3"),  # the floor
        ("0.99", 1, "3"),
        ("0.04", 4, "4"),
        ("0.02", 4, "4.5"),
        ("0", 10, "10"),
    ],
)
def test_the_bounds_of_an_inverse_measure_fall(rate, decile, expected):
    assert decile_of(Decimal(rate), INVERSE) == decile
    assert points(rate, INVERSE, floor=3) == Decimal(expected)


def test_the_cap_leaves_lower_points_alone():
    capped = a_benchmark(*range(0, 100, 10), seven_point_cap=True)
    assert points("65", capped, floor=1) == 7
    assert points("64", capped, floor=1) == 7
    assert points("55", capped, floor=1) == Decimal("6.5")


def score(year, *, met=0, not_met=0, exception=0, unreported=0, small=False, benchmark=OFFICIAL):
    rules = year_of(year).rules
    counts = PopulationCounts(
        performance_met=met,
        performance_not_met=not_met,
        denominator_exception=exception,
        unreported=unreported,
    )
    return score_of(rates_of(counts, rules), benchmark=benchmark, rules=rules, small_practice=small)


INCOMPLETE = {"met": 120, "unreported": 81}  # 59.7 percent
FEW = {"met": 19}
NO_BENCHMARK = {"met": 200, "benchmark": None}

WITHOUT_BENCHMARK = [
    # year, cases, large, small practice
    (2019, INCOMPLETE, 1, 3, PointsBasis.INCOMPLETE),
    (2020, INCOMPLETE, 0, 3, PointsBasis.INCOMPLETE),
    (2024, INCOMPLETE, 0, 3, PointsBasis.INCOMPLETE),
    (2022, FEW, 3, 3, PointsBasis.UNDER_CASE_MINIMUM),
    (2023, FEW, 0, 3, PointsBasis.UNDER_CASE_MINIMUM),
    (2024, FEW, 0, 3, PointsBasis.UNDER_CASE_MINIMUM),
    (2022, NO_BENCHMARK, 3, 3, PointsBasis.NO_BENCHMARK),
    (2023, NO_BENCHMARK, 0, 3, PointsBasis.NO_BENCHMARK),
    (2024, NO_BENCHMARK, 0, 3, PointsBasis.NO_BENCHMARK),
]


@pytest.mark.parametrize(("year", "cases", "large", "small", "basis"), WITHOUT_BENCHMARK)
def test_points_that_need_no_benchmark(year, cases, large, small, basis):
    assert score(year, **cases).points == large
    assert score(year, small=True, **cases).points == small
    assert score(year, **cases).basis is basis


def test_the_decile_is_shown_even_when_the_points_come_from_elsewhere():
    assert score(2024, **FEW).decile == 10
    assert score(2024, **NO_BENCHMARK).decile is None


def test_incomplete_goes_before_too_few_cases():
    assert score(2024, met=5, unreported=10).basis is PointsBasis.INCOMPLETE


def test_twenty_cases_are_scored_against_the_benchmark():
    assert score(2024, met=20).basis is PointsBasis.BENCHMARK
    assert score(2024, met=20).points == 10


@pytest.mark.parametrize(("year", "exceptions"), [(2024, 25), (2024, 12), (2019, 1)])
def test_nothing_but_exceptions_cannot_be_scored(year, exceptions):
    """Not even as a measure with few cases, which gives a small practice three points."""
    found = score(year, exception=exceptions, small=True)
    assert (found.points, found.basis) == (None, PointsBasis.NO_RATE)


def test_no_cases_cannot_be_scored():
    assert score(2024).points is None
    assert score(2024, small=True).basis is PointsBasis.NO_CASES


def test_the_rate_is_not_rounded_before_it_meets_a_bound():
    """29,999 of 30,000 shows as 100.00 percent but does not reach a bound of 100."""
    benchmark = benchmark_of("424", 2025)
    assert score(2025, met=29_999, not_met=1, benchmark=benchmark).decile == 9


NEW = [
    # performance year, first year of the measure, rate, points, why
    (2022, 2022, 10, "7", "its first year"),
    (2023, 2022, 10, "5", "its second"),
    (2024, 2022, 10, "2.3719", "its third: by the benchmark alone"),
    (2022, 2021, 10, "3", "the floor began with the measures of 2022"),
    (2021, 2021, 10, "3", "not yet"),
    (2022, 2022, 90, "9.5310", "the benchmark gives more"),
    (2024, None, 10, "2.3719", "never in MIPS"),
]


@pytest.mark.parametrize(("year", "first_year", "rate", "expected", "why"), NEW)
def test_new_measures_have_a_floor_of_their_own(year, first_year, rate, expected, why):
    rules = year_of(year).rules
    found = score_of(
        rates_of(PopulationCounts(performance_met=rate, performance_not_met=100 - rate), rules),
        benchmark=OFFICIAL,
        rules=rules,
        small_practice=False,
        first_year=first_year,
    )
    assert found.points == Decimal(expected)


def test_a_new_measure_needs_no_benchmark_but_answers_and_cases():
    rules = year_of(2024).rules

    def new(**counts):
        rates = rates_of(PopulationCounts(**counts), rules)
        return score_of(rates, benchmark=None, rules=rules, small_practice=False, first_year=2024)

    assert (new(performance_met=20).points, new(performance_met=20).basis) == (
        7,
        PointsBasis.NEW_MEASURE,
    )
    assert new(performance_met=19).points == 0
    assert new(performance_met=20, unreported=20).points == 0


def test_a_benchmark_of_the_year_itself_is_known_after_the_year():
    of_the_year, historical = benchmark_of("463", 2019), benchmark_of("404", 2019)
    assert not of_the_year.is_known_on(date(2019, 12, 31), 2019)
    assert of_the_year.is_known_on(date(2020, 1, 1), 2019)
    assert historical.is_known_on(date(2019, 1, 1), 2019)
