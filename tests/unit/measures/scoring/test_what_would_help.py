"""What one more measure, more answers or a better rate would bring."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.measures.catalogue.benchmarks import Benchmark
from app.measures.results.rates import to_places
from app.measures.scoring.measured import Change, Measured, MeasuredFacts, possibilities_of
from app.measures.scoring.what_if import gains
from tests.scored import (
    CATALOGUE,
    PI_AND_COST_REWEIGHTED,
    a_measure,
    measured,
    others,
    point_rules,
    rules_of,
    scored,
)


def unmeasured(measure_id, year=2024, *, small=False):
    facts = MeasuredFacts.of(CATALOGUE.register.known_as(measure_id), year)
    rules = point_rules(year, measure_id, small=small)
    return Measured(facts=facts, point_rules=rules, rates=None, score=None)


def without_a_part_of_twenty(**counts):
    """A measure whose rate is the mean of several."""
    measure = measured(**counts)
    return Measured.of(
        measure.facts, measure.point_rules, replace(measure.rates, case_minimum_met=False)
    )


def told(measure):
    (found,) = possibilities_of(measure)
    points = found.measure.points
    return found.change, found.cases, to_places(found.rate, 3), to_places(points, 4)


POSSIBLE = [
    # measure, change, cases, rate, points, why
    (
        measured(performance_met=75, performance_not_met=25),
        (Change.NEXT_DECILE, 3, "77.270", "6"),
        "404 in 2024: decile 6 begins with 77.27, so 78 of 100",
    ),
    (
        measured(performance_met=92, performance_not_met=8),
        (Change.NEXT_DECILE, 5, "96.450", "10"),
        "the last one begins with 96.45",
    ),
    (
        measured("424", performance_met=99, performance_not_met=1),
        (Change.NEXT_DECILE, 1, "99.460", "3"),
        "99 % of 424 in 2024 is in decile 2",
    ),
    (
        measured("477", 2026, performance_met=80, performance_not_met=20),
        (Change.NEXT_DECILE, 6, "86.000", "2"),
        "84 % of the flat scale gives no more than the floor, 86 % does",
    ),
    (
        measured(performance_met=60, unreported=40),
        (Change.COMPLETE, 15, "100.000", "10"),
        "75 of 100 must have an answer",
    ),
    (
        measured("AQI72", performance_met=55, denominator_exclusion=20, unreported=45),
        (Change.COMPLETE, 15, "100.000", "7"),
        "of a QCDR measure: 90 of 120, and excluded cases are among the 75 that have an answer",
    ),
    (
        measured(performance_met=12, performance_not_met=4),
        (Change.ENOUGH_CASES, 4, "75.000", "5.4457"),
        "20 cases are needed",
    ),
    (
        measured(performance_met=15, performance_not_met=4),
        (Change.ENOUGH_CASES, 1, "78.947", "6.5804"),
        "one more",
    ),
    (
        measured(performance_met=60, denominator_exclusion=20, unreported=40),
        (Change.COMPLETE, 15, "100.000", "10"),
        "of a MIPS measure: 75 of 100, excluded cases are in neither",
    ),
    (
        without_a_part_of_twenty(performance_met=15, performance_not_met=5),
        (Change.ENOUGH_CASES, None, "75.000", "5.4457"),
        "20 cases together, in no rate as many: how many more depends on where",
    ),
    (
        measured(unreported=30),
        (Change.REPORT, 30, "100.000", "10"),
        "nobody answers; at best it would bring 10",
    ),
    (
        measured(unreported=5),
        (Change.REPORT, 5, "100.000", "10"),
        "with fewer cases it is supposed that there will be enough",
    ),
    (unmeasured("424"), (Change.REPORT, None, "100.000", "7"), "topped out: 7 at most"),
    (unmeasured("AQI18"), (Change.REPORT, None, "0.000", "0"), "inverse, and no benchmark"),
    (unmeasured("AQI18", small=True), (Change.REPORT, None, "0.000", "3"), "for a small practice"),
]


@pytest.mark.parametrize(("measure", "expected", "why"), POSSIBLE)
def test_what_a_measure_could_still_bring(measure, expected, why):
    change, cases, rate, points = expected
    assert told(measure) == (change, cases, Decimal(rate), Decimal(points))


def test_of_an_inverse_measure_fewer_bad_events_bring_more():
    falling = Benchmark(
        measure_id="AQI18",
        collection_type="registry",
        benchmark_year=2022,
        bounds=tuple(map(Decimal, (20, 18, 16, 14, 12, 10, 8, 6, 4, 2))),
        inverse=True,
    )
    bad = measured("AQI18", performance_met=15, performance_not_met=85)
    scale = replace(bad.point_rules, benchmark=falling)
    now = Measured.of(bad.facts, scale, bad.rates)
    assert now.points == Decimal("3.5"), "halfway from 16 to 14 percent"
    assert told(now) == (Change.NEXT_DECILE, 1, 14, 4)


@pytest.mark.parametrize(
    "measure",
    [
        measured(performance_met=100),
        measured("424", performance_met=100),
        measured("AQI18", performance_met=5, performance_not_met=95),
        measured(denominator_exception=30),
    ],
    ids=["top decile", "capped", "no benchmark", "no rate"],
)
def test_where_nothing_brings_more(measure):
    assert possibilities_of(measure) == ()


def gains_of(*measures, year=2024, small=False):
    now = scored(*measures, year=year, small=small)
    return gains(now, rules_of(year), PI_AND_COST_REWEIGHTED, is_small=small)


def test_a_better_rate_raises_the_category_and_the_score():
    better = measured(performance_met=75, performance_not_met=25)
    found = {gain.possibility.measure.measure_id: gain for gain in gains_of(better, *others(8, 8))}
    gain = found["404"]
    assert (gain.points_now, gain.points_then) == (Decimal("5.4457"), 6)
    assert to_places(gain.quality_change, 4) == Decimal("0.9238")  # 0.5543 of 60
    assert to_places(gain.final_change, 2) == Decimal("0.79")  # 85 percent of it


def test_a_measure_that_does_not_count_brings_nothing_until_it_is_among_the_best():
    lowest = measured(performance_met=20, performance_not_met=80, small=True)
    best = [a_measure("O1", 9, outcome=True), *others(9, 9, 9, 9, 9)]
    (gain,) = [
        each
        for each in gains_of(lowest, *best, small=True)
        if each.possibility.measure.measure_id == "404"
    ]
    assert (gain.quality_change, gain.final_change) == (0, 0)


def test_what_brings_most_comes_first():
    found = gains_of(
        measured(performance_met=75, performance_not_met=25), unmeasured("424"), unmeasured("463")
    )
    changes = [gain.quality_change for gain in found]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > changes[-1]


def test_leaving_out_measures_of_qcdrs_may_bring_more():
    of_set = [a_measure(each, 9, of_set=True) for each in ("404", "430", "463", "477")]
    found = gains_of(*of_set, a_measure("AQI48", 0, qcdr=True))
    (alone,) = [gain for gain in found if gain.possibility is None]
    assert alone.quality_percent == 90  # 36 of 40, where it was 36 of 60
    assert alone.quality_change == 30
