"""The scores of a practice: results by the rules of their year, and what the asker tells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from app.domain.attestations import Attestation
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import Npi, Tin
from app.measures.activities.crediting import ActivityCredit
from app.measures.activities.progress import CreditScene, clinicians_of_subgroups
from app.measures.catalogue.asked_measures import year_of
from app.measures.catalogue.catalogue import Catalogue, YearCatalogue
from app.measures.results.levels import Reaches, ResultsQuestion, totals_of
from app.measures.results.practice_sizes import practice_sizes
from app.measures.results.scored_totals import ScoredTotal, YearPoints, scored_totals
from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured, MeasuredFacts
from app.measures.scoring.practice_size import PracticeSize
from app.measures.scoring.score import score_entity
from app.measures.scoring.what_if import gains
from app.measures.scoring.year_scoring import ScoringRules
from app.measures.scoring_rules import scoring_rules_of
from app.measures.scoring_wire import EntityScoreOut, MeasureScores
from app.storage.unit_of_work import UnitOfWork

_Entity = tuple[Tin | None, Npi | None, UUID | None]
_NO_PERCENT: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreQuestion:
    """`results`: what the score rests on, of every measure. The rest, as it is left: nobody tells
    more than the registry knows.

    `activities_percent`: told instead of what is attested. `small_practice`: instead of the
    roster. `with_steps`: of each of several, which are told without; of one they are told anyway.
    """

    results: ResultsQuestion
    inputs: ScoreInputs = field(default_factory=ScoreInputs)
    activities_percent: Decimal | None = None
    small_practice: bool | None = None
    non_patient_facing: bool = False
    with_steps: bool = False

    @property
    def is_detailed(self) -> bool:
        return self.with_steps or self.results.is_of_one

    def require_fitting(self) -> None:
        """Raises: InvalidRequest for what does not go with the level."""
        self.results.require_fitting()
        level = self.results.level
        if level == "individual" and self.with_steps and not self.results.is_of_one:
            raise InvalidRequest("include: the steps of a clinician need an npi.")
        if level == "subgroup" and not self.inputs.is_mvp:
            raise InvalidRequest("program: a subgroup reports an MVP; name it, such as G0059.")


def practice_scores(
    question: ScoreQuestion,
    *,
    reaches: Reaches,
    sandbox: bool,
    day: date,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> MeasureScores:
    """The estimated score of everybody at a level; none for a sandbox.

    Raises: InvalidRequest, MeasureUnknown, ScoringUnknown, RosterEntryUnknown, NotPermitted for a
    virtual group with cases of practices that are out of reach.
    """
    question.require_fitting()
    asked, program = question.results, question.inputs.program
    year = year_of(catalogue, asked.performance_year)
    rules = scoring_rules_of(catalogue, asked.performance_year, program)
    found = () if sandbox else tuple(_scores(question, reaches, year, rules, day, work))
    return MeasureScores(
        practice_id=asked.practice,
        performance_year=asked.performance_year,
        level=asked.level,
        program=program,
        as_of=datetime.now(UTC),
        threshold=rules.final.threshold.value,
        scores=found,
    )


def _scores(
    question: ScoreQuestion,
    reaches: Reaches,
    year: YearCatalogue,
    rules: ScoringRules,
    day: date,
    work: UnitOfWork,
) -> Iterator[EntityScoreOut]:
    asked = question.results
    totals = totals_of(asked, reaches, work)
    sizes = practice_sizes(
        asked.practice, asked.performance_year, work, asked_small=question.small_practice
    )
    points = YearPoints(year=year, sizes=sizes, day=day)
    yield from scores_of(question, scored_totals(totals, points), points, rules, work)


def scores_of(
    question: ScoreQuestion,
    found: Iterable[ScoredTotal],
    points: YearPoints,
    rules: ScoringRules,
    work: UnitOfWork,
) -> Iterator[EntityScoreOut]:
    """The scores of results that were read before, at the level that is asked for."""
    scorer = scorer_of(question, points, rules, work)
    for entity, of_entity in _by_entity(found):
        yield scorer.score(entity, of_entity)


def scorer_of(
    question: ScoreQuestion, points: YearPoints, rules: ScoringRules, work: UnitOfWork
) -> "Scorer":
    asked = question.results
    attested = work.attestations.of_year(asked.practice, asked.performance_year)
    activities = CreditScene(
        rules=rules,
        program=question.inputs.program,
        day=points.day,
        sizes=points.sizes,
        subgroups=_clinicians_of_subgroups(asked, work),
        non_patient_facing=question.non_patient_facing,
    )
    return Scorer(
        question=question, points=points, rules=rules, activities=activities, attested=attested
    )


def _clinicians_of_subgroups(asked: ResultsQuestion, work: UnitOfWork) -> dict[UUID, int]:
    if asked.level != "subgroup":
        return {}
    return clinicians_of_subgroups(asked.practice, asked.performance_year, work)


def _by_entity(found: Iterable[ScoredTotal]) -> list[tuple[_Entity, list[ScoredTotal]]]:
    entities: dict[_Entity, list[ScoredTotal]] = {}
    for total in found:
        if total.has_the_points:
            entities.setdefault((total.tin, total.npi, total.group_id), []).append(total)
    return sorted(entities.items(), key=lambda entity: [str(part or "") for part in entity[0]])


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """Scores the entities of a practice and year one by one, from results with points."""

    question: ScoreQuestion
    points: YearPoints
    rules: ScoringRules
    activities: CreditScene
    attested: Sequence[Attestation]

    def score(self, entity: _Entity, totals: Sequence[ScoredTotal]) -> EntityScoreOut:
        size, is_small = totals[0].size, totals[0].size.is_small
        credit = self._credit(entity)
        inputs = self._inputs(credit)
        measures = [*map(self._measured, totals), *self._others(totals, size)]
        score = score_entity(measures, self.rules, inputs, is_small=is_small)
        found = gains(score, self.rules, inputs, is_small=is_small) if self._is_detailed else ()
        return EntityScoreOut.of(
            totals[0],
            self.question.results.level,
            score,
            inputs,
            credit,
            found,
            is_detailed=self._is_detailed,
        )

    @property
    def _is_detailed(self) -> bool:
        return self.question.is_detailed

    def _credit(self, entity: _Entity) -> ActivityCredit | None:
        """None when the percent is told, the category is reweighted, or nobody attests for it.

        Activities are attested for a TIN and its parts: those of a virtual group are told.
        """
        told, (tin, npi, group_id) = self.question.activities_percent, entity
        if told is not None or self.question.inputs.activities_reweighted or tin is None:
            return None
        return self.activities.credit((tin, npi, group_id), self.attested)

    def _inputs(self, credit: ActivityCredit | None) -> ScoreInputs:
        told = self.question.activities_percent or _NO_PERCENT
        percent = told if credit is None else credit.percent
        return replace(self.question.inputs, improvement_activities_percent=percent)

    def _measured(self, total: ScoredTotal) -> Measured:
        return Measured(
            facts=self._facts[total.measure.measure_id],
            point_rules=self.points.rules_of(total.measure.measure_id, total.size),
            rates=total.rates,
            score=total.score,
        )

    def _others(self, totals: Sequence[ScoredTotal], size: PracticeSize) -> Iterator[Measured]:
        """Measures of the year without cases here: asked for what they could bring."""
        if not self._is_detailed:
            return
        known = {total.measure.measure_id for total in totals}
        for measure_id, facts in self._facts.items():
            if measure_id not in known:
                rules = self.points.rules_of(measure_id, size)
                yield Measured(facts=facts, point_rules=rules, rates=None, score=None)

    @cached_property
    def _facts(self) -> dict[str, MeasuredFacts]:
        year = self.points.year
        return {
            facts.measure_id: year.measured_facts[facts.measure_id]
            for facts in year.all_facts
            if facts.is_for_anesthesia_in(year.performance_year)
        }
