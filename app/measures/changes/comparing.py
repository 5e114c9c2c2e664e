"""What changed in the catalogue from one performance year to another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.measures.catalogue.benchmarks import Benchmark
from app.measures.catalogue.catalogue import Measure, YearCatalogue
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.catalogue.year_rules import PointsBySize, YearRules
from app.measures.changes.rule_changes import rule_changes

Value = str | bool | tuple[str, ...] | None
"""What a fact was or is; None where there was or is none."""


class ChangeKind(StrEnum):
    """Published: what can change of a year or of a measure."""

    COMPLETENESS = "completeness"
    CASE_MINIMUM = "case_minimum"
    FLOOR = "floor"
    NO_BENCHMARK = "no_benchmark"
    UNDER_CASE_MINIMUM = "under_case_minimum"
    INCOMPLETE = "incomplete"
    MEASURE_NEW = "measure_new"
    MEASURE_GONE = "measure_gone"
    TYPE = "type"
    HIGH_PRIORITY = "high_priority"
    METRIC_TYPE = "metric_type"
    STRATA = "strata"
    OVERALL_ALGORITHM = "overall_algorithm"
    COLLECTION_TYPES = "collection_types"
    ANESTHESIOLOGY_SET = "anesthesiology_set"
    MVPS = "mvps"
    COMPUTED = "computed"
    RULES = "rules"
    BENCHMARK = "benchmark"
    INVERSE = "inverse"
    TOPPED_OUT = "topped_out"
    SEVEN_POINT_CAP = "seven_point_cap"
    FLAT_TOPPED_OUT_SCALE = "flat_topped_out_scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """`measure_id` is None for what a year decides for all. `detail` names the rule, of RULES."""

    measure_id: str | None
    title: str | None
    kind: ChangeKind
    before: Value
    after: Value
    detail: str | None = None


def changes_between(older: YearCatalogue, newer: YearCatalogue) -> tuple[MeasureChange, ...]:
    """Return what differs in `newer`: first for the whole year, then measure by measure.

    Measures that were never in MIPS have no years, and so no changes.
    """
    return (*_changes_of_year(older.rules, newer.rules), *_changes_of_measures(older, newer))


def _changes_of_year(older: YearRules, newer: YearRules) -> Iterator[MeasureChange]:
    for kind, fact in _OF_YEAR.items():
        before, after = fact(older), fact(newer)
        if before != after:
            yield MeasureChange(measure_id=None, title=None, kind=kind, before=before, after=after)


_OF_YEAR: Final[Mapping[ChangeKind, Callable[[YearRules], Value]]] = {
    ChangeKind.COMPLETENESS: lambda rules: _number(rules.completeness.threshold_percent),
    ChangeKind.CASE_MINIMUM: lambda rules: str(rules.case_minimum.cases),
    ChangeKind.FLOOR: lambda rules: _number(rules.floor.points),
    ChangeKind.NO_BENCHMARK: lambda rules: _by_size(rules.no_benchmark),
    ChangeKind.UNDER_CASE_MINIMUM: lambda rules: _by_size(rules.under_case_minimum),
    ChangeKind.INCOMPLETE: lambda rules: _by_size(rules.incomplete),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A measure as it stands in one year."""

    year: int
    facts: RegisteredMeasure
    measure: Measure | None
    benchmark: Benchmark | None


def _measures_of(year: YearCatalogue) -> dict[str, _Seen]:
    return {
        facts.measure_id: _Seen(
            year=year.performance_year,
            facts=facts,
            measure=year.measure(facts.measure_id),
            benchmark=year.benchmarks.of(facts.measure_id),
        )
        for facts in year.all_facts
        if facts.years is not None
    }


def _changes_of_measures(older: YearCatalogue, newer: YearCatalogue) -> Iterator[MeasureChange]:
    before, after = _measures_of(older), _measures_of(newer)
    for measure_id in dict.fromkeys((*after, *before)):
        was, became = before.get(measure_id), after.get(measure_id)
        if was is None and became is not None:
            yield _change(became, ChangeKind.MEASURE_NEW, None, became.facts.title)
        elif became is None and was is not None:
            yield _change(was, ChangeKind.MEASURE_GONE, was.facts.title, None)
        elif was is not None and became is not None:
            yield from _changes_of_measure(was, became)


def _changes_of_measure(was: _Seen, became: _Seen) -> Iterator[MeasureChange]:
    for kind, fact in _OF_MEASURE.items():
        before, after = fact(was), fact(became)
        if before != after:
            yield _change(became, kind, before, after)
    if was.measure is not None and became.measure is not None:
        for each in rule_changes(was.measure, became.measure):
            yield _change(became, ChangeKind.RULES, each.before, each.after, each.what)
    if was.benchmark is not None and became.benchmark is not None:
        for kind, mark in _OF_BENCHMARK.items():
            is_so, will_be = mark(was.benchmark), mark(became.benchmark)
            if is_so != will_be:
                yield _change(became, kind, is_so, will_be)


_OF_MEASURE: Final[Mapping[ChangeKind, Callable[[_Seen], Value]]] = {
    ChangeKind.TYPE: lambda seen: seen.facts.measure_type.in_year(seen.year),
    ChangeKind.HIGH_PRIORITY: lambda seen: seen.facts.is_high_priority_in(seen.year),
    ChangeKind.METRIC_TYPE: lambda seen: seen.facts.metric_type.in_year(seen.year),
    ChangeKind.STRATA: lambda seen: seen.facts.strata_in(seen.year),
    ChangeKind.OVERALL_ALGORITHM: lambda seen: seen.facts.overall.in_year(seen.year),
    ChangeKind.COLLECTION_TYPES: lambda seen: seen.facts.collection.in_year(seen.year),
    ChangeKind.ANESTHESIOLOGY_SET: lambda seen: seen.year in (seen.facts.anesthesiology_set or ()),
    ChangeKind.MVPS: lambda seen: seen.facts.mvps_in(seen.year),
    ChangeKind.COMPUTED: lambda seen: seen.measure is not None,
    ChangeKind.BENCHMARK: lambda seen: _bounds(seen.benchmark),
}

_OF_BENCHMARK: Final[Mapping[ChangeKind, Callable[[Benchmark], bool]]] = {
    ChangeKind.INVERSE: lambda benchmark: benchmark.inverse,
    ChangeKind.TOPPED_OUT: lambda benchmark: benchmark.topped_out,
    ChangeKind.SEVEN_POINT_CAP: lambda benchmark: benchmark.seven_point_cap,
    ChangeKind.FLAT_TOPPED_OUT_SCALE: lambda benchmark: benchmark.flat_topped_out_scale,
}


def _change(
    seen: _Seen, kind: ChangeKind, before: Value, after: Value, detail: str | None = None
) -> MeasureChange:
    return MeasureChange(
        measure_id=seen.facts.measure_id,
        title=seen.facts.title,
        kind=kind,
        before=before,
        after=after,
        detail=detail,
    )


def _bounds(benchmark: Benchmark | None) -> tuple[str, ...] | None:
    if benchmark is None:
        return None
    return tuple(_number(bound) for bound in benchmark.bounds)


def _by_size(points: PointsBySize) -> tuple[str, ...]:
    return _number(points.large_practice), _number(points.small_practice)


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")
