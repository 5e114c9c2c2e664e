"""What is told of measures, and the results of a practice by the rules of their year."""

from datetime import UTC, date, datetime

from app.domain.errors.measures import MeasureUnknown
from app.domain.reporting import ReportingLevel
from app.measures.catalogue.asked_measures import measure_of, year_of
from app.measures.catalogue.catalogue import Catalogue
from app.measures.catalogue.version import catalogue_version
from app.measures.detail_wire import MeasureDetail
from app.measures.peers.reading import compared_peers
from app.measures.results.levels import Level, Reaches, ResultsQuestion, totals_of
from app.measures.results.owners import owner_of
from app.measures.results.practice_sizes import practice_sizes
from app.measures.results.scored_totals import ScoredTotal, YearPoints, scored_totals
from app.measures.summary_wire import MeasureList
from app.measures.wire import MeasureResult, MeasureResults
from app.reporting.standing_service import read_standing
from app.reporting.submittability import NotSubmittable, Standing, reasons_against
from app.storage.unit_of_work import UnitOfWork


def listed_measures(catalogue: Catalogue, performance_year: int) -> MeasureList:
    """Raises: MeasureUnknown for a year that neither catalogue nor register knows."""
    year = catalogue.for_year(performance_year)
    if year is not None:
        version = catalogue_version(catalogue, performance_year)
        return MeasureList.of(performance_year, version, year.measures, year.without_results)
    if performance_year not in catalogue.register.years:
        raise MeasureUnknown("No measures are known for this performance year.")
    facts = catalogue.register.listed_in(performance_year)
    return MeasureList.of(performance_year, None, (), facts)


def described_measure(
    catalogue: Catalogue, performance_year: int, measure_id: str
) -> MeasureDetail:
    """Return a measure as it stands in a year, whether or not it has results.

    Raises: MeasureUnknown.
    """
    year = catalogue.for_year(performance_year)
    measure = None if year is None else year.measure(measure_id)
    if year is not None and measure is not None:
        return MeasureDetail.of_computed(measure, year.benchmarks)
    facts = catalogue.register.known_as(measure_id)
    if (
        facts is None
        or performance_year not in catalogue.register.years
        or not facts.is_active_in(performance_year)
    ):
        raise MeasureUnknown("No measure of this id is active in this performance year.")
    benchmarks = None if year is None else year.benchmarks
    return MeasureDetail.of_registered(facts, performance_year, benchmarks)


def measure_results(
    asked: ResultsQuestion,
    *,
    reaches: Reaches,
    sandbox: bool,
    with_peers: bool = False,
    day: date,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> MeasureResults:
    """Results at a level, as of `day`; none for a sandbox.

    Raises: InvalidRequest for what does not go with the level, MeasureUnknown, RosterEntryUnknown,
    NotPermitted for a virtual group with cases of practices that are out of reach.
    """
    asked.require_fitting()
    practice, performance_year = asked.practice, asked.performance_year
    year = year_of(catalogue, performance_year)
    if asked.measure_id is not None:
        measure_of(year, asked.measure_id)
    totals = [] if sandbox else totals_of(asked, reaches, work)
    peers = compared_peers(asked, work) if with_peers and not sandbox else None
    points = YearPoints(year=year, sizes=practice_sizes(practice, performance_year, work), day=day)
    standing = read_standing(practice, performance_year, work)
    versions = work.outcome_versions.of(practice, performance_year)
    return MeasureResults(
        practice_id=practice,
        performance_year=performance_year,
        level=asked.level,
        as_of=datetime.now(UTC),
        catalogue_version=versions[0] if len(versions) == 1 else None,
        recomputing=work.backfills.unfinished(practice, performance_year) is not None,
        results=tuple(
            MeasureResult.of(
                found,
                asked.level,
                against=_against(standing, asked.level, found),
                peers=None if peers is None else peers.of(found),
            )
            for found in scored_totals(totals, points)
        ),
    )


def _against(standing: Standing, level: Level, found: ScoredTotal) -> tuple[NotSubmittable, ...]:
    """What speaks against sending a result to CMS."""
    return reasons_against(
        standing,
        ReportingLevel[level.upper()],
        tin=found.tin,
        npi=found.npi,
        group_id=found.group_id,
        owner=owner_of(found.measure.facts),
    )
