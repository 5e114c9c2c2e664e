"""The quality category: which measures count, what is added, what percent comes out."""

from decimal import Decimal

import pytest

from app.measures.results.rates import to_places
from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.selecting import Requirement, select
from app.measures.scoring.standing import Standing
from tests.scored import a_measure, measured, others, rules_of, scored


def four(number):
    assert number is not None
    return to_places(number, 4)


def percent(*measures, **asked):
    return four(scored(*measures, **asked).quality.percent)


def outcome(points, measure_id="O1", **facts):
    return a_measure(measure_id, points, outcome=True, **facts)


def priority(points, measure_id="H1", **facts):
    return a_measure(measure_id, points, high_priority=True, **facts)


def counted(*measures, required=6):
    chosen = select(Standing.of(measures), required=required)
    return [each.points for each in chosen.counted]


CHOSEN = [
    # measures, points of those that count, why
    (
        [outcome(2), *others(10, 9, 8, 7, 6, 5, 4)],
        [2, 10, 9, 8, 7, 6],
        "the required outcome measure stays, then the five best",
    ),
    (
        [*others(10, 9, 8, 7, 6, 5, 4)],
        [10, 9, 8, 7, 6, 5],
        "no such measure applies",
    ),
    (
        [priority(1), *others(10, 9, 8, 7, 6, 5)],
        [1, 10, 9, 8, 7, 6],
        "without an outcome measure one of high priority is required",
    ),
    (
        [outcome(2), outcome(9, "O2"), *others(10, 8, 7, 6, 5)],
        [9, 10, 8, 7, 6, 5],
        "of two outcome measures the better one is the required one",
    ),
    (
        [outcome(2), priority(10), *others(9, 8, 7, 6)],
        [2, 10, 9, 8, 7, 6],
        "a measure of high priority does not stand in for the outcome measure",
    ),
    (
        [outcome(9, reported=False), *others(10, 9, 8, 7, 6, 5)],
        [10, 9, 8, 7, 6],
        "the outcome measure applies and is not reported: its place stays empty",
    ),
    (
        [outcome(9, reported=False, qcdr=True), *others(10, 9, 8, 7, 6, 5)],
        [10, 9, 8, 7, 6, 5],
        "a measure of a QCDR is asked of nobody",
    ),
    ([outcome(None), *others(10)], [10], "all of them exceptions: not scorable"),
    ([outcome(3), *others(4)], [3, 4], "two of six"),
]


@pytest.mark.parametrize(("measures", "expected", "why"), CHOSEN)
def test_which_measures_count(measures, expected, why):
    assert counted(*measures) == expected


def test_of_the_same_points_outcome_and_high_priority_measures_go_first():
    measures = [*others(5), priority(5), outcome(5, "O2"), outcome(9)]
    chosen = select(Standing.of(measures), required=3)
    assert [each.measure_id for each in chosen.counted] == ["O1", "O2", "H1"]
    assert [each.measure_id for each in chosen.not_counted] == ["P1"]


def test_who_fulfills_the_requirement_is_told():
    chosen = select(Standing.of([priority(4), outcome(2)]), required=6)
    assert (chosen.requirement, chosen.met_by.measure_id) == (Requirement.OUTCOME, "O1")
    chosen = select(Standing.of([outcome(2, reported=False), *others(5)]), required=6)
    assert (chosen.requirement, chosen.met_by) == (Requirement.OUTCOME, None)
    assert chosen.lacks_required


PERCENTS = [
    # year, small practice, measures, percent, why
    (2024, True, others(10, 8, 7, 7, 3, 3), "73.3333", "(38 + 6) / 60"),
    (2024, False, others(10, 8, 7, 7, 3, 3), "63.3333", "38 / 60"),
    (2024, False, others(10, 10), "33.3333", "four missing measures add nothing"),
    (2024, True, others(10, 10, 10, 10, 10, 9), "100", "65 of 60 is 100"),
    (2019, True, others(3), "15", "(3 + 6) / 60"),
    (2024, True, [], "0", "nobody who reports nothing gets the bonus of a small practice"),
    (2021, False, [outcome(5), outcome(5, "O2")], "20", "(10 + 2) / 60"),
    (2021, False, [outcome(5), priority(5)], "18.3333", "(10 + 1) / 60"),
    (2021, False, [priority(5), priority(5, "H2")], "18.3333", "(10 + 1) / 60: one is required"),
    (
        2021,
        False,
        [outcome(9, reported=False), priority(5), priority(5, "H2")],
        "16.6667",
        "10 / 60: while the required outcome measure is not reported nothing is extra",
    ),
    (2022, False, [outcome(6), outcome(6, "O2")], "20", "no such bonus from 2022 on"),
    (
        2020,
        False,
        [outcome(5, f"O{n}") for n in range(6)],
        "60",
        "five extra outcome measures would give 10, a tenth of 60 is 6",
    ),
]


@pytest.mark.parametrize(("year", "small", "measures", "expected", "why"), PERCENTS)
def test_the_percent_of_the_category(year, small, measures, expected, why):
    assert percent(*measures, year=year, small=small) == Decimal(expected)


def test_also_measures_that_do_not_count_bring_the_bonus():
    measures = [outcome(5), *others(9, 9, 9, 9, 9), outcome(1, "O2")]
    assert percent(*measures, year=2021) == Decimal("86.6667")  # (50 + 2) / 60


EXTRA = [
    # measure, cases, whether it may bring the bonus of 2021, why
    (
        "404",
        {"performance_met": 1, "performance_not_met": 19},
        True,
        "twenty cases, one of them met",
    ),
    ("404", {"performance_met": 19}, False, "too few cases"),
    ("404", {"performance_not_met": 20}, False, "no performance at all"),
    ("404", {"performance_met": 14, "unreported": 6}, True, "70 percent are answered"),
    ("404", {"performance_met": 13, "unreported": 7}, False, "65 percent are not enough"),
    ("404", {"denominator_exception": 20}, False, "no rate"),
    ("AQI18", {"performance_met": 20}, False, "of an inverse measure all met is no performance"),
    ("AQI18", {"performance_not_met": 20}, True, "and none met is the best"),
]


@pytest.mark.parametrize(("measure_id", "cases", "expected", "why"), EXTRA)
def test_what_may_bring_the_bonus_for_extra_measures(measure_id, cases, expected, why):
    assert measured(measure_id, 2021, **cases).earns_bonus is expected


def test_improvement_adds_percentage_points_up_to_a_hundred():
    half = others(5, 5, 5, 5, 5, 5)
    assert percent(*half, inputs=ScoreInputs(improvement_percent=Decimal("7.5"))) == Decimal("57.5")
    full = others(10, 10, 10, 10, 10, 9)
    assert percent(*full, inputs=ScoreInputs(improvement_percent=Decimal(10))) == 100


def of_set(*points, first=404, **facts):
    return [
        a_measure(str(number), each, of_set=True, **facts)
        for number, each in enumerate(points, first)
    ]


SET = [
    # measures, measures asked for, why
    (of_set(9, 8, 7, 6, 5), 5, "five of the set apply"),
    (
        [*of_set(9, 8, 7, 6), a_measure("463", None, of_set=True, cases=0)],
        4,
        "no children",
    ),
    ([*of_set(9, 8), *of_set(7, first=430, reported=False)], 3, "what applies must be sent"),
    ([*of_set(9, 8), *others(7)], 6, "another measure besides"),
    ([*of_set(9, 8), a_measure("AQI48", 3, qcdr=True)], 6, "not with a QCDR measure"),
    ([*of_set(9, 8), a_measure("AQI48", 3, qcdr=True, reported=False)], 2, "which nobody reports"),
    (of_set(9, 8, 7, 6, 5, 4), 6, "a set of six is no relief"),
    (others(9, 8), 6, "none of the set applies"),
]


@pytest.mark.parametrize(("measures", "required", "why"), SET)
def test_the_set_of_the_specialty_asks_for_fewer_measures(measures, required, why):
    assert scored(*measures).quality.selection.required == required


def test_the_set_is_scored_against_what_it_asks_for():
    assert percent(*of_set(10, 8, 7, 5)) == 75  # 30 of 40


def test_the_example_of_the_guide() -> None:
    """docs/how-to/read-a-score.md"""
    told = ScoreInputs(improvement_activities_percent=Decimal(100))
    score = scored(
        measured("404", performance_met=75, performance_not_met=25),
        *(measured(capped, performance_met=100) for capped in ("424", "430", "477")),
        inputs=told,
    )
    counting = [each.measure_id for each in score.quality.selection.counted]
    assert counting == ["424", "430", "477", "404"]
    assert score.quality.points == Decimal("26.4457")
    assert four(score.quality.percent) == Decimal("66.1143")
    assert four(score.final.points) == Decimal("71.1971")
    assert score.final.adjustment == "negative"


def test_a_qualified_registry_sends_no_measures_of_qcdrs():
    measures = [*of_set(10, 8), a_measure("AQI48", 10, qcdr=True)]
    assert percent(*measures) == Decimal("46.6667")  # 28 of 60
    alone = ScoreInputs(sent=MeasuresSent.MIPS_CQM)
    assert percent(*measures, inputs=alone) == 90  # 18 of 20


MVP = ScoreInputs(program="G0059")


def of_mvp(*points, **facts):
    return [
        a_measure(f"M{number}", each, mvps=("G0059",), **facts)
        for number, each in enumerate(points)
    ]


def test_an_mvp_counts_its_best_four():
    assert percent(*of_mvp(10, 8, 7, 5), year=2025, inputs=MVP) == 75  # 30 of 40
    assert percent(*of_mvp(10, 8, 7, 5, 4), year=2025, inputs=MVP) == 75
    assert percent(*of_mvp(10, 8), *others(10, 10), year=2025, inputs=MVP) == 45  # of the MVP only


def test_an_mvp_asks_for_an_outcome_measure_too():
    low = a_measure("404", 1, outcome=True, mvps=("G0059",))
    assert percent(low, *of_mvp(10, 10, 10, 10), year=2025, inputs=MVP) == Decimal("77.5")


def test_a_population_health_measure_adds_ten_possible_points():
    told = ScoreInputs(program="G0059", population_health_points=Decimal(5))
    assert percent(*of_mvp(10, 8, 7, 5), year=2025, inputs=told) == 70  # 35 of 50


def test_a_small_practice_gets_its_bonus_in_an_mvp():
    assert percent(*of_mvp(10, 8, 7, 5), year=2025, inputs=MVP, small=True) == 90  # 36 of 40


def test_the_mvp_is_there_from_2023_on():
    assert [year for year in range(2019, 2027) if rules_of(year).mvps] == [2023, 2024, 2025, 2026]
