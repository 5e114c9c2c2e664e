"""What is told of measures, and the results of a practice by the rules of their year."""

from datetime import UTC, date, datetime

from app.domain.errors import InvalidRequest, MeasureUnknown
from app.domain.identifiers import Npi, PracticeId, Tin
from app.measures.asked_measures import measure_of, year_of
from app.measures.catalogue import Catalogue, Measure
from app.measures.changes import changes_between
from app.measures.changes_wire import MeasureChanges
from app.measures.detail_wire import MeasureDetail
from app.measures.practice_sizes import practice_sizes
from app.measures.registered import MeasureGroup
from app.measures.scored_totals import ScoredTotal, YearPoints, scored_totals
from app.measures.summary_wire import MeasureList
from app.measures.wire import Level, MeasureResult, MeasureResults
from app.reporting.standing_service import read_standing
from app.reporting.submittability import (
    MeasureOwner,
    NotSubmittable,
    ReportingLevel,
    Standing,
    reasons_against,
)
from app.storage.unit_of_work import UnitOfWork


def listed_measures(catalogue: Catalogue, performance_year: int) -> MeasureList:
    """Raises: MeasureUnknown for a year that neither catalogue nor register knows."""
    year = catalogue.for_year(performance_year)
    if year is not None:
        return MeasureList.of(performance_year, year.measures, year.without_results)
    if performance_year not in catalogue.register.years:
        raise MeasureUnknown("No measures are known for this performance year.")
    return MeasureList.of(performance_year, (), catalogue.register.listed_in(performance_year))


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


def measure_changes(catalogue: Catalogue, since: int, until: int) -> MeasureChanges:
    """Raises: MeasureUnknown for a year whose measures are not computed."""
    changes = changes_between(year_of(catalogue, since), year_of(catalogue, until))
    return MeasureChanges.of(since, until, changes)


def measure_results(
    practice: PracticeId,
    performance_year: int,
    *,
    level: Level,
    tin: Tin | None,
    npi: Npi | None,
    measure_id: str | None,
    sandbox: bool,
    day: date,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> MeasureResults:
    """Results by TIN, or by TIN and NPI, as of `day`; none for a sandbox.

    Raises: InvalidRequest for the results of an NPI at the level of groups, MeasureUnknown.
    """
    if npi is not None and level != "individual":
        raise InvalidRequest("npi: results of one NPI need level=individual.")
    year = year_of(catalogue, performance_year)
    if measure_id is not None:
        measure_of(year, measure_id)
    totals = (
        []
        if sandbox
        else work.counts.measure_totals(
            practice,
            performance_year,
            individual=level == "individual",
            tin=tin,
            npi=npi,
            measure_id=measure_id,
        )
    )
    points = YearPoints(year=year, sizes=practice_sizes(practice, performance_year, work), day=day)
    standing = read_standing(practice, performance_year, work)
    return MeasureResults(
        practice_id=practice,
        performance_year=performance_year,
        level=level,
        as_of=datetime.now(UTC),
        results=tuple(
            MeasureResult.of(found, against=_against(standing, level, found))
            for found in scored_totals(totals, points)
        ),
    )


def _against(standing: Standing, level: Level, found: ScoredTotal) -> tuple[NotSubmittable, ...]:
    """What speaks against sending a result to CMS."""
    owner = _owner_of(found.measure)
    return reasons_against(
        standing, ReportingLevel(level), tin=found.tin, npi=found.npi, owner=owner
    )


def _owner_of(measure: Measure) -> MeasureOwner:
    if measure.facts.group in (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE):
        return MeasureOwner.MIPS
    return MeasureOwner.QCDR if measure.facts.is_of_a_qcdr else MeasureOwner.OTHER
