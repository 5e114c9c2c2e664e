"""What holds for every score, whatever the measures."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.measures.results.points import Score
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.what_if import gains
from app.measures.scoring.year_scoring import Category
from tests.scored import PI_AND_COST_REWEIGHTED, a_measure, measured, rules_of, scored

YEARS = st.integers(2019, 2026)
POINTS = st.decimals(0, 10, places=4)
PERCENT = st.none() | st.decimals(0, 100, places=2)
INPUTS = st.builds(
    ScoreInputs,
    improvement_percent=st.decimals(0, 10, places=2),
    promoting_interoperability_percent=PERCENT,
    cost_percent=PERCENT,
    improvement_activities_percent=st.decimals(0, 100, places=2),
    complex_patient_bonus=st.decimals(0, 10, places=2),
)


@st.composite
def measures(draw):
    return [
        a_measure(
            f"M{number}",
            draw(st.none() | POINTS),
            outcome=draw(st.booleans()),
            high_priority=draw(st.booleans()),
            qcdr=draw(st.booleans()),
            of_set=draw(st.booleans()),
            cases=draw(st.integers(0, 40)),
            reported=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 9)))
    ]


def figures(score):
    return score.quality.percent, score.final.points, score.final.adjustment


@settings(max_examples=60)
@given(measures(), YEARS, INPUTS, st.booleans())
def test_percents_and_scores_are_within_0_and_100(found, year, inputs, small):
    score = scored(*found, year=year, inputs=inputs, small=small)
    for figure in (score.quality.percent, score.final.points):
        assert figure is None or 0 <= figure <= 100


@settings(max_examples=60)
@given(measures(), YEARS, INPUTS, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_measures_does_not_matter(found, year, inputs, small, random):
    shuffled = random.sample(found, len(found))
    assert figures(scored(*found, year=year, inputs=inputs, small=small)) == figures(
        scored(*shuffled, year=year, inputs=inputs, small=small)
    )


@settings(max_examples=60)
@given(measures(), YEARS, INPUTS, st.booleans(), st.data())
def test_more_points_never_lower_the_percent(found, year, inputs, small, data):
    countable = [place for place, each in enumerate(found) if each.can_be_counted]
    if not countable:
        return
    place = data.draw(st.sampled_from(countable))
    points = data.draw(st.decimals(found[place].points, 10, places=4))
    better = list(found)
    better[place] = replace(
        found[place], score=Score(points=points, decile=None, basis=found[place].score.basis)
    )
    before = scored(*found, year=year, inputs=inputs, small=small)
    after = scored(*better, year=year, inputs=inputs, small=small)
    assert after.quality.percent >= before.quality.percent
    if before.final.points is not None:
        assert after.final.points >= before.final.points


_ADDENDS = (
    *("quality.extra_measures_bonus", "quality.small_practice_bonus", "quality.population_health"),
)


@settings(max_examples=60)
@given(measures(), YEARS, INPUTS, st.booleans())
def test_the_steps_sum_to_what_they_say(found, year, inputs, small):
    score = scored(*found, year=year, inputs=inputs, small=small)
    of_quality = [
        step.result
        for step in score.quality.steps
        if step.rule.startswith("quality.points.") or step.rule in _ADDENDS
    ]
    assert sum(of_quality, Decimal(0)) == score.quality.points
    if score.final.points is None:
        return
    by_rule = {}
    for step in score.final.steps:
        by_rule.setdefault(step.rule, []).append(step)
    weighted = by_rule["final.category"]
    assert [step.category for step in weighted] == list(Category)
    assert sum(step.figures["weight"] for step in weighted) == 100
    bonus = sum((step.result for step in by_rule.get("final.complex_patients", [])), Decimal(0))
    summed = sum(step.result for step in weighted) + bonus
    assert min(Decimal(100), summed) == score.final.points == by_rule["final.sum"][0].result


@settings(max_examples=60)
@given(measures(), YEARS, INPUTS, st.booleans())
def test_every_step_has_a_rule_a_mark_and_a_source(found, year, inputs, small):
    for step in scored(*found, year=year, inputs=inputs, small=small).steps:
        assert step.rule
        assert step.label
        assert step.source
        assert step.confidence


COUNTS = st.fixed_dictionaries(
    {
        "performance_met": st.integers(0, 60),
        "performance_not_met": st.integers(0, 60),
        "denominator_exception": st.integers(0, 5),
        "unreported": st.integers(0, 30),
    }
)
OF_2024 = ("404", "424", "430", "463", "477", "AQI48", "AQI72", "AQI18", "ABG44")


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(OF_2024), COUNTS), st.booleans())
def test_what_would_help_is_told_as_if_everything_were_scored_anew(cases, small):
    found = [measured(each, 2024, small=small, **counts) for each, counts in cases.items()]
    now = scored(*found, small=small)
    for gain in gains(now, rules_of(2024), PI_AND_COST_REWEIGHTED, is_small=small):
        if gain.possibility is None:
            anew = [_anew(each) for each in found if not each.facts.is_of_a_qcdr]
        else:
            changed = gain.possibility.measure
            kept = [each for each in found if each.measure_id != changed.measure_id]
            anew = [_anew(each) for each in (*kept, changed)]
        then = scored(*anew, small=small)
        assert gain.quality_percent == then.quality.percent
        assert gain.final_points == then.final.points
        assert gain.final_change == then.final.points - now.final.points


def _anew(measure):
    """The same measure with nothing worked out yet."""
    return Measured.of(measure.facts, measure.point_rules, measure.rates)
