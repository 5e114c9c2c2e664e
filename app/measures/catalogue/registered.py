"""A measure as the register knows it, whether or not the registry can compute it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, Generic, TypeVar

from app.measures.catalogue.terms import CodeRole, Collection, Confidence, code_token

_OUTCOMES: Final = frozenset({"outcome", "intermediate_outcome", "patient_reported_outcome"})

_Value = TypeVar("_Value")


class MeasureGroup(StrEnum):
    """`MIPS_ELSEWHERE`: of other specialties. `LOCAL`: never in MIPS, or no longer since 2017."""

    MIPS = "mips"
    MIPS_ELSEWHERE = "mips-elsewhere"
    AQI = "aqi"
    QCDR = "qcdr"
    ASC = "asc"
    LOCAL = "local"


class MetricType(StrEnum):
    SINGLE_PERFORMANCE_RATE = "single_performance_rate"
    MULTI_PERFORMANCE_RATE = "multi_performance_rate"
    NON_PROPORTION = "non_proportion"


class OverallAlgorithm(StrEnum):
    """How CMS makes one rate of several. Source: QPP submissions API, `overallAlgorithm`."""

    OVERALL_STRATUM_ONLY = "overall_stratum_only"
    SIMPLE_AVERAGE = "simple_average"
    WEIGHTED_AVERAGE = "weighted_average"


@dataclass(frozen=True, slots=True)
class ByYear(Generic[_Value]):
    """A fact that differs between performance years; `spans` do not overlap."""

    spans: tuple[tuple[range, _Value], ...] = ()

    def in_year(self, year: int) -> _Value | None:
        return next((value for years, value in self.spans if year in years), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCode:
    """A quality code of a measure.

    `part` is "" unless the measure has several rates or needs several answers: only codes of one
    part answer the same question. `unless`: the code that says the opposite of this one.
    `years`: those it was used in; None for every year of the measure.
    """

    code: str
    modifier: str | None
    role: CodeRole
    meaning: str
    confidence: Confidence
    part: str = ""
    unless: str | None = None
    years: range | None = None

    @property
    def token(self) -> str:
        return code_token(self.code, self.modifier)

    def is_used_in(self, year: int) -> bool:
        return self.years is None or year in self.years


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBounds:
    """Whole years on the date of service, both bounds inclusive."""

    least: int
    most: int | None
    confidence: Confidence

    def hold(self, age_years: int) -> bool:
        return self.least <= age_years and (self.most is None or age_years <= self.most)


def _no_codes() -> tuple[RegisteredCode, ...]:
    return ()


@dataclass(frozen=True, kw_only=True, eq=False)
class RegisteredMeasure:
    """`aliases` are its names in case files, first the one of the schemas (PQRS424).

    `years` are the performance years it is in: empty for one that was retired before MIPS, None
    for one that MIPS never had. `title` and `measure_type` are None where only the id is known.
    `summary` says in our words what it counts. `strata` are empty and `overall` is None for a
    measure with one rate. `mvps`: the years in which an MVP has it. `not_computed`: why it has no
    results, where that is not for want of public codes. `read_codes` is called when a code is first
    asked for: those of a computed measure stand in the file of its edition.
    """

    measure_id: str
    group: MeasureGroup
    aliases: tuple[str, ...]
    years: range | None
    title: str | None = None
    summary: str | None = None
    steward: str | None = None
    measure_type: ByYear[str] = ByYear()
    metric_type: ByYear[MetricType] = ByYear()
    strata: ByYear[tuple[str, ...]] = ByYear()
    overall: ByYear[OverallAlgorithm] = ByYear()
    high_priority: ByYear[bool] = ByYear()
    inverse: bool = False
    collection: ByYear[tuple[Collection, ...]] = ByYear()
    anesthesiology_set: range | None = None
    mvps: Mapping[str, range]
    age: AgeBounds | None = None
    not_computed: ByYear[str] = ByYear()
    read_codes: Callable[[], tuple[RegisteredCode, ...]] = _no_codes

    @cached_property
    def codes(self) -> tuple[RegisteredCode, ...]:
        """Its quality codes; empty when they are not known."""
        return self.read_codes()

    @property
    def name_in_files(self) -> str:
        return self.aliases[0]

    @property
    def has_known_answers(self) -> bool:
        """Whether it is known which codes report that the performance was met."""
        return any(code.role is CodeRole.PERFORMANCE_MET for code in self.codes)

    @property
    def is_of_a_qcdr(self) -> bool:
        """Whether CMS counts its exclusions as reported, as for every measure of a QCDR."""
        return self.group in (MeasureGroup.AQI, MeasureGroup.QCDR)

    def counts_as_outcome_in(self, year: int) -> bool:
        """Whether it can be the outcome measure that the quality category asks for.

        Assumed: intermediate and patient-reported outcomes count too.
        """
        return self.measure_type.in_year(year) in _OUTCOMES

    def is_high_priority_in(self, year: int) -> bool:
        return bool(self.high_priority.in_year(year))

    def strata_in(self, year: int) -> tuple[str, ...]:
        return self.strata.in_year(year) or ()

    def mvps_in(self, year: int) -> tuple[str, ...]:
        return tuple(mvp for mvp, years in self.mvps.items() if year in years)

    def is_active_in(self, year: int) -> bool:
        return self.years is None or year in self.years

    def is_for_anesthesia_in(self, year: int) -> bool:
        """Whether the measure is reported to MIPS in `year` as one of anesthesia."""
        if self.group in (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE):
            lists = (self.anesthesiology_set or (), *self.mvps.values())
            return any(year in years for years in lists)
        return self.years is not None and year in self.years

    def is_listed_in(self, year: int) -> bool:
        """Whether the list of a year has it: one for anesthesia, or one that MIPS never had."""
        return self.years is None or self.is_for_anesthesia_in(year)
