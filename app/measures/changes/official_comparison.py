"""The shipped catalogue held against the files of CMS for a year."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.measures.catalogue.benchmarks import Benchmark, YearBenchmarks
from app.measures.catalogue.catalogue import Catalogue
from app.measures.catalogue.registered import MeasureGroup, RegisteredMeasure
from app.measures.catalogue.terms import Collection
from app.measures.changes.official_files import OfficialBenchmark, OfficialMeasure, OfficialYear

Value = str | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`fact` names what differs, `shipped` and `official` what each side says of it."""

    performance_year: int
    measure_id: str
    fact: str
    shipped: Value
    official: Value


def differences(catalogue: Catalogue, official: OfficialYear) -> tuple[Difference, ...]:
    """Return every difference of a year, measure by measure.

    Benchmarks are compared for years that have rules. Measures of other specialties are compared
    by being there or not. What CMS does not publish (rules, quality codes, names in case files)
    cannot be compared.
    """
    year = official.year
    listed = {
        facts.measure_id: facts
        for facts in catalogue.register.measures
        if facts.years is not None and facts.is_active_in(year)
    }
    known = catalogue.for_year(year)
    found = (
        *_only_on_one_side(listed, official),
        *_facts_that_differ(listed, official),
        *(() if known is None else _benchmarks_that_differ(listed, known.benchmarks, official)),
    )
    return tuple(sorted(found, key=lambda each: each.measure_id))


def _only_on_one_side(
    listed: Mapping[str, RegisteredMeasure], official: OfficialYear
) -> Iterator[Difference]:
    for measure_id in listed.keys() - official.measures.keys():
        yield _difference(official, measure_id, "active", shipped=True, theirs=False)
    for measure_id in official.measures.keys() - listed.keys():
        if _is_ours(official.measures[measure_id]):
            yield _difference(official, measure_id, "active", shipped=False, theirs=True)


_NUMBER: Final = re.compile(r"\d{3}", re.ASCII)
_FOR_ANESTHESIA: Final = re.compile(r"anesthesia|\bABG\b", re.IGNORECASE)


def _is_ours(measure: OfficialMeasure) -> bool:
    """Whether the catalogue should know a measure: any of MIPS, and those of anesthesia's QCDRs."""
    if not measure.is_registry_measure:
        return _NUMBER.fullmatch(measure.measure_id) is not None
    return _FOR_ANESTHESIA.search(measure.primary_steward) is not None


def _facts_that_differ(
    listed: Mapping[str, RegisteredMeasure], official: OfficialYear
) -> Iterator[Difference]:
    for measure_id in listed.keys() & official.measures.keys():
        facts, theirs = listed[measure_id], official.measures[measure_id]
        if facts.group is MeasureGroup.MIPS_ELSEWHERE:
            continue
        for name, compared in _FACTS.items():
            ours, said = compared(facts, theirs, official.year)
            if ours != said:
                yield _difference(official, measure_id, name, shipped=ours, theirs=said)
        yield from _mvps_that_differ(facts, official)


def _mvps_that_differ(facts: RegisteredMeasure, official: OfficialYear) -> Iterator[Difference]:
    for mvp in _MVPS & (official.mvps or {}).keys():
        ours = mvp in facts.mvps_in(official.year)
        theirs = facts.measure_id in (official.mvps or {})[mvp]
        if ours != theirs:
            yield _difference(official, facts.measure_id, mvp, shipped=ours, theirs=theirs)


_MVPS: Final = frozenset({"G0059"})
"""Patient Safety and Support of Positive Experiences with Anesthesia."""

_METRICS: Final = {
    "singlePerformanceRate": "single_performance_rate",
    "registrySinglePerformanceRate": "single_performance_rate",
    "multiPerformanceRate": "multi_performance_rate",
    "registryMultiPerformanceRate": "multi_performance_rate",
    "nonProportion": "non_proportion",
}
_METHODS: Final = {
    "registry": Collection.REGISTRY,
    "claims": Collection.CLAIMS,
    "electronicHealthRecord": Collection.ELECTRONIC_HEALTH_RECORD,
}
_FACTS: Final[
    Mapping[str, Callable[[RegisteredMeasure, OfficialMeasure, int], tuple[Value, Value]]]
] = {
    "title": lambda facts, theirs, year: _titles(facts.title or "", theirs.title),
    "type": lambda facts, theirs, year: (
        facts.measure_type.in_year(year),
        _snake(theirs.measure_type),
    ),
    "high_priority": lambda facts, theirs, year: (
        facts.is_high_priority_in(year),
        theirs.is_high_priority,
    ),
    "inverse": lambda facts, theirs, year: (facts.inverse, theirs.is_inverse),
    "metric_type": lambda facts, theirs, year: (
        facts.metric_type.in_year(year),
        _METRICS.get(theirs.metric_type or "", theirs.metric_type),
    ),
    "overall_algorithm": lambda facts, theirs, year: (
        facts.overall.in_year(year),
        _snake(theirs.overall_algorithm),
    ),
    "strata": lambda facts, theirs, year: (facts.strata_in(year), theirs.strata_names),
    "collection_types": lambda facts, theirs, year: (
        tuple(sorted(facts.collection.in_year(year) or ())),
        tuple(sorted(_METHODS.get(method, method) for method in theirs.submission_methods)),
    ),
    "anesthesiology_set": lambda facts, theirs, year: (
        year in (facts.anesthesiology_set or ()),
        "anesthesiology" in theirs.measure_sets,
    ),
}


_PLAIN: Final = str.maketrans({"\u2013": "-", "\u201c": None, "\u201d": None})
_ABBREVIATION: Final = re.compile(r" ?\([A-Z]+\)")


def _titles(shipped: str, official: str) -> tuple[str, str]:
    """Return both as they are, or the shipped one twice where they are one title.

    Dashes, quotes, letter case and abbreviations in brackets come and go between years.
    """
    is_same = _bare(shipped) == _bare(official)
    return shipped, shipped if is_same else " ".join(official.split())


def _bare(title: str) -> str:
    return " ".join(_ABBREVIATION.sub("", title).translate(_PLAIN).casefold().split())


def _snake(name: str | None) -> str | None:
    """Return intermediateOutcome as the catalogue has it: intermediate_outcome."""
    return None if name is None else re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def _benchmarks_that_differ(
    listed: Mapping[str, RegisteredMeasure], shipped: YearBenchmarks, official: OfficialYear
) -> Iterator[Difference]:
    theirs = {
        (benchmark.measure_id, _METHODS.get(benchmark.submission_method)): benchmark
        for benchmark in official.benchmarks
    }
    for measure_id, facts in listed.items():
        if not facts.is_for_anesthesia_in(official.year):
            continue
        ours = {each.collection_type: each for each in shipped.all_of(measure_id)}
        for collection in (Collection.REGISTRY, Collection.CLAIMS):
            for fact, own, said in _compared(
                ours.get(collection), theirs.get((measure_id, collection)), official, measure_id
            ):
                name = f"{collection} {fact}"
                yield _difference(official, measure_id, name, shipped=own, theirs=said)


def _compared(
    own: Benchmark | None,
    theirs: OfficialBenchmark | None,
    official: OfficialYear,
    measure_id: str,
) -> Iterator[tuple[str, Value, Value]]:
    """Yield the fact, what is shipped and what CMS says, where they differ."""
    shipped: dict[str, Value] = {} if own is None else _shipped_numbers(own)
    published: dict[str, Value] = {}
    if theirs is not None:
        published = _official_numbers(theirs, official.measures.get(measure_id))
    for fact in _OF_BENCHMARK if shipped and published else _OF_BENCHMARK[:1]:
        ours, said = shipped.get(fact), published.get(fact)
        if ours != said and (said is not None or fact not in _NOT_IN_EVERY_YEAR):
            yield fact, ours, said


_OF_BENCHMARK: Final = (
    "benchmark",
    "benchmark_year",
    "topped_out",
    "seven_point_cap",
    "inverse_benchmark",
    "flat_topped_out_scale",
    "p99",
    "average",
)
_NOT_IN_EVERY_YEAR: Final = frozenset({"average"})
"""To 2022 CMS has them in other files."""


def _shipped_numbers(own: Benchmark) -> dict[str, Value]:
    return {
        "benchmark": _numbers(own.bounds),
        "benchmark_year": str(own.benchmark_year),
        "topped_out": own.topped_out,
        "seven_point_cap": own.seven_point_cap,
        "inverse_benchmark": own.inverse,
        "flat_topped_out_scale": own.flat_topped_out_scale,
        "p99": None if own.p99 is None else _number(own.p99),
        "average": None if own.average is None else _number(own.average),
    }


def _official_numbers(
    theirs: OfficialBenchmark, measure: OfficialMeasure | None
) -> dict[str, Value]:
    is_inverse = measure is not None and measure.is_inverse
    uncapped = () if measure is None else measure.seven_point_cap_removed
    p99, average = theirs.p99, theirs.average_performance_rate
    return {
        "benchmark": _numbers(theirs.bounds),
        "benchmark_year": str(theirs.benchmark_year),
        "topped_out": theirs.is_topped_out,
        "seven_point_cap": theirs.is_topped_out_by_program,
        "inverse_benchmark": is_inverse if theirs.is_inverse is None else theirs.is_inverse,
        "flat_topped_out_scale": theirs.submission_method in uncapped,
        "p99": None if p99 is None else _number(p99),
        "average": None if average is None else _number(average),
    }


def _numbers(bounds: tuple[Decimal, ...]) -> tuple[str, ...]:
    return tuple(map(_number, bounds))


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _difference(
    official: OfficialYear, measure_id: str, fact: str, *, shipped: Value, theirs: Value
) -> Difference:
    return Difference(
        performance_year=official.year,
        measure_id=measure_id,
        fact=fact,
        shipped=shipped,
        official=theirs,
    )
