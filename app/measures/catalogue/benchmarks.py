"""Benchmarks of a year: the bounds between which CMS gives points."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from app.measures.catalogue.rule_kinds import FrozenData
from app.measures.catalogue.terms import Collection

TOP_DECILE = 10


class BenchmarkNumbers(FrozenData):
    """Inclusive bounds of the deciles, in percent: rising, or falling if inverse.

    The last bound is that of decile 10: files of 2018 to 2022 begin with decile 2, later ones with
    decile 1. `p99`, `average`: percent, where CMS gives them. `basis` historical: from data of
    `benchmark_year`, before the year; performance_period: from the year's own data, after it
    closed. `seven_point_cap`: topped out in two years running.
    """

    benchmark_year: int
    basis: Literal["historical", "performance_period"] = "historical"
    bounds: tuple[Decimal, ...] = Field(min_length=9, max_length=10)
    p99: Decimal | None = None
    average: Decimal | None = None
    topped_out: bool = False
    seven_point_cap: bool = False
    flat_topped_out_scale: bool = False
    inverse: bool = False

    @property
    def first_decile(self) -> int:
        return TOP_DECILE + 1 - len(self.bounds)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if list(self.bounds) != sorted(self.bounds, reverse=self.inverse):
            raise ValueError("the bounds are out of order")
        return self


class Benchmark(BenchmarkNumbers):
    measure_id: str
    collection_type: Collection

    def is_known_on(self, day: date, performance_year: int) -> bool:
        """Whether CMS can have told it: one from the year's own data is made after the year."""
        return self.basis == "historical" or day.year > performance_year


def _ids(text: object) -> object:
    return text.split() if isinstance(text, str) else text


class YearBenchmarks(FrozenData):
    """`without`: measures for which CMS has no benchmark in the year."""

    performance_year: int
    source: str
    without: Annotated[frozenset[str], BeforeValidator(_ids)] = frozenset()
    registry: Mapping[str, BenchmarkNumbers] = Field(default_factory=dict)
    claims: Mapping[str, BenchmarkNumbers] = Field(default_factory=dict)

    def of(self, measure_id: str) -> Benchmark | None:
        """Return the benchmark of what registries send, or None when there is none."""
        return next(
            (b for b in self.all_of(measure_id) if b.collection_type is Collection.REGISTRY), None
        )

    def all_of(self, measure_id: str) -> tuple[Benchmark, ...]:
        """Return the benchmarks of a measure, that of registries first."""
        return self._by_measure.get(measure_id, ())

    @cached_property
    def _by_measure(self) -> Mapping[str, tuple[Benchmark, ...]]:
        found: dict[str, tuple[Benchmark, ...]] = {}
        kinds = ((Collection.REGISTRY, self.registry), (Collection.CLAIMS, self.claims))
        for collection, benchmarks in kinds:
            for measure_id, numbers in benchmarks.items():
                benchmark = Benchmark(
                    measure_id=measure_id, collection_type=collection, **dict(numbers)
                )
                found[measure_id] = (*found.get(measure_id, ()), benchmark)
        return found

    @property
    def measure_ids(self) -> frozenset[str]:
        return self.without | self.registry.keys() | self.claims.keys()
