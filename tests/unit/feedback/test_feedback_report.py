"""What a report says of a rate, from figures that were worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from app.domain.feedback import Quarter, last_due, parse_quarter
from app.domain.populations import Population, PopulationCounts
from app.feedback.composing import RateInputs, rate_feedback
from app.feedback.report import MonthFigures, PeerFigures, PeerStanding, RateFeedback
from app.feedback.trend_chart import trend_chart
from app.measures.catalogue.catalogue import Measure
from app.measures.peers.cuts import Cut, Withheld
from app.measures.results.points import score_of
from app.measures.results.rates import rates_of
from tests.scored import CATALOGUE

YEAR = CATALOGUE.for_year(2024)
assert YEAR is not None
NO_PEERS_YET = PeerStanding(as_of=None, not_compared="not_yet")


def measure(measure_id: str) -> Measure:
    assert YEAR is not None
    found = YEAR.measure(measure_id)
    assert found is not None
    return found


def told(
    measure_id: str,
    reasons: dict[tuple[Population, str], int] | None = None,
    *,
    peers: PeerStanding = NO_PEERS_YET,
    stratum: str = "",
    **counts: int,
) -> RateFeedback:
    assert YEAR is not None
    of = measure(measure_id)
    rates = rates_of(PopulationCounts(**counts), YEAR.rules)
    score = score_of(rates, benchmark=of.benchmark, rules=YEAR.rules, small_practice=False)
    found = RateInputs(
        measure=of,
        stratum=stratum,
        rates=rates,
        score=score,
        benchmark=of.benchmark,
        months=[rates, None],
        landed=reasons or {},
        peers=peers,
    )
    return rate_feedback(found, YEAR.rules)


def test_figures_benchmark_and_months_are_shown_as_they_are() -> None:
    """24 of 32 are 75 %: decile 5 of 404 in 2024, and decile 6 begins at 77.27 %."""
    rate = told("404", performance_met=24, performance_not_met=8, unreported=2)
    assert (rate.performance_rate, rate.data_completeness) == (Decimal("75.00"), Decimal("94.12"))
    assert rate.benchmark is not None
    assert (rate.benchmark.decile, rate.benchmark.next_bound) == (5, Decimal("77.27"))
    assert rate.points == Decimal("5.4457")  # of the worked example of the scores
    january, february = rate.trend
    assert (january.eligible_population, january.performance_rate) == (34, Decimal("75.00"))
    assert (february.eligible_population, february.performance_rate) == (0, None)


def test_cases_that_failed_are_told_by_reason_the_most_first_in_words_of_the_measure() -> None:
    reasons = {
        (Population.PERFORMANCE_MET, "code:G9644"): 24,
        (Population.UNREPORTED, "no-answer"): 2,
        (Population.PERFORMANCE_NOT_MET, "code:G9645"): 8,
    }
    rate = told("404", reasons, performance_met=24, performance_not_met=8, unreported=2)
    assert [(each.meaning, each.cases) for each in rate.failed] == [
        ("Smoked before anesthesia on the day", 8),
        ("Eligible, without an answer", 2),
    ]
    assert rate.failed_cases == 10
    answer, better = rate.to_do
    assert answer.startswith("2 cases without an answer: send one of G9644 (Did not smoke")
    assert better == (
        "8 cases did not meet the measure. It asks for: Did not smoke before anesthesia on the day."
    )


def test_of_an_inverse_measure_those_failed_that_met_it() -> None:
    """What AQI18 counts should not happen: ventilated for more than 24 hours."""
    inverse = next(each for each in measures() if each.facts.inverse)
    good = next(c for c in inverse.definition.codes if c.role == "performance_not_met")
    bad = next(c for c in inverse.definition.codes if c.role == "performance_met")
    reasons = {
        (Population.PERFORMANCE_MET, bad.reason): 3,
        (Population.PERFORMANCE_NOT_MET, good.reason): 30,
    }
    rate = told(inverse.measure_id, reasons, performance_met=3, performance_not_met=30)
    assert rate.is_inverse
    assert [(each.population, each.cases) for each in rate.failed] == [
        (Population.PERFORMANCE_MET, 3)
    ]
    [better] = rate.to_do
    assert better.startswith("3 cases had what should not happen.")
    assert good.meaning in better


def test_too_little_data_is_said_with_how_much_is_lacking() -> None:
    """75 % of 30 are 22.5, so 23 must be answered: 13 more than the ten that are."""
    rate = told("404", performance_met=10, unreported=20)
    assert rate.to_do[0] == (
        "Data completeness has to be 75 %: answer 13 cases more, or the measure does not count."
    )
    few = told("404", performance_met=10, performance_not_met=9)
    assert few.not_told[0] == "Fewer than 20 cases: the rate says little, and is not compared."
    silent = told("404", unreported=20)
    assert silent.performance_rate is None
    assert silent.not_told[0] == "No rate: no case is counted for or against."


def test_what_the_report_cannot_tell_is_said() -> None:
    withheld = PeerStanding(
        as_of=datetime(2024, 4, 15, tzinfo=UTC),
        not_compared=None,
        cuts=(
            PeerFigures(cut=Cut.NATIONAL, withheld=Withheld.TOO_FEW_PEERS),
            PeerFigures(cut=Cut.SAME_SIZE, withheld=Withheld.SIZE_UNKNOWN),
            PeerFigures(cut=Cut.SAME_STATE, withheld=None, peers=7, median=Decimal(90)),
        ),
    )
    without = next(each for each in measures() if each.benchmark is None)
    rate = told(
        without.measure_id,
        peers=withheld,
        stratum=without.definition.strata[0],
        performance_met=30,
    )
    assert rate.benchmark is None
    assert list(rate.not_told) == [
        "CMS has no benchmark of this measure for 2024: there is nothing to hold it to.",
        "Peers, national: fewer than 5, or the figures of one would follow.",
        "Peers of the same size: the practice has not told how large it is.",
    ]
    opted_out = replace(withheld, not_compared="opted_out", cuts=())
    assert told("404", peers=opted_out, performance_met=30).not_told == (
        "Nothing is told of peers: the practice takes no part in the comparison.",
    )


def measures() -> tuple[Measure, ...]:
    assert YEAR is not None
    return YEAR.measures


def test_every_measure_has_words_for_what_is_asked() -> None:
    """Whatever failed in whichever rate, there is a sentence about it with words of the measure."""
    assert YEAR is not None
    for each in measures():
        failing = (
            Population.PERFORMANCE_MET if each.facts.inverse else Population.PERFORMANCE_NOT_MET
        )
        for stratum in each.definition.strata:
            reasons = {(failing, "x"): 40}
            rate = told(each.measure_id, reasons, stratum=stratum, **{failing.value: 40})
            [better] = rate.to_do
            assert "It asks for: " in better, each.measure_id


CASES = [
    # a day                 15 days after its end
    (date(2024, 4, 14), Quarter(2023, 4)),
    (date(2024, 4, 15), Quarter(2024, 1)),
    (date(2024, 7, 14), Quarter(2024, 1)),
    (date(2025, 1, 15), Quarter(2024, 4)),
]


@pytest.mark.parametrize(("day", "due"), CASES)
def test_a_quarter_is_due_some_days_after_its_end(day: date, due: Quarter) -> None:
    assert last_due(day, days=15) == due


def test_a_quarter_is_written_as_2024_q1() -> None:
    quarter = parse_quarter("2024-Q3")
    assert (quarter.name, quarter.first_day) == ("2024-Q3", date(2024, 7, 1))
    assert (quarter.last_day, quarter.last_month) == (date(2024, 9, 30), 9)
    for text in ("2024-Q5", "2024-3", "0000-Q1", "2024-Q1 "):
        with pytest.raises(ValueError, match="2024-Q1"):
            parse_quarter(text)


def month(number: int, rate: Any, completeness: int = 100) -> MonthFigures:
    return MonthFigures(
        month=number,
        eligible_population=10,
        performance_rate=None if rate is None else Decimal(rate),
        data_completeness=Decimal(completeness),
    )


def test_the_chart_has_a_point_for_each_month_with_a_rate() -> None:
    chart = trend_chart([month(1, 90), month(2, None), month(3, 100), month(4, 95, 80)])
    assert chart is not None
    svg = etree.fromstring(chart)
    points = [float(each.get("cy", "")) for each in svg.iterfind(".//{*}circle")]
    assert len(points) == 3
    assert points[1] < points[2] < points[0], "more is higher up"
    assert [each.text for each in svg.iterfind(".//{*}text")][:3] == ["70 %", "85 %", "100 %"]


def test_a_point_alone_is_no_trend() -> None:
    assert trend_chart([month(1, 90), month(2, None)]) is None
