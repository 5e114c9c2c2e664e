"""What a feedback report tells. HTML, PDF, CSV and JSON show this one value. Pure.

Rates and completeness are percents with two decimals, points have four.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from app.domain.json_numbers import JsonNumber
from app.domain.populations import Population, PopulationCounts
from app.measures.peers.cuts import Cut, Withheld
from app.measures.results.points import PointsBasis
from app.measures.scoring.measured import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """A month from 1 to 12. A rate of nothing is None."""

    month: int
    eligible_population: int
    performance_rate: JsonNumber | None
    data_completeness: JsonNumber | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkFigures:
    """Bounds in percent, rising, or falling where lower is better.

    `decile` is that of the rate, None without one; `next_bound` the bound of the decile behind it,
    None at the top. `benchmark_year`: whose data it is made of.
    """

    decile: int | None
    next_bound: JsonNumber | None
    first_decile: int
    bounds: tuple[JsonNumber, ...]
    average: JsonNumber | None
    benchmark_year: int
    topped_out: bool
    seven_point_cap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFigures:
    """One cut of the peers; figures are None where `withheld` says why. `better_than`: percent."""

    cut: Cut
    withheld: Withheld | None
    peers: int | None = None
    lower_quartile: JsonNumber | None = None
    median: JsonNumber | None = None
    upper_quartile: JsonNumber | None = None
    better_than: JsonNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStanding:
    """`not_compared` says why there are no cuts: a word of `measures.peers.wire.NotCompared`."""

    as_of: datetime | None
    not_compared: str | None
    cuts: tuple[PeerFigures, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedReason:
    """How many cases failed for a published reason, in the words of the measure."""

    population: Population
    reason: str
    meaning: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFeedback:
    """One rate of a measure. `stratum` and its meaning are None for the only one.

    `to_do` and `not_told` are sentences: what can be done, and what the report cannot tell.
    """

    measure_id: str
    title: str
    stratum: str | None
    stratum_meaning: str | None
    is_inverse: bool
    is_high_priority: bool
    counts: PopulationCounts
    performance_rate: JsonNumber | None
    data_completeness: JsonNumber | None
    case_minimum_met: bool
    completeness_met: bool
    points: JsonNumber | None
    points_basis: PointsBasis
    benchmark: BenchmarkFigures | None
    peers: PeerStanding
    trend: tuple[MonthFigures, ...]
    failed: tuple[FailedReason, ...]
    to_do: tuple[str, ...]
    not_told: tuple[str, ...]

    @property
    def failed_cases(self) -> int:
        return sum(each.cases for each in self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGain:
    """What a change would add to the quality category, in percentage points."""

    change: Change | None
    measure_id: str | None
    cases: int | None
    quality_change: JsonNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFeedback:
    """The estimated score; percents of the categories, points of the final score."""

    quality_percent: JsonNumber | None
    activities_percent: JsonNumber | None
    final_score: JsonNumber | None
    threshold: JsonNumber
    gains: tuple[ScoreGain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Whose report it is stands beside it: no TIN and no NPI is in here.

    `name` is that of the practice, `clinician` that of whose NPI it is, where the roster has it.
    `cases`: how many count from the begin of the year to `last_day`. `score` is None for a year
    whose scores are not worked out, and where no measure can be scored.
    """

    name: str
    clinician: str | None
    last_day: date
    cases: int
    case_minimum: int
    completeness_threshold: JsonNumber
    catalogue_version: str | None
    is_recomputing: bool
    rates: tuple[RateFeedback, ...]
    score: ScoreFeedback | None

    def as_figures(self) -> dict[str, Any]:
        """As it is kept, and as JSON tells it."""
        figures: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return figures


def feedback_of(figures: Mapping[str, Any]) -> Feedback:
    return _adapter().validate_python(dict(figures))


@cache
def _adapter() -> TypeAdapter[Feedback]:
    return TypeAdapter(Feedback)
