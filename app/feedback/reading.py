"""Reads the figures of feedback reports: of one entity, or of all TINs and clinicians at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final

from app.domain.feedback import Entity, FeedbackLevel, Quarter
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.roster import Clinician
from app.feedback.composing import RateInputs, rate_feedback
from app.feedback.landed import Landed, RateName
from app.feedback.peers import standing_of
from app.feedback.report import Feedback, RateFeedback, ScoreFeedback
from app.feedback.scores import Scores, scores_of
from app.feedback.whose import all_cases
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

_GROUPED: Final = ((CountGroup.TIN,), (CountGroup.TIN, CountGroup.NPI))


@dataclass(frozen=True, kw_only=True)
class FiguresReader:
    """Reads what a practice is told of a quarter, as of `day`."""

    practice: PracticeId
    quarter: Quarter
    day: date
    catalogue: Catalogue
    work: UnitOfWork

    def of_one(self, entity: Entity) -> tuple[Entity, Feedback] | None:
        """Of a virtual group with the practices whose cases are in it; None without any case.

        Raises: MeasureUnknown for a year without measures, RosterEntryUnknown,
        VirtualGroupUnconfirmed.
        """
        cases = cases_of(entity, self.practice, self.quarter, self.work)
        if not cases:
            return None
        if entity.group is not None and entity.level == "virtual_group":
            entity = replace(entity, group=replace(entity.group, practices=tuple(cases)))
        parts = all_cases(entity, self.practice, self.quarter, self.work)
        tallies = [tally for part in parts for tally in self.work.feedback_figures.tallies(part)]
        scene = self._scene({entity.level: entity}, tuple(cases))
        return entity, scene.feedback(entity, sum(cases.values()), tallies)

    def of_everybody(self) -> Iterator[tuple[Entity, Feedback]]:
        """Of each TIN and clinician with a case that counts, one at a time.

        Raises: MeasureUnknown for a year without measures.
        """
        scene = self._scene({"group": None, "individual": None}, (self.practice,))
        cases = _cases_from_totals(self.practice, self.quarter, None, self.work)
        question = FeedbackQuestion(
            practice=self.practice,
            performance_year=self.quarter.performance_year,
            last_day=self.quarter.last_day,
        )
        every = self.work.feedback_figures.tallies_by_entity(question)
        for (tin, npi), tallies in groupby(every, key=itemgetter(0)):
            entity = Entity(tin=tin, npi=npi)
            found = (tally for _, tally in tallies)
            yield entity, scene.feedback(entity, cases.pop(entity, 0), found)
        for entity in sorted(cases, key=lambda each: (each.tin or "", each.npi or "")):
            yield entity, scene.feedback(entity, cases[entity], ())

    def _scene(
        self, levels: dict[FeedbackLevel, Entity | None], practices: Sequence[PracticeId]
    ) -> "_Scene":
        """`practices`: whose cases are counted."""
        practice, work = self.practice, self.work
        performance_year = self.quarter.performance_year
        year = year_of(self.catalogue, performance_year)
        known = work.practices.get(practice)
        assert known is not None, "whoever asks has looked whether it is registered"
        sizes = practice_sizes(practice, performance_year, work)
        points = YearPoints(year=year, sizes=sizes, day=self.day)
        clinicians = work.roster.all(Clinician, practice)
        versions = {
            version
            for each in practices
            for version in work.outcome_versions.of(each, performance_year)
        }
        return _Scene(
            quarter=self.quarter,
            name=known.name,
            year=year,
            points=points,
            clinicians={each.npi: each.name for each in clinicians if each.name},
            peers={level: self._peers(level, whose) for level, whose in levels.items()},
            scores=scores_of(practice, points, catalogue=self.catalogue, work=work),
            version=versions.pop() if len(versions) == 1 else None,
            is_recomputing=any(
                work.backfills.unfinished(each, performance_year) for each in practices
            ),
        )

    def _peers(self, level: FeedbackLevel, whose: Entity | None) -> ComparedPeers:
        question = ResultsQuestion(
            practice=self.practice,
            performance_year=self.quarter.performance_year,
            level=level,
            tin=None if whose is None else whose.tin,
            npi=None if whose is None else whose.npi,
            subgroup_id=whose.group_id if whose is not None and level == "subgroup" else None,
            virtual_group_id=(
                whose.group_id if whose is not None and level == "virtual_group" else None
            ),
        )
        return compared_peers(question, self.work)


def cases_of(
    entity: Entity, practice: PracticeId, quarter: Quarter, work: UnitOfWork
) -> dict[PracticeId, int]:
    """How many count of each practice that has any.

    Raises: RosterEntryUnknown, VirtualGroupUnconfirmed.
    """
    if entity.group is None:
        cases = _cases_from_totals(practice, quarter, entity, work).get(entity, 0)
        return {practice: cases} if cases else {}
    parts = all_cases(entity, practice, quarter, work)
    counted = {part.practice: work.feedback_figures.cases(part) for part in parts}
    return {each: cases for each, cases in counted.items() if cases}


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What is read once, for whoever the reports are of."""

    quarter: Quarter
    name: str
    year: YearCatalogue
    points: YearPoints
    clinicians: dict[Npi, str]
    peers: dict[FeedbackLevel, ComparedPeers]
    scores: Scores | None
    version: str | None
    is_recomputing: bool

    def feedback(self, entity: Entity, cases: int, tallies: Iterable[Tally]) -> Feedback:
        landed = Landed.of(tallies)
        found = list(scored_totals(landed.totals(entity), self.points))
        rules = self.year.rules
        return Feedback(
            name=self.name,
            clinician=None if entity.npi is None else self.clinicians.get(entity.npi),
            last_day=self.quarter.last_day,
            cases=cases,
            case_minimum=rules.case_minimum.cases,
            completeness_threshold=rules.completeness.threshold_percent,
            catalogue_version=self.version,
            is_recomputing=self.is_recomputing,
            rates=tuple(self._rates(entity, found, landed)),
            score=self._score(entity, found),
        )

    def _rates(
        self, entity: Entity, found: Iterable[ScoredTotal], landed: Landed
    ) -> Iterator[RateFeedback]:
        months = [
            _rates_of(landed.totals(entity, month=month), self.year)
            for month in range(1, self.quarter.last_month + 1)
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
                peers=standing_of(self.peers[entity.level].of(total)),
            )
            yield rate_feedback(given, self.year.rules)

    def _score(self, entity: Entity, found: Iterable[ScoredTotal]) -> ScoreFeedback | None:
        """None of a group: what it reports, and its activities, would have to be told."""
        scored = [total for total in found if total.has_the_points]
        if self.scores is None or entity.group is not None or not scored:
            return None
        return self.scores.of(entity, scored)


def _cases_from_totals(
    practice: PracticeId, quarter: Quarter, whose: Entity | None, work: UnitOfWork
) -> dict[Entity, int]:
    """Of a TIN or clinician, or of everybody; without who has none."""
    of = CaseFilter(
        practice=practice,
        performance_year=quarter.performance_year,
        tin=None if whose is None else whose.tin,
        npi=None if whose is None else whose.npi,
        last_day=quarter.last_day,
    )
    wanted = _GROUPED if whose is None else _GROUPED[1:] if whose.npi else _GROUPED[:1]
    return {
        _counted_entity(found.keys): found.cases
        for group in wanted
        for found in work.counts.groups(CountQuestion(of=of, group_by=group))
    }


def _counted_entity(keys: dict[CountGroup, str]) -> Entity:
    npi = keys.get(CountGroup.NPI)
    return Entity(tin=Tin(keys[CountGroup.TIN]), npi=None if npi is None else Npi(npi))


def _rates_of(totals: Iterable[MeasureTotal], year: YearCatalogue) -> dict[RateName, MeasureRates]:
    return {
        (rated.measure.measure_id, rated.total.stratum): rated.rates
        for rated in rated_totals(totals, year)
    }
