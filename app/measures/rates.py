"""From the cases in each population to rates.

Source: CMS QPP submissions API, single performance rate of a MIPS CQM: exclusions leave the
eligible population; exceptions count as reported but leave the rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.populations import Population
from app.measures.definition import YearRules


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationCounts:
    """Cases of one measure and one level of aggregation, each in exactly one population."""

    performance_met: int = 0
    performance_not_met: int = 0
    denominator_exception: int = 0
    denominator_exclusion: int = 0
    unreported: int = 0

    @classmethod
    def of(cls, cases: Mapping[Population, int]) -> "PopulationCounts":
        """Return the counts of `cases`; a population that is not there has none."""
        return cls(
            performance_met=cases.get(Population.PERFORMANCE_MET, 0),
            performance_not_met=cases.get(Population.PERFORMANCE_NOT_MET, 0),
            denominator_exception=cases.get(Population.DENOMINATOR_EXCEPTION, 0),
            denominator_exclusion=cases.get(Population.DENOMINATOR_EXCLUSION, 0),
            unreported=cases.get(Population.UNREPORTED, 0),
        )

    @property
    def rated(self) -> int:
        return self.performance_met + self.performance_not_met

    @property
    def answered(self) -> int:
        return self.rated + self.denominator_exception

    @property
    def eligible_population(self) -> int:
        return self.answered + self.unreported


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
