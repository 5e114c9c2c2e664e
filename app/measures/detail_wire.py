"""What the API answers about one measure: its rules in a year, and what they rest on."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.json_numbers import JsonNumber
from app.measures.catalogue.benchmarks import Benchmark, YearBenchmarks
from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import (
    CodeList,
    Criteria,
    DrugTable,
    MeasureCode,
    MeasureDefinition,
    Precedence,
)
from app.measures.catalogue.registered import RegisteredCode, RegisteredMeasure
from app.measures.catalogue.terms import CodeRole, Collection, Confidence
from app.measures.evaluation.compiled import NO_ANSWER
from app.measures.summary_wire import MeasureSummary, facts_without_results


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class CodeMeaning(_Wire):
    """A quality code; `overruled_by` is a code that outweighs it when both are sent.

    `part`: the rate, or the question, that it answers. `only_with`: a code without which it says
    nothing. `overruled_by_record` says what in the record outweighs it: an exception does not count
    where the record says that the measure was met.
    """

    code: str
    modifier: str | None
    role: CodeRole
    meaning: str
    confidence: Confidence
    part: str | None
    only_with: str | None = None
    overruled_by: str | None
    overruled_by_record: str | None = None

    @classmethod
    def of_edition(cls, code: MeasureCode, definition: MeasureDefinition) -> Self:
        return cls(
            **_code_itself(code),
            only_with=code.together_with,
            overruled_by_record=definition.against(code),
        )

    @classmethod
    def of_register(cls, code: RegisteredCode) -> Self:
        return cls(**_code_itself(code))


def _code_itself(code: MeasureCode | RegisteredCode) -> dict[str, Any]:
    return {
        "code": code.code,
        "modifier": code.modifier,
        "role": code.role,
        "meaning": code.meaning,
        "confidence": code.confidence,
        "part": code.part or None,
        "overruled_by": code.unless,
    }


class ReasonMeaning(_Wire):
    """A reason that results give for where a case landed."""

    reason: str
    meaning: str


class RuleDetail(_Wire):
    """A rule of the edition. `decides` is where it puts a case; of eligibility, when it fails.

    `part` is null for what every rate asks. `rule` is the rule as the edition has it.
    """

    part: str | None
    decides: CodeRole
    reason: str
    meaning: str
    assumed: str | None
    rule: dict[str, Any]


class RateDetail(_Wire):
    """One rate of several. `part` is null for one that is worked out from the others."""

    part: str | None
    stratum: str
    meaning: str
    assumed: str | None = None


class SourcedCodes(_Wire):
    """A list of CPT or ICD-10-CM codes and where it comes from."""

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

    collection_type: Collection
    benchmark_year: int
    basis: str
    topped_out: bool
    seven_point_cap: bool
    flat_topped_out_scale: bool
    inverse: bool
    average: JsonNumber | None
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
            inverse=benchmark.inverse,
            average=benchmark.average,
            deciles=tuple(DecileBound(decile=decile, bound=bound) for decile, bound in deciles),
        )


class MeasureDetail(MeasureSummary):
    """A measure with everything its numbers rest on, and what in it is assumed.

    `benchmark` is that of what registries send, `benchmarks` has those of other collection types
    too. Of a measure that is not computed the codes are given where they are known.
    """

    source: str | None = None
    confidence: Confidence | None = None
    precedence: Precedence | None = Field(
        default=None,
        description="Which answer counts where a reported code and the record contradict.",
    )
    assumptions: tuple[str, ...] = ()
    codes: tuple[CodeMeaning, ...]
    rates: tuple[RateDetail, ...] = ()
    rules: tuple[RuleDetail, ...] = ()
    reasons: tuple[ReasonMeaning, ...] = ()
    cpt_codes: tuple[SourcedCodes, ...] = ()
    drug_classes: tuple[SourcedDrugs, ...] = ()
    benchmark: BenchmarkDetail | None
    benchmarks: tuple[BenchmarkDetail, ...]

    @classmethod
    def of_computed(cls, measure: Measure, benchmarks: YearBenchmarks) -> Self:
        definition = measure.definition
        return cls(
            **dict(MeasureSummary.of(measure)),
            **_benchmarks(measure.measure_id, benchmarks),
            source=definition.source,
            precedence=definition.precedence,
            confidence=definition.confidence,
            assumptions=_assumptions_of(definition),
            codes=tuple(CodeMeaning.of_edition(code, definition) for code in definition.codes),
            rates=_rates_of(definition),
            rules=_rules_of(definition),
            reasons=_reasons_of(definition),
            cpt_codes=tuple(SourcedCodes.of(listed) for listed in measure.code_lists.values()),
            drug_classes=tuple(SourcedDrugs.of(table) for table in measure.drug_tables.values()),
        )

    @classmethod
    def of_registered(
        cls, facts: RegisteredMeasure, year: int, benchmarks: YearBenchmarks | None
    ) -> Self:
        codes = (code for code in facts.codes if code.is_used_in(year))
        return cls(
            **facts_without_results(facts, year),
            **_benchmarks(facts.measure_id, benchmarks),
            codes=tuple(CodeMeaning.of_register(code) for code in codes),
        )


def _benchmarks(measure_id: str, benchmarks: YearBenchmarks | None) -> dict[str, Any]:
    found = () if benchmarks is None else benchmarks.all_of(measure_id)
    shown = tuple(BenchmarkDetail.of(benchmark) for benchmark in found)
    of_registries = (b for b in shown if b.collection_type is Collection.REGISTRY)
    return {"benchmark": next(of_registries, None), "benchmarks": shown}


def _assumptions_of(definition: MeasureDefinition) -> tuple[str, ...]:
    in_rules = (f"{c.reason}: {c.assumed}" for c in definition.all_criteria if c.assumed)
    in_codes = (
        f"{code.reason}: {code.unless_recorded.assumed}"
        for code in definition.codes
        if code.unless_recorded and code.unless_recorded.assumed
    )
    overall = definition.overall
    in_overall = (overall.assumed,) if overall and overall.assumed else ()
    return (*definition.assumed, *in_codes, *in_rules, *in_overall)


def _rates_of(definition: MeasureDefinition) -> tuple[RateDetail, ...]:
    of_cases = (
        RateDetail(part=rate.part, stratum=rate.stratum, meaning=rate.meaning)
        for rate in definition.rates
    )
    overall = definition.overall
    if overall is None:
        return tuple(of_cases)
    worked_out = RateDetail(
        part=None, stratum=overall.stratum, meaning=overall.meaning, assumed=overall.assumed
    )
    return (*of_cases, worked_out)


def _rules_of(definition: MeasureDefinition) -> tuple[RuleDetail, ...]:
    of_all = _rules_of_part(definition, part=None)
    of_rates = (rule for rate in definition.rates for rule in _rules_of_part(rate, part=rate.part))
    return (*of_all, *of_rates)


def _rules_of_part(criteria: Criteria, *, part: str | None) -> tuple[RuleDetail, ...]:
    decided = (
        (CodeRole.NOT_ELIGIBLE, criteria.eligibility),
        (CodeRole.DENOMINATOR_EXCLUSION, criteria.exclusions),
        (CodeRole.PERFORMANCE_MET, criteria.derived_met),
        (CodeRole.PERFORMANCE_NOT_MET, criteria.derived_not_met),
    )
    return tuple(
        RuleDetail(
            part=part,
            decides=decides,
            reason=criterion.reason,
            meaning=criterion.meaning,
            assumed=criterion.assumed,
            rule=criterion.rule.model_dump(mode="json", exclude_defaults=True),
        )
        for decides, of_kind in decided
        for criterion in of_kind
    )


def _reasons_of(definition: MeasureDefinition) -> tuple[ReasonMeaning, ...]:
    codes = (ReasonMeaning(reason=c.reason, meaning=c.meaning) for c in _deciding(definition))
    rules = (ReasonMeaning(reason=c.reason, meaning=c.meaning) for c in definition.all_criteria)
    unreported = ReasonMeaning(reason=NO_ANSWER, meaning="Eligible, without an answer")
    return (*dict.fromkeys((*codes, *rules)), unreported)


def _deciding(definition: MeasureDefinition) -> tuple[MeasureCode, ...]:
    return tuple(code for code in definition.codes if code.role.population)
