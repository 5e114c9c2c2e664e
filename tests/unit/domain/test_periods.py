"""Periods as they are written, and the days that they hold."""

from datetime import date

import pytest

from app.domain.periods import parse_period

PERIODS = [
    # written    first day           last day
    ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
    ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
    ("2020-12", date(2020, 12, 1), date(2020, 12, 31)),
    ("2020-Q1", date(2020, 1, 1), date(2020, 3, 31)),
    ("2020-Q4", date(2020, 10, 1), date(2020, 12, 31)),
    ("2020", date(2020, 1, 1), date(2020, 12, 31)),
]


@pytest.mark.parametrize(("written", "first", "last"), PERIODS)
def test_a_period_has_a_first_and_a_last_day(written: str, first: date, last: date) -> None:
    period = parse_period(written)
    assert (period.name, period.first_day, period.last_day) == (written, first, last)
    assert period.holds(first)
    assert period.holds(last)


def test_the_days_around_a_period_are_not_part_of_it() -> None:
    march = parse_period("2020-03")
    assert not march.holds(date(2020, 2, 29))
    assert not march.holds(date(2020, 4, 1))


@pytest.mark.parametrize(
    "written", ["", "20", "2020-00", "2020-13", "2020-Q0", "2020-Q5", "2020-q1", "0000", "२०२०"]
)
def test_what_is_written_otherwise_is_no_period(written: str) -> None:
    with pytest.raises(ValueError, match="2020-03, 2020-Q1 or 2020"):
        parse_period(written)
