"""From the totals of cases to rates and points, measure by measure and entity by entity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.domain.identifiers import Npi, Tin
from app.measures.asked_measures import measure_of
from app.measures.catalogue import Measure, YearCatalogue
from app.measures.definition import OVERALL_STRATUM, SINGLE_RATE
from app.measures.points import PART_OF_OVERALL, Score
from app.measures.rates import MeasureRates, overall_rates, rates_of
from app.measures.scoring.measured import MeasuredFacts, PointRules
from app.measures.scoring.practice_size import PracticeSize, PracticeSizes
from app.storage.count_queries import MeasureTotal


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
    """One rate of one entity. `npi` is None for a group, `stratum` "" for the only rate."""

    measure: Measure
    stratum: str
    tin: Tin
    npi: Npi | None
    size: PracticeSize
    rates: MeasureRates
    score: Score

    @property
    def has_the_points(self) -> bool:
        """Whether the points of the measure are those of this rate."""
        return _is_scored(self.stratum)


def scored_totals(totals: Iterable[MeasureTotal], points: YearPoints) -> Iterator[ScoredTotal]:
    """Yield the rates of each measure, after its parts those that are worked out from them.

    `totals` are sorted by measure. Raises: MeasureUnknown.
    """
    for measure_id, of_measure in groupby(totals, key=lambda total: total.measure_id):
        measure = measure_of(points.year, measure_id)
        found = [
            (total, rates_of(total.counts, points.year.rules, is_of_a_qcdr=_of_qcdr(measure)))
            for total in of_measure
        ]
        for total, rates in found:
            yield _scored(measure, total.stratum, total.tin, total.npi, rates, points)
        yield from _overall(measure, found, points)


def _overall(
    measure: Measure, found: list[tuple[MeasureTotal, MeasureRates]], points: YearPoints
) -> Iterator[ScoredTotal]:
    overall = measure.definition.overall
    if overall is None:
        return
    parts: dict[tuple[Tin, Npi | None], list[MeasureRates]] = {}
    for total, rates in found:
        parts.setdefault((total.tin, total.npi), []).append(rates)
    for tin, npi in sorted(parts, key=lambda part: (part[0], part[1] or "")):
        rates = overall_rates(
            parts[tin, npi], overall.method, points.year.rules, is_of_a_qcdr=_of_qcdr(measure)
        )
        yield _scored(measure, overall.stratum, tin, npi, rates, points)


def _scored(
    measure: Measure,
    stratum: str,
    tin: Tin,
    npi: Npi | None,
    rates: MeasureRates,
    points: YearPoints,
) -> ScoredTotal:
    size = points.sizes.of(tin)
    return ScoredTotal(
        measure=measure,
        stratum=stratum,
        tin=tin,
        npi=npi,
        size=size,
        rates=rates,
        score=_score(measure, rates, points.rules_of(measure.measure_id, size), points.year)
        if _is_scored(stratum)
        else PART_OF_OVERALL,
    )


def _score(measure: Measure, rates: MeasureRates, rules: PointRules, year: YearCatalogue) -> Score:
    return rules.score(rates, MeasuredFacts.of(measure.facts, year.performance_year))


def _is_scored(stratum: str) -> bool:
    return stratum in (SINGLE_RATE, OVERALL_STRATUM)


def _of_qcdr(measure: Measure) -> bool:
    return measure.facts.is_of_a_qcdr
