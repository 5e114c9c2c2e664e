"""The estimated scores that reports tell; of TINs also what would help most."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.feedback import Entity
from app.domain.identifiers import PracticeId
from app.feedback.report import ScoreFeedback, ScoreGain
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.levels import Level, ResultsQuestion
from app.measures.results.scored_totals import ScoredTotal, YearPoints
from app.measures.scoring_service import ScoreQuestion, Scorer, scorer_of
from app.measures.scoring_wire import EntityScoreOut
from app.storage.unit_of_work import UnitOfWork

_GAINS_TOLD: Final = 3


@dataclass(frozen=True, kw_only=True)
class Scores:
    """By traditional MIPS, with what is not known here left to be reweighted."""

    threshold: Decimal
    of_tins: Scorer
    of_clinicians: Scorer

    def of(self, entity: Entity, found: Sequence[ScoredTotal]) -> ScoreFeedback:
        """`found`: the totals that have points, one at least."""
        scorer = self.of_tins if entity.npi is None else self.of_clinicians
        return _score(scorer.score((entity.tin, entity.npi, None), found), self.threshold)


def scores_of(
    practice: PracticeId, points: YearPoints, *, catalogue: Catalogue, work: UnitOfWork
) -> Scores | None:
    """None for a year whose scores are not worked out."""
    rules = catalogue.scoring_rules(points.year.performance_year)
    if rules is None:
        return None
    return Scores(
        threshold=rules.final.threshold.value,
        of_tins=scorer_of(_question(practice, points, "group"), points, rules, work),
        of_clinicians=scorer_of(_question(practice, points, "individual"), points, rules, work),
    )


def _question(practice: PracticeId, points: YearPoints, level: Level) -> ScoreQuestion:
    of_all = ResultsQuestion(
        practice=practice, performance_year=points.year.performance_year, level=level
    )
    return ScoreQuestion(results=of_all, with_steps=level == "group")


def _score(told: EntityScoreOut, threshold: Decimal) -> ScoreFeedback:
    activities = told.improvement_activities
    gains = (
        ScoreGain(
            change=gain.change,
            measure_id=gain.measure_id,
            cases=gain.cases,
            quality_change=gain.quality_change,
        )
        for gain in told.what_would_help or ()
        if gain.quality_change > 0
    )
    return ScoreFeedback(
        quality_percent=told.quality.percent,
        activities_percent=None if activities is None else activities.percent,
        final_score=told.final_score,
        threshold=threshold,
        gains=tuple(gains)[:_GAINS_TOLD],
    )
