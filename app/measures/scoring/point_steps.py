"""The points of one measure as a step."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from app.measures.catalogue.terms import Confidence
from app.measures.catalogue.year_rules import YearRules
from app.measures.results.points import PointsBasis
from app.measures.scoring.measured import Measured
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, Mark

_LABELS: Final[Mapping[PointsBasis, str]] = {
    PointsBasis.INCOMPLETE: "too few of its cases have an answer",
    PointsBasis.UNDER_CASE_MINIMUM: "fewer cases than a measure needs to be scored",
    PointsBasis.NO_BENCHMARK: "there is no benchmark, or none yet",
    PointsBasis.BENCHMARK: "by its place in the benchmark",
    PointsBasis.NEW_MEASURE: "new in MIPS, so not fewer points than this",
}
_CONFIDENCE: Final[Mapping[PointsBasis, Callable[[YearRules], Confidence]]] = {
    PointsBasis.INCOMPLETE: lambda rules: rules.incomplete.confidence,
    PointsBasis.UNDER_CASE_MINIMUM: lambda rules: rules.under_case_minimum.confidence,
    PointsBasis.NO_BENCHMARK: lambda rules: rules.no_benchmark.confidence,
    PointsBasis.NEW_MEASURE: lambda rules: _of_new_measures(rules),
}


def point_step(measure: Measured, year: int) -> Step:
    """`measure` has points."""
    assert measure.score is not None, "it has points"
    assert measure.rates is not None, "it has points"
    basis = measure.score.basis
    return Step.by(
        _mark(measure, basis, year),
        f"quality.points.{basis}",
        f"{measure.measure_id}: {_LABELS[basis]}",
        category=Category.QUALITY,
        result=measure.points,
        **_figures(measure),
    )


def _mark(measure: Measured, basis: PointsBasis, year: int) -> Mark:
    rules = measure.point_rules.rules
    if basis is PointsBasis.BENCHMARK:
        return _mark_of_benchmark(measure, rules, year)
    return Mark(confidence=_CONFIDENCE[basis](rules), source=rules.source)


def _mark_of_benchmark(measure: Measured, rules: YearRules, year: int) -> Mark:
    """That the top decile gives 10 is assumed; a floor is known as well as its figure."""
    assert measure.score is not None, "it has points"
    source = f"CMS QPP benchmarks {year} and scoring examples"
    if measure.points == 10:
        return Mark(confidence=Confidence.ASSUMED, source=source)
    if measure.points == rules.floor.points:
        return Mark(confidence=rules.floor.confidence, source=rules.source)
    return Mark(confidence=Confidence.VERIFIED, source=source)


def _figures(measure: Measured) -> dict[str, Decimal | int]:
    assert measure.rates is not None, "it has points"
    assert measure.score is not None, "it has points"
    found: dict[str, Decimal | int | None] = {
        "cases": measure.cases,
        "data_completeness": measure.rates.data_completeness,
        "performance_rate": measure.rates.performance_rate,
        "decile": measure.score.decile,
    }
    return {name: figure for name, figure in found.items() if figure is not None}


def _of_new_measures(rules: YearRules) -> Confidence:
    assert rules.new_measure_floor is not None, "it gave the points"
    return rules.new_measure_floor.confidence
