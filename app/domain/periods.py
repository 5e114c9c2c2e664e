"""Periods of dates of service: a month, a quarter or a year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

_WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`name` as it is written: 2020-03, 2020-Q1 or 2020. Both days belong to it."""

    name: str
    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def parse_period(text: str) -> Period:
    """Return the period that `text` names.

    Raises: ValueError, naming the rule that failed.
    """
    written = _WRITTEN.fullmatch(text)
    if not written or written["year"] == "0000":
        raise ValueError("a period is written as 2020-03, 2020-Q1 or 2020")
    first, last = _months(written["month"], written["quarter"])
    year = int(written["year"])
    return Period(
        name=text,
        first_day=date(year, first, 1),
        last_day=date(year, last, monthrange(year, last)[1]),
    )


def _months(month: str | None, quarter: str | None) -> tuple[int, int]:
    if month is not None:
        return int(month), int(month)
    if quarter is not None:
        return int(quarter) * 3 - 2, int(quarter) * 3
    return 1, 12
