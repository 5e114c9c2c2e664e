"""Which practices are behind, and with what, by rules that are data."""

import tomllib
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from app.billing.reconciling import Pace, pace_of
from app.domain.frozen_counts import months_of
from app.domain.standings import PracticeStanding

_DATA: Final = Path(__file__).parent / "data" / "behind.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRules:
    """Each figure with what is assumed of it."""

    month_due_after_days: int
    month_assumed: str
    fewer_than_percent: int
    fewer_assumed: str
    fewest_to_compare: int
    fewest_assumed: str
    silent_days: int
    silent_assumed: str
    registration_warning_days: int
    registration_assumed: str

    @property
    def assumed(self) -> tuple[str, ...]:
        return (
            *(self.month_assumed, self.fewer_assumed, self.fewest_assumed),
            *(self.silent_assumed, self.registration_assumed),
        )


class Lag(StrEnum):
    MONTHS_MISSING = "months missing"
    FEWER_CASES = "fewer cases"
    SILENT = "silent"
    NOT_REGISTERED = "not registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    lag: Lag
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The day on which all practices are looked at, in which year, and its deadline."""

    day: date
    performance_year: int
    register_until: date | None

    def closed_months(self, rules: BehindRules) -> range:
        """Numbers of the months whose files should all be here, counted from 0."""
        late = timedelta(days=rules.month_due_after_days)
        closed = [
            month for month in months_of(self.performance_year) if month.last_day + late < self.day
        ]
        return range(len(closed))


def behind_of(
    standing: PracticeStanding, moment: Moment, rules: BehindRules | None = None
) -> tuple[Behind, ...]:
    """Empty for a practice that is not behind, and for one that never took part."""
    if not _takes_part(standing):
        return ()
    given = rules or behind_rules()
    found = (
        _missing_months(standing, moment, given),
        _fewer_cases(standing, moment, given),
        _silence(standing, moment, given),
        _registration(standing, moment, given),
    )
    return tuple(each for each in found if each is not None)


def pace(standing: PracticeStanding, moment: Moment) -> Pace | None:
    """Where the year leads to; None before its first month is over."""
    months = months_of(moment.performance_year)
    by_month = {month.name: cases for month, cases in zip(months, standing.this_year, strict=True)}
    return pace_of(by_month, moment.day)


@cache
def behind_rules() -> BehindRules:
    return BehindRules(**tomllib.loads(_DATA.read_text(encoding="utf-8")))


def _takes_part(standing: PracticeStanding) -> bool:
    return any((*standing.this_year, *standing.last_year)) or standing.ordered is not None


def _missing_months(
    standing: PracticeStanding, moment: Moment, rules: BehindRules
) -> Behind | None:
    missing = [
        month_name[number + 1]
        for number in moment.closed_months(rules)
        if standing.this_year[number] == 0
        and (standing.last_year[number] or any(standing.this_year[:number]))
    ]
    if not missing:
        return None
    return Behind(lag=Lag.MONTHS_MISSING, words=f"No cases of {_listed(missing)}")


def _fewer_cases(standing: PracticeStanding, moment: Moment, rules: BehindRules) -> Behind | None:
    closed = moment.closed_months(rules)
    now = sum(standing.this_year[number] for number in closed)
    before = sum(standing.last_year[number] for number in closed)
    if before < rules.fewest_to_compare or 100 * now >= rules.fewer_than_percent * before:
        return None
    share = 100 * now // before
    return Behind(
        lag=Lag.FEWER_CASES,
        words=f"{share} % of the cases of the same {len(closed)} months a year ago",
    )


def _silence(standing: PracticeStanding, moment: Moment, rules: BehindRules) -> Behind | None:
    """Of the running year only: for a year that is over files need not come any more."""
    if moment.day.year != moment.performance_year:
        return None
    if standing.last_received_at is None:
        return Behind(lag=Lag.SILENT, words="Nothing was received yet")
    days = (moment.day - standing.last_received_at.date()).days
    if days <= rules.silent_days:
        return None
    return Behind(lag=Lag.SILENT, words=f"Nothing was received for {days} days")


def _registration(standing: PracticeStanding, moment: Moment, rules: BehindRules) -> Behind | None:
    until = moment.register_until
    if standing.is_registered or until is None:
        return None
    if moment.day < until - timedelta(days=rules.registration_warning_days):
        return None
    tense = "was" if until < moment.day else "is"
    return Behind(
        lag=Lag.NOT_REGISTERED, words=f"Not registered for reporting; the last day {tense} {until}"
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
