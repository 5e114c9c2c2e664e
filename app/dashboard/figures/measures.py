"""Figures of quality measures: rates beside benchmark and peers, and how complete the data is."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode

from app.dashboard.figures.figure import (
    Band,
    Bars,
    Cell,
    Column,
    Figure,
    Row,
    Scale,
    Series,
    State,
    Unit,
    row_of,
)
from app.domain.roster import Clinician
from app.measures.catalogue.benchmarks import TOP_DECILE, Benchmark
from app.measures.overview_service import ComparedResult, MeasureOverview
from app.measures.peers.cuts import Cut
from app.measures.peers.wire import PeerCut
from app.measures.results.points import PointsBasis

_WHOLE: Final = Decimal(100)
_BASES: Final = {
    PointsBasis.NO_CASES: "no eligible case",
    PointsBasis.INCOMPLETE: "data is not complete",
    PointsBasis.UNDER_CASE_MINIMUM: "too few cases",
    PointsBasis.NO_RATE: "exceptions only",
    PointsBasis.NO_BENCHMARK: "no benchmark",
    PointsBasis.BENCHMARK: "benchmark",
    PointsBasis.NEW_MEASURE: "new measure",
    PointsBasis.PART_OF_OVERALL: "part of the overall rate",
}


def bands_of(benchmark: Benchmark | None) -> tuple[Band, ...]:
    """The deciles as parts of the scale; those of no width are left out."""
    if benchmark is None:
        return ()
    end = Decimal(0) if benchmark.inverse else _WHOLE
    deciles = range(benchmark.first_decile, TOP_DECILE + 1)
    bounds = pairwise((*benchmark.bounds, end))
    return tuple(
        Band(decile=decile, low=min(pair), high=max(pair))
        for decile, pair in zip(deciles, bounds, strict=True)
        if pair[0] != pair[1]
    )


def measure_rates(
    overview: MeasureOverview, results: Sequence[ComparedResult], *, key: str, whose: str
) -> Figure:
    """`results` of one entity. `whose`: as "TIN 891234567", to tell the figures of a page apart."""
    with_peers = [national_peers(each) for each in results]
    return Figure(
        key=key,
        heading=f"Performance rates, {whose}",
        summary=_rates_summary(results),
        columns=(
            Column(name="Measure"),
            Column(name="Rate, %", unit=Unit.PERCENT),
            Column(name="Decile"),
            Column(name="Next decile at, %"),
            Column(name="Points", unit=Unit.POINTS),
            Column(name="By"),
            Column(name="Peers' lower quartile, %", unit=Unit.PERCENT),
            Column(name="Peers' median, %", unit=Unit.PERCENT),
            Column(name="Peers' upper quartile, %", unit=Unit.PERCENT),
            Column(name="Better than, % of peers", unit=Unit.PERCENT),
            Column(name="Title"),
        ),
        rows=tuple(
            _rate_row(each, peers, overview.performance_year)
            for each, peers in zip(results, with_peers, strict=True)
        ),
        chart=Scale(
            value=1,
            title=10,
            peers=(6, 7, 8),
            bands=tuple(bands_of(each.benchmark) for each in results),
        ),
        note="The deeper the ground, the higher the decile of the CMS benchmark; the line is the"
        " middle half of the peers with its median. Of a measure marked inverse a lower rate is"
        " better. Peers are all of the registry; their figures are withheld where they are too"
        f" few. {_peers_note(results)}",
        is_broad=True,
    )


def data_completeness(
    overview: MeasureOverview,
    results: Sequence[ComparedResult],
    *,
    key: str,
    whose: str,
    clinician: Clinician | None = None,
) -> Figure:
    """As `measure_rates`; each measure leads to the cases behind it, those of `clinician` alone."""
    needed = overview.completeness_percent
    missing = sum(not each.found.rates.completeness_met for each in results)
    return Figure(
        key=key,
        heading=f"Data completeness, {whose}",
        summary=f"{missing} of {len(results)} measures are below the {needed:.0f} % that are asked"
        " for."
        if missing
        else f"All {len(results)} measures reach the {needed:.0f} % that are asked for.",
        columns=(
            Column(name="Measure"),
            Column(name="Completeness, %", unit=Unit.PERCENT),
            Column(name="Eligible cases", unit=Unit.COUNT),
            Column(name="Unreported", unit=Unit.COUNT),
            Column(name="To be answered", unit=Unit.COUNT),
        ),
        rows=tuple(_completeness_row(each, overview, clinician) for each in results),
        chart=Bars(series=(Series(column=1),)),
        note=f"To be answered: how many more until {needed:.0f} %. A measure needs"
        f" {overview.case_minimum} cases to be scored by its rate.",
    )


def to_be_answered(each: ComparedResult, needed_percent: Decimal) -> int:
    """How many unreported cases are to be answered until the measure is complete enough."""
    if each.found.rates.completeness_met:
        return 0
    counts = each.found.rates.counts
    is_of_a_qcdr = each.found.measure.facts.is_of_a_qcdr
    excluded = counts.denominator_exclusion if is_of_a_qcdr else 0
    needed = needed_percent * (counts.eligible_population + excluded) / 100
    whole = int(needed.to_integral_value(rounding=ROUND_CEILING))
    return whole - counts.answered - excluded


def national_peers(each: ComparedResult) -> PeerCut | None:
    """Those of the whole registry, None where they are withheld or not compared."""
    found = (cut for cut in each.peers.cuts if cut.cut is Cut.NATIONAL)
    return next((cut for cut in found if cut.performance_rate is not None), None)


def _rates_summary(results: Iterable[ComparedResult]) -> str:
    deciles = [each.found.score.decile for each in results]
    placed = [decile for decile in deciles if decile is not None]
    if not deciles:
        return "No measure has an eligible case yet."
    high = sum(decile >= 8 for decile in placed)
    return (
        f"{len(deciles)} measures with cases, {len(placed)} of them with a benchmark,"
        f" {high} in decile 8 or above."
    )


def _peers_note(results: Iterable[ComparedResult]) -> str:
    why = {each.peers.not_compared for each in results} - {None}
    if not why:
        return ""
    words = {
        "opted_out": "The practice takes no part in the comparison.",
        "not_yet": "No comparison has been made yet for the year.",
        "left_out": "A measure without enough cases is not compared.",
    }
    return " ".join(sorted(words[each.value] for each in why if each is not None))


def _rate_row(each: ComparedResult, peers: PeerCut | None, year: int) -> Row:
    found, figures = each.found, None if peers is None else peers.performance_rate
    facts = found.measure.facts
    name = found.measure.measure_id + (" (inverse)" if facts.inverse else "")
    return row_of(
        Cell(name, link=f"/docs/measures/{found.measure.measure_id}?performance_year={year}"),
        found.rates.performance_rate,
        "–" if found.score.decile is None else str(found.score.decile),  # noqa: RUF001
        _next_bound(each),
        found.score.points,
        _BASES[found.score.basis],
        *(
            (None, None, None, None)
            if figures is None
            else (
                figures.lower_quartile,
                figures.median,
                figures.upper_quartile,
                figures.rank_percentile,
            )
        ),
        facts.title or "",
    )


def _next_bound(each: ComparedResult) -> str:
    decile, benchmark = each.found.score.decile, each.benchmark
    if decile is None or benchmark is None or decile == TOP_DECILE:
        return "–"  # noqa: RUF001
    place = max(0, decile + 1 - benchmark.first_decile)
    sign = "≤" if benchmark.inverse else "≥"
    return f"{sign} {benchmark.bounds[place]:.2f}"


def _completeness_row(
    each: ComparedResult, overview: MeasureOverview, clinician: Clinician | None
) -> Row:
    rates = each.found.rates
    state = State.GOOD if rates.completeness_met else State.BAD
    return row_of(
        Cell(each.found.measure.measure_id, link=_cases_behind(each, overview, clinician)),
        Cell(rates.data_completeness, state=None if rates.data_completeness is None else state),
        rates.counts.eligible_population,
        rates.counts.unreported,
        to_be_answered(each, overview.completeness_percent),
    )


def _cases_behind(
    each: ComparedResult, overview: MeasureOverview, clinician: Clinician | None
) -> str | None:
    """Where the cases of a result are listed, by ids of the roster; None: the TIN has just left."""
    tin, measure_id = each.found.tin, each.found.measure.measure_id
    if tin is None or tin not in overview.tin_ids:
        return None
    asked: dict[str, object] = {
        "year": overview.performance_year,
        "tin_id": overview.tin_ids[tin],
    }
    if clinician is not None:
        asked["clinician_id"] = clinician.id
    if each.found.stratum:
        asked["stratum"] = each.found.stratum
    return f"/practices/{overview.practice}/dashboard/measures/{measure_id}?{urlencode(asked)}"


def by_entity(results: Iterable[ComparedResult]) -> Iterator[tuple[str, list[ComparedResult]]]:
    """The results of each TIN, in their order; of what has no case nothing."""
    entities: dict[str, list[ComparedResult]] = {}
    for each in results:
        if each.found.rates.counts.eligible_population:
            entities.setdefault(each.found.tin or "", []).append(each)
    yield from sorted(entities.items())
