"""From the cases in each population to rates.

Source: CMS QPP submissions API: exclusions leave the eligible population; exceptions count as
reported but leave the rate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from app.domain.populations import PopulationCounts
from app.measures.catalogue.definition import OverallMethod
from app.measures.catalogue.year_rules import YearRules


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRates:
    """Rates in percent, not rounded. A rate of nothing is None; a threshold is then not reached."""

    counts: PopulationCounts
    performance_rate: Decimal | None
    data_completeness: Decimal | None
    case_minimum_met: bool
    completeness_met: bool


def rates_of(
    counts: PopulationCounts, rules: YearRules, *, is_of_a_qcdr: bool = False
) -> MeasureRates:
    """Return the rates of the cases in `counts`.

    Of a MIPS CQM excluded cases are in no part of the completeness; of a measure of a QCDR they
    are both eligible and reported. Neither counts them for the case minimum.
    """
    excluded = counts.denominator_exclusion if is_of_a_qcdr else 0
    completeness = _percent(counts.answered + excluded, counts.eligible_population + excluded)
    return MeasureRates(
        counts=counts,
        performance_rate=performance_rate_of(counts),
        data_completeness=completeness,
        case_minimum_met=counts.eligible_population >= rules.case_minimum.cases,
        completeness_met=(
            completeness is not None and completeness >= rules.completeness.threshold_percent
        ),
    )


def performance_rate_of(counts: PopulationCounts) -> Decimal | None:
    """Return met / (met + not met) in percent, or None when nobody counts."""
    return _percent(counts.performance_met, counts.rated)


def overall_rates(
    parts: Sequence[MeasureRates], method: OverallMethod, rules: YearRules, *, is_of_a_qcdr: bool
) -> MeasureRates:
    """Return the rates that stand for several of one measure.

    The counts are those of all parts together. Of a mean, parts without a rate are left out and
    the largest part decides about the case minimum (assumed).
    """
    pooled = rates_of(_together(parts), rules, is_of_a_qcdr=is_of_a_qcdr)
    if method is OverallMethod.POOLED:
        return pooled
    return replace(
        pooled,
        performance_rate=overall_performance_rate(parts, method),
        case_minimum_met=any(part.case_minimum_met for part in parts),
    )


def overall_performance_rate(
    parts: Iterable[MeasureRates], method: OverallMethod
) -> Decimal | None:
    """Return the rate that stands for several, or None when nobody counts.

    Of a mean, parts without a rate are left out (assumed).
    """
    if method is OverallMethod.POOLED:
        return performance_rate_of(_together(parts))
    rates = [part.performance_rate for part in parts if part.performance_rate is not None]
    return sum(rates, Decimal(0)) / len(rates) if rates else None


def _together(parts: Iterable[MeasureRates]) -> PopulationCounts:
    counts = [part.counts for part in parts]
    return PopulationCounts(
        performance_met=sum(each.performance_met for each in counts),
        performance_not_met=sum(each.performance_not_met for each in counts),
        denominator_exception=sum(each.denominator_exception for each in counts),
        denominator_exclusion=sum(each.denominator_exclusion for each in counts),
        unreported=sum(each.unreported for each in counts),
    )


def to_places(value: Decimal, places: int) -> Decimal:
    """Return `value` rounded half up, for showing: thresholds and bounds see it unrounded."""
    return value.quantize(_last_place(places), ROUND_HALF_UP)


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part) / whole if whole else None
