"""What the measure pages of the API answer: the catalogue, and results."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.domain.populations import Population
from app.measures.catalogue import Catalogue, Measure, YearCatalogue
from app.measures.definition import (
    Benchmark,
    CodeList,
    DrugTable,
    MeasureCode,
    MeasureDefinition,
)
from app.measures.engine import NO_ANSWER
from app.measures.points import Score
from app.measures.rates import MeasureRates, to_places
from app.measures.registered import MetricType, RegisteredMeasure
from app.measures.terms import CodeRole, Confidence
from app.storage.case_queries import CaseBehindNumber
from app.web.numbers import JsonNumber

Level = Literal["group", "individual"]

_RATE_PLACES = 2


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


# --- catalogue -------------------------------------------------------------------------------


class MeasureSummary(_Wire):
    """A measure as it stands in one performance year."""

    id: str
    title: str
    summary: str
    aliases: tuple[str, ...]
    type: str
    high_priority: bool
    inverse: bool
    edition: str
    performance_year: int
    active_years: tuple[int, ...]
    computed: Literal[True] = True

    @classmethod
    def of(cls, measure: Measure, catalogue: Catalogue) -> Self:
        definition = measure.definition
        return cls(
            id=definition.measure_id,
            title=definition.title,
            summary=definition.summary,
            aliases=definition.aliases,
            type=definition.measure_type,
            high_priority=definition.high_priority,
            inverse=definition.inverse,
            edition=definition.edition,
            performance_year=measure.performance_year,
            active_years=catalogue.active_years(definition.measure_id),
        )


class MeasureWithoutResults(_Wire):
    """A measure that is known by its facts only. `mvps`: those that have it in the year."""

    id: str
    title: str | None
    aliases: tuple[str, ...]
    type: str | None
    high_priority: bool
    inverse: bool
    metric_type: MetricType | None
    strata: tuple[str, ...]
    mvps: tuple[str, ...]
    active_years: tuple[int, ...]
    computed: Literal[False] = False
    why_not: Literal["codes_not_public", "no_rules_yet"]

    @classmethod
    def of(cls, measure: RegisteredMeasure, year: int) -> Self:
        return cls(
            id=measure.measure_id,
            title=measure.title,
            aliases=measure.aliases,
            type=measure.measure_type.in_year(year),
            high_priority=bool(measure.high_priority.in_year(year)),
            inverse=measure.inverse,
            metric_type=measure.metric_type.in_year(year),
            strata=measure.strata.in_year(year) or (),
            mvps=tuple(mvp for mvp, years in measure.mvps.items() if year in years),
            active_years=tuple(measure.years or ()),
            why_not="no_rules_yet" if measure.has_known_answers else "codes_not_public",
        )


class MeasureList(_Wire):
    """`items` have results; `without_results` are the others for anesthesia in the year."""

    performance_year: int
    items: tuple[MeasureSummary, ...]
    next_cursor: None = None
    without_results: tuple[MeasureWithoutResults, ...]

    @classmethod
    def of(
        cls, year: YearCatalogue, catalogue: Catalogue, others: Iterable[RegisteredMeasure]
    ) -> Self:
        return cls(
            performance_year=year.performance_year,
            items=tuple(MeasureSummary.of(measure, catalogue) for measure in year.measures),
            without_results=tuple(
                MeasureWithoutResults.of(measure, year.performance_year) for measure in others
            ),
        )


class CodeMeaning(_Wire):
    """A quality code; `overruled_by` is a code that outweighs it when both are sent.

    `overruled_by_record` says what in the record outweighs it.
    """

    code: str
    modifier: str | None
    role: CodeRole
    meaning: str
    confidence: Confidence
    overruled_by: str | None
    overruled_by_record: str | None

    @classmethod
    def of(cls, code: MeasureCode) -> Self:
        return cls(
            code=code.code,
            modifier=code.modifier,
            role=code.role,
            meaning=code.meaning,
            confidence=code.confidence,
            overruled_by=code.unless,
            overruled_by_record=code.unless_recorded and code.unless_recorded.meaning,
        )


class ReasonMeaning(_Wire):
    """A reason that results give for where a case landed."""

    reason: str
    meaning: str


class SourcedCodes(_Wire):
    """A list of CPT codes and where it comes from."""

    id: str
    source: str
    confidence: Confidence
    note: str | None
    codes: tuple[str, ...]

    @classmethod
    def of(cls, code_list: CodeList) -> Self:
        return cls(
            id=code_list.list_id,
            source=code_list.source,
            confidence=code_list.confidence,
            note=code_list.note,
            codes=tuple(sorted(code_list.codes)),
        )


class SourcedDrugs(_Wire):
    """Drug names by pharmacological class, and where the grouping comes from."""

    id: str
    source: str
    confidence: Confidence
    note: str | None
    classes: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, table: DrugTable) -> Self:
        return cls(
            id=table.table_id,
            source=table.source,
            confidence=table.confidence,
            note=table.note,
            classes={drug_class.name: drug_class.drugs for drug_class in table.classes},
        )


class DecileBound(_Wire):
    decile: int
    bound: JsonNumber


class BenchmarkDetail(_Wire):
    """Bounds in percent: reached from below, or from above when the measure is inverse."""

    collection_type: str
    benchmark_year: int
    basis: str
    topped_out: bool
    seven_point_cap: bool
    flat_topped_out_scale: bool
    deciles: tuple[DecileBound, ...]

    @classmethod
    def of(cls, benchmark: Benchmark) -> Self:
        deciles = enumerate(benchmark.bounds, start=benchmark.first_decile)
        return cls(
            collection_type=benchmark.collection_type,
            benchmark_year=benchmark.benchmark_year,
            basis=benchmark.basis,
            topped_out=benchmark.topped_out,
            seven_point_cap=benchmark.seven_point_cap,
            flat_topped_out_scale=benchmark.flat_topped_out_scale,
            deciles=tuple(DecileBound(decile=decile, bound=bound) for decile, bound in deciles),
        )


class MeasureDetail(MeasureSummary):
    """A measure with everything its numbers rest on, and what in it is assumed."""

    steward: str
    metric_type: str
    strata: tuple[str, ...]
    collection_type: str
    source: str
    confidence: Confidence
    assumptions: tuple[str, ...]
    codes: tuple[CodeMeaning, ...]
    reasons: tuple[ReasonMeaning, ...]
    cpt_codes: tuple[SourcedCodes, ...]
    drug_classes: tuple[SourcedDrugs, ...]
    benchmark: BenchmarkDetail | None

    @classmethod
    def of(cls, measure: Measure, catalogue: Catalogue) -> Self:
        definition = measure.definition
        return cls(
            **dict(MeasureSummary.of(measure, catalogue)),
            steward=definition.steward,
            metric_type=definition.metric_type,
            strata=definition.strata,
            collection_type=definition.collection_type,
            source=definition.source,
            confidence=definition.confidence,
            assumptions=_assumptions_of(definition),
            codes=tuple(CodeMeaning.of(code) for code in definition.codes),
            reasons=_reasons_of(definition),
            cpt_codes=tuple(SourcedCodes.of(listed) for listed in measure.code_lists.values()),
            drug_classes=tuple(SourcedDrugs.of(table) for table in measure.drug_tables.values()),
            benchmark=measure.benchmark and BenchmarkDetail.of(measure.benchmark),
        )


def _assumptions_of(definition: MeasureDefinition) -> tuple[str, ...]:
    in_rules = (f"{item.reason}: {item.assumed}" for item in definition.criteria if item.assumed)
    in_codes = (
        f"{code.reason}: {code.unless_recorded.assumed}"
        for code in definition.codes
        if code.unless_recorded and code.unless_recorded.assumed
    )
    return (*definition.assumed, *in_codes, *in_rules)


def _reasons_of(definition: MeasureDefinition) -> tuple[ReasonMeaning, ...]:
    codes = (ReasonMeaning(reason=c.reason, meaning=c.meaning) for c in _deciding(definition))
    rules = (ReasonMeaning(reason=c.reason, meaning=c.meaning) for c in definition.criteria)
    unreported = ReasonMeaning(reason=NO_ANSWER, meaning="Eligible, without an answer")
    return (*codes, *rules, unreported)


def _deciding(definition: MeasureDefinition) -> tuple[MeasureCode, ...]:
    return tuple(code for code in definition.codes if code.role.population)


# --- results ---------------------------------------------------------------------------------


class BenchmarkPlace(_Wire):
    decile: int
    collection_type: str


class MeasureResult(_Wire):
    """One measure of one TIN, or of one TIN and NPI. Rates with two decimals, points with four."""

    measure_id: str
    stratum: str | None
    tin: str
    npi: str | None
    eligible_population: int
    performance_met: int
    performance_not_met: int
    denominator_exception: int
    denominator_exclusion: int
    unreported: int
    performance_rate: JsonNumber | None
    data_completeness: JsonNumber | None
    case_minimum_met: bool
    completeness_met: bool
    benchmark: BenchmarkPlace | None
    points: JsonNumber | None
    inverse: bool

    @classmethod
    def of(
        cls,
        measure: Measure,
        rates: MeasureRates,
        score: Score,
        *,
        tin: str,
        npi: str | None,
        stratum: str = "",
    ) -> Self:
        return cls(
            measure_id=measure.measure_id,
            stratum=stratum or None,
            tin=tin,
            npi=npi,
            eligible_population=rates.counts.eligible_population,
            performance_met=rates.counts.performance_met,
            performance_not_met=rates.counts.performance_not_met,
            denominator_exception=rates.counts.denominator_exception,
            denominator_exclusion=rates.counts.denominator_exclusion,
            unreported=rates.counts.unreported,
            performance_rate=_shown(rates.performance_rate),
            data_completeness=_shown(rates.data_completeness),
            case_minimum_met=rates.case_minimum_met,
            completeness_met=rates.completeness_met,
            benchmark=_place(measure.benchmark, score),
            points=score.points,
            inverse=measure.definition.inverse,
        )


_RESULTS_EXAMPLE: JsonDict = {
    "practice_id": "12345",
    "performance_year": 2024,
    "level": "group",
    "as_of": "2026-11-21T10:00:00Z",
    "results": [
        {
            "measure_id": "404",
            "stratum": None,
            "tin": "891234567",
            "npi": None,
            "eligible_population": 1842,
            "performance_met": 1372,
            "performance_not_met": 449,
            "denominator_exception": 12,
            "denominator_exclusion": 0,
            "unreported": 9,
            "performance_rate": 75.34,
            "data_completeness": 99.51,
            "case_minimum_met": True,
            "completeness_met": True,
            "benchmark": {"decile": 5, "collection_type": "registry"},
            "points": 5.5295,
            "inverse": False,
        }
    ],
}


class MeasureResults(_Wire):
    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _RESULTS_EXAMPLE})

    practice_id: str
    performance_year: int
    level: Level
    as_of: datetime
    results: tuple[MeasureResult, ...]


class CaseBehind(_Wire):
    """A case behind a number, where it landed and why; `reason` is explained by the measure."""

    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    measure_id: str
    stratum: str | None
    performance: Population
    reason: str

    @classmethod
    def of(cls, case: CaseBehindNumber) -> Self:
        return cls(
            case_id=case.case_id,
            anesthesia_record_id=case.anesthesia_record_id,
            date_of_service=case.date_of_service,
            measure_id=case.measure_id,
            stratum=case.stratum or None,
            performance=case.population,
            reason=case.reason,
        )


def _shown(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else to_places(rate, _RATE_PLACES)


def _place(benchmark: Benchmark | None, score: Score) -> BenchmarkPlace | None:
    if benchmark is None or score.decile is None:
        return None
    return BenchmarkPlace(decile=score.decile, collection_type=benchmark.collection_type)
