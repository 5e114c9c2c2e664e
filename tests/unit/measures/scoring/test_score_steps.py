"""The steps of whole scores, in the words and figures that a practice manager reads."""

from decimal import Decimal

import pytest

from app.measures.catalogue.terms import Confidence
from app.measures.results.rates import to_places
from app.measures.scoring.final import final_score
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.score import EntityScore
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category
from tests.scored import a_measure, measured, others, rules_of, scored

ASSUMED, VERIFIED = Confidence.ASSUMED, Confidence.VERIFIED
KINDS = "Intermediate and patient-reported outcomes count as outcome measures"
CHOICE = "The required measure and the best of the others count"
PERCENT = "Points of the category in percent of those that are possible, at most 100"


def told(steps: tuple[Step, ...]) -> list[tuple[str, str | None]]:
    return [
        (step.label, None if step.result is None else f"{to_places(step.result, 4).normalize():f}")
        for step in steps
    ]


def step(score: EntityScore, rule: str) -> Step:
    (found,) = [each for each in score.steps if each.rule == rule]
    return found


def a_small_practice() -> EntityScore:
    """Four measures of the set in 2024: by benchmark, capped, too few cases, too few answers."""
    return scored(
        measured("404", small=True, performance_met=75, performance_not_met=25),
        measured("424", small=True, performance_met=100),
        measured("430", small=True, performance_met=12, performance_not_met=4),
        measured("463", small=True, performance_met=60, unreported=40),
        inputs=ScoreInputs(
            improvement_activities_percent=Decimal(50),
            complex_patient_bonus=Decimal(4),
            improvement_percent=Decimal("2.5"),
        ),
        small=True,
    )


def test_the_set_of_the_specialty_in_a_small_practice() -> None:
    score = a_small_practice()
    assert told(score.quality.steps) == [
        ("Measures that traditional MIPS asks for", "6"),
        (
            "Measures of the anesthesiology set with cases here: 404, 424, 430, 463. CMS judges by"
            " its cluster: 404, 424, 430, 463",
            None,
        ),
        ("Fewer measures of the set apply, so these are all that is asked for", None),
        ("424 is the required measure (outcome)", None),
        (KINDS, None),
        (CHOICE, None),
        ("424: by its place in the benchmark", "7"),
        ("404: by its place in the benchmark", "5.4457"),
        ("430: fewer cases than a measure needs to be scored", "3"),
        ("463: too few of its cases have an answer", "3"),
        ("Bonus of a small practice that reports a measure", "6"),
        (PERCENT, "61.1143"),  # 24.4457 of 40
        (
            "Improvement since the year before, as you tell it, in percentage points; the percent"
            " is at most 100",
            "63.6143",
        ),
    ]
    assert told(score.final.steps) == [
        ("quality: percent times weight", "31.8071"),
        ("cost: reweighted, its weight goes to the others", "0"),
        ("improvement activities: percent times weight", "25"),
        ("promoting interoperability: reweighted, its weight goes to the others", "0"),
        ("Bonus for complex patients, as you tell it", "4"),
        ("Sum of the categories and bonus, at most 100", "60.8071"),
        ("Rounded to two decimals", "60.81"),
        ("Beside the threshold of the year: negative", None),
    ]
    assert {each.category for each in score.quality.steps} == {Category.QUALITY}
    assert {each.category for each in score.final.steps} == {*Category, None}


def test_the_figures_that_went_into_a_step() -> None:
    score = a_small_practice()
    assert step(score, "quality.specialty_set_applies").figures == {"measures": 4}
    assert step(score, "quality.specialty_set").figures == {"required": 4}
    assert step(score, "quality.choice").figures == {"counted": 4, "not_counted": 0, "missing": 0}
    assert step(score, "quality.points.incomplete").figures == {
        "cases": 100,
        "data_completeness": 60,
        "performance_rate": 100,
        "decile": 10,
    }
    percent = step(score, "quality.percent").figures
    assert percent == {"points": Decimal("24.4457"), "possible_points": 40}
    assert step(score, "quality.improvement").figures == {
        "improvement": Decimal("2.5"),
        "at_most": 10,
    }
    quality, cost, *_ = (each for each in score.final.steps if each.rule == "final.category")
    assert quality.figures == {"percent": score.quality.percent, "weight": 50}
    assert cost.figures == {"weight": 0}
    assert step(score, "final.complex_patients").figures == {"at_most": 10}
    assert step(score, "final.threshold").figures == {
        "final_score": Decimal("60.81"),
        "threshold": 75,
        "largest_adjustment_percent": 9,
    }


def test_how_well_the_rule_of_a_step_is_known() -> None:
    score = a_small_practice()
    marks = {each.rule: each.confidence for each in score.steps}
    assert marks["quality.required_measures"] is VERIFIED
    assert marks["quality.specialty_set_applies"] is ASSUMED
    assert marks["quality.specialty_set"] is VERIFIED
    assert marks["quality.points.benchmark"] is VERIFIED
    assert marks["quality.points.under_case_minimum"] is ASSUMED
    assert marks["quality.points.incomplete"] is VERIFIED, "verified for 2024 alone"
    assert marks["quality.improvement"] is Confidence.SINGLE_SOURCE
    assert marks["final.category"] is Confidence.SINGLE_SOURCE
    assert marks["final.rounding"] is ASSUMED


def test_an_mvp_with_all_categories_told() -> None:
    score = scored(
        measured("404", 2025, performance_met=75, performance_not_met=25),
        measured("AQI48", 2025, performance_met=20),
        year=2025,
        inputs=ScoreInputs(
            program="G0059",
            population_health_points=Decimal(5),
            promoting_interoperability_percent=Decimal(90),
            cost_percent=Decimal(70),
        ),
    )
    assert told(score.quality.steps) == [
        ("Only measures that the MVP has in this year are looked at", None),
        ("Measures that the MVP asks for", "4"),
        ("AQI48 is the required measure (outcome)", None),
        (KINDS, None),
        (CHOICE, None),
        ("AQI48: by its place in the benchmark", "10"),
        ("404: by its place in the benchmark", "4.3881"),
        (
            "Population health measure, the best scored, as you tell it: ten points more are"
            " possible",
            "5",
        ),
        (PERCENT, "38.7762"),  # 19.3881 of 50
    ]
    assert [each.rule for each in score.quality.steps] == [
        "quality.mvp_measures",
        "quality.required_measures",
        "quality.required_measure",
        "quality.outcome_kinds",
        "quality.choice",
        "quality.points.benchmark",
        "quality.points.benchmark",
        "quality.population_health",
        "quality.percent",
    ]
    assert {each.category for each in score.quality.steps} == {Category.QUALITY}
    assert step(score, "quality.choice").figures["missing"] == 2
    top, place = (each for each in score.steps if each.rule == "quality.points.benchmark")
    assert (top.confidence, top.source) == (ASSUMED, "CMS QPP benchmarks 2025 and scoring examples")
    assert (place.confidence, place.source) == (VERIFIED, top.source), (
        "only the flat ten is assumed"
    )
    weighted = [each.result for each in score.final.steps if each.rule == "final.category"]
    assert weighted == [score.quality.percent * 30 / 100, 21, 0, Decimal("22.5")]


def test_bonus_points_of_2021_and_weights_that_are_not_known() -> None:
    found = [
        a_measure("O1", 5, outcome=True, year=2021),
        a_measure("O2", 5, outcome=True, year=2021),
        a_measure("H1", 4, high_priority=True, year=2021),
    ]
    score = scored(*found, year=2021)
    bonus = step(score, "quality.extra_measures_bonus")
    assert told((bonus,)) == [
        ("Bonus for outcome and high-priority measures beyond the required one", "3")
    ]
    assert bonus.category is Category.QUALITY
    assert bonus.figures == {
        "outcome_measures": 1,
        "high_priority_measures": 1,
        "points_each_outcome": 2,
        "points_each_high_priority": 1,
        "at_most": 6,
    }
    assert told(score.final.steps) == [
        (
            "How this year spreads the weights without cost, promoting interoperability is not"
            " known here, so there is no final score; tell their percents to get one",
            None,
        )
    ]


def test_exceptional_performance_is_told_in_the_years_that_had_it() -> None:
    full = ScoreInputs(
        improvement_activities_percent=Decimal(100),
        promoting_interoperability_percent=Decimal(100),
        cost_percent=Decimal(100),
    )
    best, less = (
        final_score(Decimal(percent), rules_of(2020).final, full, is_small=False).steps[-1]
        for percent in (100, 60)
    )
    assert told((best, less)) == [
        ("Exceptional performance: reached", None),
        ("Exceptional performance: not reached", None),
    ]
    assert less.figures == {"final_score": 82, "threshold": 85}


WORDS = [
    # measures, rule, words, mark
    (
        [a_measure("O1", 9, outcome=True, reported=False), *others(5)],
        "quality.required_measure",
        "A measure is required (outcome) and none counts: its place gives no points",
        ASSUMED,
    ),
    (
        [a_measure("H1", 9, high_priority=True)],
        "quality.required_measure",
        "H1 is the required measure (high-priority)",
        VERIFIED,
    ),
    (
        others(5),
        "quality.required_measure",
        "No outcome or high-priority measure applies, so none is required",
        VERIFIED,
    ),
    (
        [a_measure("430", 9, of_set=True), *others(5, 4)],
        "quality.no_specialty_set",
        "The anesthesiology set does not relieve who reports other measures: P1, P2",
        ASSUMED,
    ),
    (
        [a_measure("430", 9, of_set=True), a_measure("AQI48", 9, qcdr=True)],
        "quality.no_specialty_set",
        "The anesthesiology set does not relieve who reports other measures: AQI48",
        Confidence.SINGLE_SOURCE,
    ),
    (
        [measured("AQI79", 2025, performance_met=20)],
        "quality.points.new_measure",
        "AQI79: new in MIPS, so not fewer points than this",
        ASSUMED,
    ),
    (
        [measured("AQI18", performance_met=20)],
        "quality.points.no_benchmark",
        "AQI18: there is no benchmark, or none yet",
        ASSUMED,
    ),
]


@pytest.mark.parametrize(("measures", "rule", "words", "mark"), WORDS)
def test_what_is_said_of_other_cases(
    measures: list[Measured], rule: str, words: str, mark: Confidence
) -> None:
    found = step(scored(*measures), rule)
    assert (found.label, found.confidence, found.category) == (words, mark, Category.QUALITY)


def test_without_quality_there_is_one_step() -> None:
    score = final_score(None, rules_of(2024).final, ScoreInputs(), is_small=False)
    assert told(score.steps) == [
        ("The quality category has no percent, so there is no final score", None)
    ]
