"""From the cases in each population to rates.

Source: CMS QPP submissions API, single performance rate of a MIPS CQM: exclusions leave the
eligible population; exceptions count as reported but leave the rate.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.populations import PopulationCounts
from app.measures.definition import YearRules


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRates:
    """Rates in percent, not rounded. A rate of nothing is None; a threshold is then not reached."""

    counts: PopulationCounts
    performance_rate: Decimal | None
    data_completeness: Decimal | None
    case_minimum_met: bool
    completeness_met: bool


def rates_of(counts: PopulationCounts, rules: YearRules) -> MeasureRates:
    eligible = counts.eligible_population
    completeness = _percent(counts.answered, eligible)
    return MeasureRates(
        counts=counts,
        performance_rate=_percent(counts.performance_met, counts.rated),
        data_completeness=completeness,
        case_minimum_met=eligible >= rules.case_minimum.cases,
        completeness_met=(
            completeness is not None and completeness >= rules.completeness.threshold_percent
        ),
    )


def to_places(value: Decimal, places: int) -> Decimal:
    """Return `value` rounded half up, for showing: thresholds and bounds see it unrounded."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part) / whole if whole else None
