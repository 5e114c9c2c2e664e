"""Totals become rates, those of a measure with several rates first its parts, then the overall."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.domain.identifiers import Npi, Tin
from app.measures.catalogue.catalogue import Measure, YearCatalogue
from app.measures.results.rates import MeasureRates, overall_rates, rates_of
from app.storage.figures.count_queries import MeasureTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What a total of one measure and stratum comes to."""

    total: MeasureTotal
    rates: MeasureRates
    measure: Measure


_Entity = tuple[Tin | None, Npi | None, UUID | None]


def rated_totals(totals: Iterable[MeasureTotal], year: YearCatalogue) -> Iterator[Rated]:
    """`totals` of one measure stand together. A measure that the year does not know is left out."""
    for measure_id, of_measure in groupby(totals, key=lambda total: total.measure_id):
        measure = year.measure(measure_id)
        if measure is None:
            continue
        found = [
            Rated(
                total=total,
                rates=rates_of(total.counts, year.rules, is_of_a_qcdr=measure.facts.is_of_a_qcdr),
                measure=measure,
            )
            for total in of_measure
        ]
        yield from found
        yield from _overall(found, measure, year)


def _overall(found: list[Rated], measure: Measure, year: YearCatalogue) -> Iterator[Rated]:
    overall = measure.definition.overall
    if overall is None:
        return
    parts: dict[_Entity, list[MeasureRates]] = {}
    for each in found:
        parts.setdefault(_entity(each.total), []).append(each.rates)
    for (tin, npi, group_id), of_one in sorted(parts.items(), key=lambda part: _order(part[0])):
        rates = overall_rates(
            of_one, overall.method, year.rules, is_of_a_qcdr=measure.facts.is_of_a_qcdr
        )
        total = MeasureTotal(
            measure_id=measure.measure_id,
            stratum=overall.stratum,
            tin=tin,
            npi=npi,
            group_id=group_id,
            counts=rates.counts,
        )
        yield Rated(total=total, rates=rates, measure=measure)


def _entity(total: MeasureTotal) -> _Entity:
    return total.tin, total.npi, total.group_id


def _order(entity: _Entity) -> tuple[str, ...]:
    return tuple(str(part or "") for part in entity)
