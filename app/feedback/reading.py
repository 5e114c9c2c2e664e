"""Reads the figures of feedback reports: of one TIN or clinician, or of all of a practice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final

from app.domain.feedback import Quarter
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import Population, PopulationCounts
from app.domain.roster import Clinician
from app.feedback.composing import RateInputs, rate_feedback
from app.feedback.peers import standing_of
from app.feedback.report import Feedback, RateFeedback, ScoreFeedback
from app.feedback.scores import Scores, scores_of
from app.measures.catalogue.asked_measures import year_of
from app.measures.catalogue.catalogue import Catalogue, YearCatalogue
from app.measures.peers.reading import ComparedPeers, compared_peers
from app.measures.results.levels import ResultsQuestion
from app.measures.results.practice_sizes import practice_sizes
from app.measures.results.rated import rated_totals
from app.measures.results.rates import MeasureRates
from app.measures.results.scored_totals import ScoredTotal, YearPoints, scored_totals
from app.storage.cases.case_filter import CaseFilter
from app.storage.feedback.feedback_queries import FeedbackQuestion, Tally
from app.storage.figures.count_queries import CountGroup, CountQuestion, MeasureTotal
from app.storage.unit_of_work import UnitOfWork

Entity = tuple[Tin, Npi | None]
_Rate = tuple[str, str]
"""A measure and a stratum."""
_LEVELS: Final[tuple[tuple[CountGroup, ...], ...]] = (
    (CountGroup.TIN,),
    (CountGroup.TIN, CountGroup.NPI),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresQuestion:
    """With a `tin` the report of it, or of a clinician under it; without, those of everybody."""

    practice: PracticeId
    quarter: Quarter
    tin: Tin | None = None
    npi: Npi | None = None


def read_figures(
    asked: FiguresQuestion, *, day: date, catalogue: Catalogue, work: UnitOfWork
) -> Iterator[tuple[Entity, Feedback]]:
    """Yield a report for each TIN and clinician with a case that counts, one at a time.

    Raises: MeasureUnknown for a year without measures.
    """
    scene = _scene(asked, day, catalogue, work)
    without_outcomes = dict(scene.cases)
    for entity, tallies in _tallies(asked, work):
        without_outcomes.pop(entity, None)
        yield entity, scene.feedback(entity, tallies)
    for entity in sorted(without_outcomes, key=lambda each: (each[0], each[1] or "")):
        yield entity, scene.feedback(entity, ())


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What is read once, for whoever the reports are of."""

    asked: FiguresQuestion
    name: str
    year: YearCatalogue
    points: YearPoints
    cases: dict[Entity, int]
    clinicians: dict[Npi, str]
    peers: dict[bool, ComparedPeers]
    scores: Scores | None
    versions: tuple[str, ...]
    is_recomputing: bool

    def feedback(self, entity: Entity, tallies: Iterable[Tally]) -> Feedback:
        landed = _Landed.of(tallies)
        found = list(scored_totals(landed.totals(entity), self.points))
        rules = self.year.rules
        return Feedback(
            name=self.name,
            clinician=None if entity[1] is None else self.clinicians.get(entity[1]),
            last_day=self.asked.quarter.last_day,
            cases=self.cases.get(entity, 0),
            case_minimum=rules.case_minimum.cases,
            completeness_threshold=rules.completeness.threshold_percent,
            catalogue_version=self.versions[0] if len(self.versions) == 1 else None,
            is_recomputing=self.is_recomputing,
            rates=tuple(self._rates(entity, found, landed)),
            score=self._score(entity, found),
        )

    def _rates(
        self, entity: Entity, found: Iterable[ScoredTotal], landed: "_Landed"
    ) -> Iterator[RateFeedback]:
        months = [
            _rates_of(landed.totals(entity, month=month), self.year)
            for month in range(1, self.asked.quarter.last_month + 1)
        ]
        for total in found:
            rate = (total.measure.measure_id, total.stratum)
            given = RateInputs(
                measure=total.measure,
                stratum=total.stratum,
                rates=total.rates,
                score=total.score,
                benchmark=self.points.rules_of(total.measure.measure_id, total.size).benchmark,
                months=[month.get(rate) for month in months],
                landed=landed.reasons.get(rate, {}),
                peers=standing_of(self.peers[entity[1] is not None].of(total)),
            )
            yield rate_feedback(given, self.year.rules)

    def _score(self, entity: Entity, found: Iterable[ScoredTotal]) -> ScoreFeedback | None:
        scored = [total for total in found if total.has_the_points]
        return None if self.scores is None or not scored else self.scores.of(entity, scored)


@dataclass(frozen=True, kw_only=True)
class _Landed:
    """Where the cases of one entity landed: by month and rate, and why by rate."""

    by_month: dict[int, dict[_Rate, Counter[Population]]] = field(default_factory=dict)
    reasons: dict[_Rate, Counter[tuple[Population, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> "_Landed":
        landed = cls()
        for tally in tallies:
            rate = (tally.measure_id, tally.stratum)
            month = landed.by_month.setdefault(tally.month, {})
            month.setdefault(rate, Counter())[tally.population] += tally.cases
            why = landed.reasons.setdefault(rate, Counter())
            why[tally.population, tally.reason] += tally.cases
        return landed

    def totals(self, entity: Entity, *, month: int | None = None) -> list[MeasureTotal]:
        """Those of a month, or of all of them together; sorted by measure."""
        chosen = self.by_month.values() if month is None else [self.by_month.get(month, {})]
        together: dict[_Rate, Counter[Population]] = {}
        for rates in chosen:
            for rate, populations in rates.items():
                together.setdefault(rate, Counter()).update(populations)
        return [
            MeasureTotal(
                measure_id=measure_id,
                stratum=stratum,
                tin=entity[0],
                npi=entity[1],
                counts=_counts(together[measure_id, stratum]),
            )
            for measure_id, stratum in sorted(together)
        ]


def _scene(asked: FiguresQuestion, day: date, catalogue: Catalogue, work: UnitOfWork) -> _Scene:
    practice, performance_year = asked.practice, asked.quarter.performance_year
    year = year_of(catalogue, performance_year)
    known = work.practices.get(practice)
    assert known is not None, "whoever asks has looked whether it is registered"
    sizes = practice_sizes(practice, performance_year, work)
    points = YearPoints(year=year, sizes=sizes, day=day)
    clinicians = work.roster.all(Clinician, practice)
    return _Scene(
        asked=asked,
        name=known.name,
        year=year,
        points=points,
        cases=cases_that_count(asked, work),
        clinicians={each.npi: each.name for each in clinicians if each.name},
        peers={level: _peers(asked, work, individual=level) for level in (False, True)},
        scores=scores_of(practice, points, catalogue=catalogue, work=work),
        versions=work.outcome_versions.of(practice, performance_year),
        is_recomputing=work.backfills.unfinished(practice, performance_year) is not None,
    )


def cases_that_count(asked: FiguresQuestion, work: UnitOfWork) -> dict[Entity, int]:
    """How many there are, of each entity that a report is made of; none of who has none."""
    quarter = asked.quarter
    of = CaseFilter(
        practice=asked.practice,
        performance_year=quarter.performance_year,
        tin=asked.tin,
        npi=asked.npi,
        last_day=quarter.last_day,
    )
    wanted = _LEVELS if asked.tin is None else _LEVELS[1:] if asked.npi else _LEVELS[:1]
    return {
        _entity(found.keys): found.cases
        for level in wanted
        for found in work.counts.groups(CountQuestion(of=of, group_by=level))
    }


def _entity(keys: dict[CountGroup, str]) -> Entity:
    npi = keys.get(CountGroup.NPI)
    return Tin(keys[CountGroup.TIN]), None if npi is None else Npi(npi)


def _peers(asked: FiguresQuestion, work: UnitOfWork, *, individual: bool) -> ComparedPeers:
    question = ResultsQuestion(
        practice=asked.practice,
        performance_year=asked.quarter.performance_year,
        level="individual" if individual else "group",
        tin=asked.tin,
        npi=asked.npi if individual else None,
    )
    return compared_peers(question, work)


def _tallies(asked: FiguresQuestion, work: UnitOfWork) -> Iterator[tuple[Entity, Iterable[Tally]]]:
    """Of each entity that has an outcome."""
    question = _question(asked)
    if asked.tin is not None:
        found = work.feedback_figures.tallies(question)
        if found:
            yield (asked.tin, asked.npi), found
        return
    every = work.feedback_figures.tallies_by_entity(question)
    for entity, landed in groupby(every, key=itemgetter(0)):
        yield entity, (tally for _, tally in landed)


def _question(asked: FiguresQuestion) -> FeedbackQuestion:
    return FeedbackQuestion(
        practice=asked.practice,
        performance_year=asked.quarter.performance_year,
        last_day=asked.quarter.last_day,
        tins=() if asked.tin is None else (asked.tin,),
        npis=() if asked.npi is None else (asked.npi,),
    )


def _rates_of(totals: Iterable[MeasureTotal], year: YearCatalogue) -> dict[_Rate, MeasureRates]:
    return {
        (rated.measure.measure_id, rated.total.stratum): rated.rates
        for rated in rated_totals(totals, year)
    }


def _counts(populations: Counter[Population]) -> PopulationCounts:
    return PopulationCounts(
        **{population.value: cases for population, cases in populations.items()}
    )
