"""What the measures of a practice, or of one of its clinicians, come to: read once for a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.domain.identifiers import PracticeId, Tin
from app.domain.roster import PracticeDetails
from app.measures.catalogue.benchmarks import Benchmark
from app.measures.catalogue.catalogue import Catalogue
from app.measures.peers.reading import compared_peers
from app.measures.peers.wire import PeerComparison
from app.measures.results.levels import Level, ResultsQuestion
from app.measures.results.scored_totals import ScoredTotal, YearPoints, scored_totals
from app.measures.scoring.practice_size import PracticeSizes
from app.measures.scoring_service import ScoreQuestion, scores_of
from app.measures.scoring_wire import EntityScoreOut
from app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedResult:
    """`benchmark` None: there is none, or CMS cannot have told it yet."""

    found: ScoredTotal
    benchmark: Benchmark | None
    peers: PeerComparison


@dataclass(frozen=True, kw_only=True)
class MeasureOverview:
    """`results`: a rate for each measure and entity, that which has the points.

    `completeness_percent` must be reached for a measure to be scored. `scores` and the `threshold`
    they are held against: of groups alone, and of years whose scores are worked out. `tin_ids` are
    those of the entries of its TINs in the roster.
    """

    practice: PracticeId
    performance_year: int
    completeness_percent: Decimal
    case_minimum: int
    results: tuple[ComparedResult, ...]
    tin_ids: Mapping[Tin, UUID]
    scores: tuple[EntityScoreOut, ...] = ()
    threshold: Decimal | None = None


def measure_overview(
    asked: ResultsQuestion,
    practice: PracticeDetails,
    *,
    day: date,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> MeasureOverview | None:
    """Of all TINs as groups, or of a clinician by NPI; None for a year without measures."""
    year = catalogue.for_year(asked.performance_year)
    if year is None:
        return None
    level: Level = "group" if asked.npi is None else "individual"
    totals = work.counts.measure_totals(
        practice.id,
        asked.performance_year,
        individual=level == "individual",
        npi=asked.npi,
    )
    known = work.roster.clinician_counts(practice.id, asked.performance_year)
    sizes = PracticeSizes(employed=known.by_tin, told=known.told)
    points = YearPoints(year=year, sizes=sizes, day=day)
    found = tuple(scored_totals(totals, points))
    rules = catalogue.scoring_rules(asked.performance_year) if level == "group" else None
    scores: tuple[EntityScoreOut, ...] = ()
    if rules is not None:
        scores = tuple(scores_of(_scored(asked), found, points, rules, work))
    return MeasureOverview(
        practice=practice.id,
        performance_year=asked.performance_year,
        completeness_percent=year.rules.completeness.threshold_percent,
        case_minimum=year.rules.case_minimum.cases,
        results=tuple(_compared(asked, found, points, work)),
        tin_ids=known.tin_ids,
        scores=scores,
        threshold=None if rules is None else rules.final.threshold.value,
    )


def _compared(
    asked: ResultsQuestion, found: tuple[ScoredTotal, ...], points: YearPoints, work: UnitOfWork
) -> Iterator[ComparedResult]:
    peers = compared_peers(asked, work)
    for each in found:
        if each.has_the_points:
            rules = points.rules_of(each.measure.measure_id, each.size)
            yield ComparedResult(found=each, benchmark=rules.benchmark, peers=peers.of(each))


def _scored(asked: ResultsQuestion) -> ScoreQuestion:
    of_all = ResultsQuestion(practice=asked.practice, performance_year=asked.performance_year)
    return ScoreQuestion(results=of_all, with_steps=True)
