"""From the totals of cases to rates and points, measure by measure and entity by entity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.identifiers import Npi, Tin
from app.measures.catalogue.catalogue import Measure, YearCatalogue
from app.measures.catalogue.definition import OVERALL_STRATUM, SINGLE_RATE
from app.measures.results.points import PART_OF_OVERALL, Score
from app.measures.results.rated import Rated, rated_totals
from app.measures.results.rates import MeasureRates
from app.measures.scoring.measured import PointRules
from app.measures.scoring.practice_size import PracticeSize, PracticeSizes
from app.storage.figures.count_queries import MeasureTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPoints:
    """What gives points besides the rates: the rules of the year, sizes, the day of the answer."""

    year: YearCatalogue
    sizes: PracticeSizes
    day: date

    def rules_of(self, measure_id: str, size: PracticeSize) -> PointRules:
        """A benchmark that CMS cannot have told yet is taken for none."""
        benchmark = self.year.benchmarks.of(measure_id)
        if benchmark is not None and not benchmark.is_known_on(
            self.day, self.year.performance_year
        ):
            benchmark = None
        return PointRules(benchmark=benchmark, rules=self.year.rules, is_small=size.is_small)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredTotal:
    """One rate of one entity. `npi` is None for a group, `stratum` "" for the only rate.

    `tin` is None for a virtual group; `group_id` is that of a group of the roster.
    """

    measure: Measure
    stratum: str
    tin: Tin | None
    npi: Npi | None
    group_id: UUID | None
    size: PracticeSize
    rates: MeasureRates
    score: Score

    @property
    def has_the_points(self) -> bool:
        """Whether the points of the measure are those of this rate."""
        return _is_scored(self.stratum)


def scored_totals(totals: Iterable[MeasureTotal], points: YearPoints) -> Iterator[ScoredTotal]:
    """Yield the rates of each measure, after its parts those that are worked out from them.

    `totals` are sorted by measure.
    """
    for rated in rated_totals(totals, points.year):
        yield _scored(rated, points)


def _scored(rated: Rated, points: YearPoints) -> ScoredTotal:
    total, measure = rated.total, rated.measure
    size = points.sizes.of(total.tin)
    return ScoredTotal(
        measure=measure,
        stratum=total.stratum,
        tin=total.tin,
        npi=total.npi,
        group_id=total.group_id,
        size=size,
        rates=rated.rates,
        score=_score(measure, rated.rates, points.rules_of(measure.measure_id, size), points.year)
        if _is_scored(total.stratum)
        else PART_OF_OVERALL,
    )


def _score(measure: Measure, rates: MeasureRates, rules: PointRules, year: YearCatalogue) -> Score:
    return rules.score(rates, year.measured_facts[measure.measure_id])


def _is_scored(stratum: str) -> bool:
    return stratum in (SINGLE_RATE, OVERALL_STRATUM)
