"""Weights, final score and threshold, as a practice manager would check them."""

from decimal import Decimal

import pytest

from app.measures.catalogue.terms import Confidence
from app.measures.results.rates import to_places
from app.measures.scoring.final import Adjustment, final_score
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.year_scoring import Category
from tests.scored import rules_of

POSITIVE, NEUTRAL, NEGATIVE = Adjustment.POSITIVE, Adjustment.NEUTRAL, Adjustment.NEGATIVE


def told(ia=100, *, pi=None, cost=None, bonus=0, ia_reweighted=False):
    return ScoreInputs(
        improvement_activities_percent=Decimal(ia),
        promoting_interoperability_percent=None if pi is None else Decimal(pi),
        cost_percent=None if cost is None else Decimal(cost),
        activities_reweighted=ia_reweighted,
        complex_patient_bonus=Decimal(bonus),
    )


def final(year, quality, inputs, *, small=False):
    return final_score(Decimal(quality), rules_of(year).final, inputs, is_small=small)


SCORES = [
    # year, quality, told, small, final, adjustment, why
    (2024, "75", told(), False, "78.75", POSITIVE, "0.85 x 75 + 15"),
    (2024, "70.5883", told(), False, "75.00", NEUTRAL, "75.00 after rounding"),
    (2024, "70.58", told(), False, "74.99", NEGATIVE, "0.85 x 70.58 + 15 = 74.993"),
    (2024, "70.6", told(), False, "75.01", POSITIVE, "0.85 x 70.6 + 15"),
    (2024, "60", told(), True, "80.00", POSITIVE, "half of 60 and half of 100"),
    (2024, "60", told(50), True, "55.00", NEGATIVE, "half of 60 and half of 50"),
    (2024, "80", told(pi=90, cost=70), False, "82.50", POSITIVE, "24 + 21 + 15 + 22.5"),
    (2024, "80", told(cost=70), False, "80.00", POSITIVE, "PI missing: 44 + 21 + 15"),
    (2024, "80", told(cost=70), True, "83.00", POSITIVE, "PI missing, small: 32 + 21 + 30"),
    (2024, "80", told(pi=90), False, "86.00", POSITIVE, "cost missing: 44 + 15 + 27"),
    (2024, "80", told(pi=90), True, "86.00", POSITIVE, "the same for a small practice with PI"),
    (
        2024,
        "80",
        told(pi=90, cost=70, ia_reweighted=True),
        False,
        "79.50",
        POSITIVE,
        "activities missing: 36 + 21 + 22.5",
    ),
    (2024, "100", told(bonus=10), False, "100.00", POSITIVE, "never more than 100"),
    (2024, "60", told(bonus=4), False, "70.00", NEGATIVE, "51 + 15 + 4 for complex patients"),
    (2024, "60", told(bonus=12), False, "76.00", POSITIVE, "51 + 15 + 10, the most there is"),
    (2022, "88", told(), False, "89.80", POSITIVE, "0.85 x 88 + 15"),
    (2019, "50", told(pi=50, cost=50), False, "57.50", POSITIVE, "22.5 + 7.5 + 15 + 12.5"),
    (2019, "10", told(60, pi=30, cost=30), False, "25.50", NEGATIVE, "4.5 + 4.5 + 9 + 7.5"),
    (2021, "60", told(pi=60, cost=60), False, "66.00", POSITIVE, "24 + 12 + 15 + 15"),
]


@pytest.mark.parametrize(
    ("year", "quality", "inputs", "small", "expected", "adjustment", "why"), SCORES
)
def test_final_scores(year, quality, inputs, small, expected, adjustment, why):
    score = final(year, quality, inputs, small=small)
    assert to_places(score.points, 2) == Decimal(expected)
    assert score.adjustment is adjustment


THRESHOLDS = {2019: 30, 2020: 45, 2021: 60, 2022: 75, 2023: 75, 2024: 75, 2025: 75, 2026: 75}
EXCEPTIONAL = {2019: 75, 2020: 85, 2021: 85, 2022: 89}


@pytest.mark.parametrize(("year", "threshold"), THRESHOLDS.items())
def test_the_threshold_of_each_year(year, threshold):
    """All categories alike, so the score is that percent."""
    everywhere = [
        final(year, percent, told(percent, pi=percent, cost=percent)).adjustment
        for percent in (threshold - 1, threshold, threshold + 1)
    ]
    assert everywhere == [NEGATIVE, NEUTRAL, POSITIVE]


@pytest.mark.parametrize("year", THRESHOLDS)
def test_exceptional_performance_to_2022(year):
    bound = EXCEPTIONAL.get(year)
    percent = bound or 99
    score = final(year, percent, told(percent, pi=percent, cost=percent))
    assert score.is_exceptional is (None if bound is None else True)
    if bound is not None:
        less = final(year, bound - 1, told(bound - 1, pi=bound - 1, cost=bound - 1))
        assert less.is_exceptional is False


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_where_it_is_not_known_how_weights_are_spread_there_is_no_score(year):
    score = final(year, "80", told())
    assert (score.points, score.adjustment, score.weights) == (None, None, None)
    (step,) = score.steps
    assert step.rule == "final.weights_not_known"
    assert "cost, promoting interoperability" in step.label


def test_a_category_that_no_row_has_missing_gives_no_score():
    assert final(2024, "80", told(ia_reweighted=True)).points is None
    assert final(2024, "80", told(pi=1, cost=1, ia_reweighted=True), small=True).points is None


def test_without_quality_there_is_no_score():
    score = final_score(None, rules_of(2024).final, told(), is_small=False)
    assert score.points is None
    assert score.steps[0].rule == "final.no_quality"


MARKS = [
    # told, mark of the weights of 2024
    (told(pi=1, cost=1), Confidence.VERIFIED),
    (told(), Confidence.SINGLE_SOURCE),
    (told(pi=1), Confidence.ASSUMED),
    (told(cost=1), Confidence.ASSUMED),
]


@pytest.mark.parametrize(("inputs", "mark"), MARKS)
def test_what_is_assumed_about_weights_is_marked(inputs, mark):
    score = final(2024, "80", inputs)
    weighted = [step for step in score.steps if step.rule == "final.category"]
    assert [step.category for step in weighted] == list(Category)
    assert {step.confidence for step in weighted} == {mark}


def test_every_figure_of_every_year_says_where_it_is_from():
    for year in THRESHOLDS:
        rules = rules_of(year)
        assert rules.final.threshold.source
        for row in rules.final.weights:
            assert sum(row.of(category) for category in Category) == 100
            assert row.source
