"""Results of a practice: the kept totals, put through the rules of their year."""

from datetime import UTC, datetime

from app.domain.errors import InvalidRequest, MeasureUnknown
from app.domain.identifiers import Npi, PracticeId, Tin
from app.measures.catalogue import Catalogue, Measure, YearCatalogue
from app.measures.points import score_of
from app.measures.rates import rates_of
from app.measures.register import MeasureRegister
from app.measures.registered import RegisteredMeasure
from app.measures.wire import Level, MeasureResult, MeasureResults
from app.storage.count_queries import MeasureTotal
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


def without_results(year: YearCatalogue, register: MeasureRegister) -> list[RegisteredMeasure]:
    """Return the measures for anesthesia of a year that are known, but not computed."""
    return [
        measure
        for measure in register.measures
        if measure.is_for_anesthesia_in(year.performance_year)
        and year.measure(measure.measure_id) is None
    ]


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
    """Results by TIN, or by TIN and NPI; none for a sandbox.

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
    return MeasureResults(
        practice_id=practice,
        performance_year=performance_year,
        level=level,
        as_of=datetime.now(UTC),
        results=tuple(_result(total, year) for total in totals),
    )


def _result(total: MeasureTotal, year: YearCatalogue) -> MeasureResult:
    measure = measure_of(year, total.measure_id)
    rates = rates_of(total.counts, year.rules)
    # Whether a practice is small is known once the roster holds its clinicians; until then the
    # rules of large practices are used, which give never more points.
    score = score_of(rates, benchmark=measure.benchmark, rules=year.rules, small_practice=False)
    return MeasureResult.of(
        measure, rates, score, tin=total.tin, npi=total.npi, stratum=total.stratum
    )
