"""What is told of measures, and the results of a practice by the rules of their year."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from app.domain.errors import InvalidRequest, MeasureUnknown
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.populations import PopulationCounts
from app.measures.catalogue import Catalogue, Measure, YearCatalogue
from app.measures.changes import changes_between
from app.measures.changes_wire import MeasureChanges
from app.measures.definition import OVERALL_STRATUM, SINGLE_RATE
from app.measures.detail_wire import MeasureDetail
from app.measures.points import PART_OF_OVERALL, Score, score_of
from app.measures.rates import MeasureRates, overall_rates, rates_of
from app.measures.registered import MeasureGroup
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
from app.storage.count_queries import MeasureTotal
from app.storage.unit_of_work import UnitOfWork

Against = Callable[[Measure, MeasureTotal], tuple[NotSubmittable, ...]]
"""What speaks against sending a result to CMS."""


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
        raise MeasureUnknown("No measure of this id has results in this performance year.")
    return measure


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
    against = partial(_against, read_standing(practice, performance_year, work), level)
    return MeasureResults(
        practice_id=practice,
        performance_year=performance_year,
        level=level,
        as_of=datetime.now(UTC),
        results=tuple(_results(totals, year, against)),
    )


def _against(
    standing: Standing, level: Level, measure: Measure, total: MeasureTotal
) -> tuple[NotSubmittable, ...]:
    return reasons_against(
        standing, ReportingLevel(level), tin=total.tin, npi=total.npi, owner=_owner_of(measure)
    )


def _owner_of(measure: Measure) -> MeasureOwner:
    if measure.facts.group in (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE):
        return MeasureOwner.MIPS
    return MeasureOwner.QCDR if measure.facts.is_of_a_qcdr else MeasureOwner.OTHER


def _results(
    totals: list[MeasureTotal], year: YearCatalogue, against: Against
) -> Iterator[MeasureResult]:
    """Yield the results of each measure, after its parts those that are worked out from them."""
    for measure_id, of_measure in groupby(totals, key=lambda total: total.measure_id):
        measure = measure_of(year, measure_id)
        found = [(total, _rates(total.counts, measure, year)) for total in of_measure]
        for total, rates in found:
            yield _result(total, rates, measure, year, against)
        yield from _overall_results(found, measure, year, against)


def _overall_results(
    found: list[tuple[MeasureTotal, MeasureRates]],
    measure: Measure,
    year: YearCatalogue,
    against: Against,
) -> Iterator[MeasureResult]:
    overall = measure.definition.overall
    if overall is None:
        return
    parts: dict[tuple[Tin, Npi | None], list[MeasureRates]] = {}
    for total, rates in found:
        parts.setdefault((total.tin, total.npi), []).append(rates)
    for (tin, npi), of_one in sorted(
        parts.items(), key=lambda part: (part[0][0], part[0][1] or "")
    ):
        rates = overall_rates(
            of_one, overall.method, year.rules, is_of_a_qcdr=measure.facts.is_of_a_qcdr
        )
        total = MeasureTotal(
            measure_id=measure.measure_id,
            stratum=overall.stratum,
            tin=tin,
            npi=npi,
            counts=rates.counts,
        )
        yield _result(total, rates, measure, year, against)


def _rates(counts: PopulationCounts, measure: Measure, year: YearCatalogue) -> MeasureRates:
    return rates_of(counts, year.rules, is_of_a_qcdr=measure.facts.is_of_a_qcdr)


def _result(
    total: MeasureTotal,
    rates: MeasureRates,
    measure: Measure,
    year: YearCatalogue,
    against: Against,
) -> MeasureResult:
    return MeasureResult.of(
        measure,
        rates,
        _score(total.stratum, rates, measure, year),
        tin=total.tin,
        npi=total.npi,
        against=against(measure, total),
        stratum=total.stratum,
    )


def _score(stratum: str, rates: MeasureRates, measure: Measure, year: YearCatalogue) -> Score:
    if stratum not in (SINGLE_RATE, OVERALL_STRATUM):
        return PART_OF_OVERALL
    # Whether a practice is small is known once the roster holds its clinicians; until then the
    # rules of large practices are used, which give never more points.
    return score_of(rates, benchmark=measure.benchmark, rules=year.rules, small_practice=False)
