"""Results of a practice: the kept totals, put through the rules of their year."""

from datetime import UTC, datetime

from app.domain.errors import MeasureUnknown
from app.domain.identifiers import Npi, PracticeId, Tin
from app.measures.catalogue import Catalogue, Measure, YearCatalogue
from app.measures.points import score_of
from app.measures.rates import PopulationCounts, rates_of
from app.measures.wire import Level, MeasureResult, MeasureResults
from app.storage import count_queries
from app.storage.unit_of_work import UnitOfWork


def year_of(catalogue: Catalogue, performance_year: int) -> YearCatalogue:
    """Raises: MeasureUnknown."""
    year = catalogue.for_year(performance_year)
    if year is None:
        raise MeasureUnknown("No measures are known for this performance year.")
    return year


def measure_of(year: YearCatalogue, measure_id: str) -> Measure:
    """Raises: MeasureUnknown."""
    measure = year.measure(measure_id)
    if measure is None:
        raise MeasureUnknown("No measure of this id is active in this performance year.")
    return measure


def measure_results(
    practice: PracticeId,
    performance_year: int,
    *,
    level: Level,
    tin: Tin | None,
    npi: Npi | None,
    measure_id: str | None,
    sandbox: bool,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> MeasureResults:
    """Results by TIN, or by TIN and NPI; none for a sandbox. Raises: MeasureUnknown."""
    year = year_of(catalogue, performance_year)
    if measure_id is not None:
        measure_of(year, measure_id)
    counted = (
        []
        if sandbox
        else work.counts.populations(
            practice,
            performance_year,
            individual=level == "individual",
            tin=tin,
            npi=npi,
            measure_id=measure_id,
        )
    )
    return MeasureResults(
        practice_id=practice,
        performance_year=performance_year,
        level=level,
        as_of=datetime.now(UTC),
        results=tuple(_result(counts, year) for counts in counted),
    )


def _result(counted: count_queries.PopulationCounts, year: YearCatalogue) -> MeasureResult:
    measure = measure_of(year, counted.measure_id)
    rates = rates_of(
        PopulationCounts(
            performance_met=counted.performance_met,
            performance_not_met=counted.performance_not_met,
            denominator_exception=counted.denominator_exception,
            denominator_exclusion=counted.denominator_exclusion,
            unreported=counted.unreported,
        ),
        year.rules,
    )
    # Whether a practice is small is known once the roster holds its clinicians; until then the
    # rules of large practices are used, which give never more points.
    score = score_of(rates, benchmark=measure.benchmark, rules=year.rules, small_practice=False)
    return MeasureResult.of(
        measure, rates, score, tin=counted.tin, npi=counted.npi, stratum=counted.stratum
    )
