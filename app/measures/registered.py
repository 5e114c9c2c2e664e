"""A measure as the register knows it, whether or not the registry can compute it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from app.measures.terms import CodeRole, Confidence, code_token

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegisteredMeasure:
    """`aliases` are its names in case files, first the one of the schemas (PQRS424).

    `years` are the performance years it is in: empty for one that was retired before MIPS, None
    for one that MIPS never had. `title` and `measure_type` are None where only the id is known.
    `mvps`: the years in which an MVP has it. `codes` is empty when they are not known.
    """

    measure_id: str
    group: MeasureGroup
    aliases: tuple[str, ...]
    years: range | None
    title: str | None = None
    measure_type: ByYear[str] = ByYear()
    metric_type: ByYear[MetricType] = ByYear()
    strata: ByYear[tuple[str, ...]] = ByYear()
    high_priority: ByYear[bool] = ByYear()
    inverse: bool = False
    anesthesiology_set: range | None = None
    mvps: Mapping[str, range]
    age: AgeBounds | None = None
    codes: tuple[RegisteredCode, ...] = ()

    @property
    def name_in_files(self) -> str:
        return self.aliases[0]

    @property
    def has_known_answers(self) -> bool:
        """Whether it is known which codes report that the performance was met."""
        return any(code.role is CodeRole.PERFORMANCE_MET for code in self.codes)

    def is_active_in(self, year: int) -> bool:
        return self.years is None or year in self.years

    def is_for_anesthesia_in(self, year: int) -> bool:
        """Whether the measure is reported to MIPS in `year` as one of anesthesia."""
        if self.group in (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE):
            lists = (self.anesthesiology_set or (), *self.mvps.values())
            return any(year in years for years in lists)
        return self.years is not None and year in self.years
