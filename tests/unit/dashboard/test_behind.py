"""Who is behind, and with what: each rule on both sides of its figure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.dashboard.deadlines.behind import (
    Behind,
    BehindRules,
    Lag,
    Moment,
    behind_of,
    behind_rules,
    pace,
)
from app.domain.identifiers import PracticeId
from app.domain.standings import PracticeStanding

RULES = BehindRules(
    month_due_after_days=45,
    month_assumed="",
    fewer_than_percent=75,
    fewer_assumed="",
    fewest_to_compare=100,
    fewest_assumed="",
    silent_days=45,
    silent_assumed="",
    registration_warning_days=30,
    registration_assumed="",
)
MIDDLE = date(2024, 7, 15)  # the files of January to April should all be here
STEADY = (100,) * 12
WELL = PracticeStanding(
    id=PracticeId("12345"),
    name="Lakeside Anesthesia",
    this_year=(*STEADY[:6], *(0,) * 6),
    last_year=STEADY,
    ordered=1_200,
    orders=frozenset(),
    is_registered=True,
    last_received_at=datetime(2024, 7, 1, tzinfo=UTC),
)


def behind(
    standing: PracticeStanding,
    day: date = MIDDLE,
    *,
    year: int = 2024,
    register_until: date | None = None,
) -> list[Behind]:
    moment = Moment(day=day, performance_year=year, register_until=register_until)
    return list(behind_of(standing, moment, RULES))


def words(standing: PracticeStanding, day: date = MIDDLE, **asked: object) -> list[str]:
    return [each.words for each in behind(standing, day, **asked)]


def test_who_sends_every_month_is_not_behind() -> None:
    assert behind(WELL) == []


def test_a_month_is_missed_when_its_files_are_overdue() -> None:
    without_may = replace(WELL, this_year=(100, 100, 100, 100, 0, *(0,) * 7))
    assert words(without_may, date(2024, 7, 15)) == []
    assert words(without_may, date(2024, 7, 16)) == ["No cases of May"]
    twice = replace(WELL, this_year=(100, 0, 0, 100, 100, *(0,) * 7))
    assert words(twice)[0] == "No cases of February and March"


def test_a_month_before_a_practice_began_is_not_missed() -> None:
    began_in_march = replace(WELL, this_year=(0, 0, *STEADY[:4], *(0,) * 6), last_year=(0,) * 12)
    assert behind(began_in_march) == []


@pytest.mark.parametrize(("cases", "expected"), [(75, []), (74, [Lag.FEWER_CASES])])
def test_fewer_cases_than_a_year_ago(cases: int, expected: list[Lag]) -> None:
    fewer = replace(WELL, this_year=(cases,) * 12)
    assert [each.lag for each in behind(fewer)] == expected


def test_few_cases_a_year_ago_are_no_measure() -> None:
    small = replace(WELL, this_year=(1,) * 12, last_year=(24, 24, 24, 27, *(0,) * 8))
    assert behind(small) == []


def test_silence_counts_in_the_running_year() -> None:
    silent = replace(WELL, last_received_at=datetime(2024, 5, 30, tzinfo=UTC))
    assert words(silent) == ["Nothing was received for 46 days"]
    assert words(silent, date(2024, 7, 14)) == []
    later = {each.lag for each in behind(silent, date(2025, 1, 5))}
    assert later == {Lag.MONTHS_MISSING, Lag.FEWER_CASES}
    assert "Nothing was received yet" in words(replace(WELL, last_received_at=None))


def test_a_registration_is_missed_from_a_month_before_its_last_day() -> None:
    late = replace(WELL, is_registered=False)
    until = date(2024, 8, 14)
    assert words(late, MIDDLE, register_until=until) == [
        "Not registered for reporting; the last day is 2024-08-14"
    ]
    assert words(late, date(2024, 7, 14), register_until=until) == []
    assert "was 2024-07-01" in words(late, MIDDLE, register_until=date(2024, 7, 1))[0]
    assert words(WELL, MIDDLE, register_until=until) == []


def test_who_takes_no_part_is_not_behind() -> None:
    nothing = (0,) * 12
    stranger = replace(
        WELL, this_year=nothing, last_year=nothing, ordered=None, last_received_at=None
    )
    assert behind(stranger, register_until=date(2024, 7, 1)) == []
    assert behind(replace(stranger, ordered=100)) != []


def test_the_pace_is_that_of_the_months_that_are_over() -> None:
    moment = Moment(day=date(2024, 7, 1), performance_year=2024, register_until=None)
    found = pace(WELL, moment)
    assert found is not None
    assert (found.months, found.cases) == (6, 1_200)


def test_the_figures_in_use_say_what_is_assumed() -> None:
    assert all(behind_rules().assumed)
