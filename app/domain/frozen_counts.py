"""Counts of cases that are billed: frozen once, and what has changed since, case by case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.identifiers import PracticeId
from app.domain.periods import Period, parse_period

_FINAL: Final = "-final"


def months_of(performance_year: int) -> list[Period]:
    return [parse_period(f"{performance_year:04}-{month:02}") for month in range(1, 13)]


def final_period(performance_year: int) -> Period:
    """The year as the last reconciliation counts it."""
    year = parse_period(f"{performance_year:04}")
    return Period(
        name=year.name + _FINAL,
        first_day=year.first_day,
        last_day=year.last_day,
    )


def parse_billing_period(text: str) -> Period:
    """Return the period that `text` names: 2024-03, 2024, or 2024-final.

    Raises: ValueError, naming the rule that failed.
    """
    try:
        period = parse_period(text.removesuffix(_FINAL))
    except ValueError:
        period = None
    if period is None or "Q" in text or (text.endswith(_FINAL) and "-" in period.name):
        raise ValueError("a billing period is written as 2024-03, 2024 or 2024-final")
    return final_period(period.first_day.year) if text.endswith(_FINAL) else period


def ended_periods(performance_years: Iterable[int], day: date) -> list[Period]:
    """The months, and the years, whose last day is before `day`."""
    periods = [
        period
        for year in sorted(set(performance_years))
        for period in (*months_of(year), parse_period(f"{year:04}"))
    ]
    return [period for period in periods if period.last_day < day]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenCount:
    """How many cases counted in a period when it was frozen.

    `proof`: SHA-256, in hexadecimal, over the ids of these cases in their order, each as text with
    a line feed behind it. `purged` of them are gone for good since, and not listed any more.
    """

    practice_id: PracticeId
    period: str
    cases: int
    purged: int
    proof: str
    frozen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenCountNow:
    """A frozen count, and how many cases count since (`added`) or no more (`removed`)."""

    frozen: FrozenCount
    added: int
    removed: int


class AdjustmentReason(StrEnum):
    """Why a case counts differently than when it was frozen; published words."""

    ADDED = "added"
    DELETED = "deleted"
    HELD = "held"
    MOVED = "moved"

    @property
    def cases(self) -> int:
        return 1 if self is AdjustmentReason.ADDED else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A case that came in, or went out of, a period after it was frozen.

    `date_of_service` is as it stands now: of a moved case it is outside the period.
    """

    case_id: UUID
    reason: AdjustmentReason
    date_of_service: date
