"""The shape of the measure data: editions, code lists, drug classes and the rules of a year.

Pydantic reads the TOML under `data/` into frozen models. A rule tells its kind by `kind`; what it
makes of a missing value is said here, next to the kind.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.measures.terms import CodeRole, Confidence, code_token

TOP_DECILE = 10


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- rules: combinations ---------------------------------------------------------------------


class AllOf(_Data):
    kind: Literal["all_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


class AnyOf(_Data):
    kind: Literal["any_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


class NoneOf(_Data):
    kind: Literal["none_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


# --- rules: patient and urgency --------------------------------------------------------------


class AgeBetween(_Data):
    """Whole years on the date of service, both bounds inclusive."""

    kind: Literal["age_between"]
    min_years: int = 0
    max_years: int | None = None


class AsaClassIn(_Data):
    """An unknown ASA class is in no list."""

    kind: Literal["asa_class_in"]
    classes: tuple[str, ...]


class Emergency(_Data):
    """Procedure status Emergency, or an ASA class that ends in E. Unknown is no emergency."""

    kind: Literal["emergency"]


class ProcedureStatusIn(_Data):
    kind: Literal["procedure_status_in"]
    statuses: tuple[str, ...]


class DiagnosisStartsWith(_Data):
    """An ICD-10-CM code with one of `prefixes` and none of `except_prefixes`, points ignored."""

    kind: Literal["diagnosis_starts_with"]
    prefixes: tuple[str, ...]
    except_prefixes: tuple[str, ...] = ()


# --- rules: codes ----------------------------------------------------------------------------


class ProcedureInLists(_Data):
    """A CPT code, surgical or anesthesia, in one of the named code lists. No code: not in it."""

    kind: Literal["procedure_in_lists"]
    lists: tuple[str, ...]


class ProcedureBetween(_Data):
    """A five-digit CPT code from `first` to `last`, both included."""

    kind: Literal["procedure_between"]
    first: str
    last: str


class Reported(_Data):
    """One of the quality codes was reported for this measure."""

    kind: Literal["reported"]
    codes: tuple[str, ...]


# --- rules: anesthetic and surgery -----------------------------------------------------------


class MethodAmong(_Data):
    """A method of one of `categories`, of `minutes_at_least` by its own start and end.

    `or_unknown`: holds too when the record names no category at all (none, or only Unknown).
    """

    kind: Literal["method_among"]
    categories: tuple[str, ...]
    minutes_at_least: int | None = None
    or_unknown: bool = False


class OnlyMethodsAmong(_Data):
    """Every method is of one of `categories`. Without a method it does not hold."""

    kind: Literal["only_methods_among"]
    categories: tuple[str, ...]


class SubcategoryIn(_Data):
    kind: Literal["subcategory_in"]
    subcategories: tuple[str, ...]


class SurgeryLasting(_Data):
    """Procedure start to procedure end. Does not hold when either is missing."""

    kind: Literal["surgery_lasting"]
    minutes_at_least: int


# --- rules: measured and given ---------------------------------------------------------------


class TemperatureNearEnd(_Data):
    """A reading from `minutes_before` to `minutes_after` the end of the anesthetic is high enough.

    The ends are those of the methods of `categories` lasting `minutes_at_least`; one satisfied
    window is enough. With no such method (in the denominator by code) the end of any method serves.
    All bounds are inclusive. A reading without a time, or in a unit that is neither Celsius nor
    Fahrenheit, does not count; without a unit it is Fahrenheit from `unitless_fahrenheit_from` up.
    """

    kind: Literal["temperature_near_end"]
    categories: tuple[str, ...]
    minutes_at_least: int
    minutes_before: int
    minutes_after: int
    celsius_at_least: Decimal
    fahrenheit_at_least: Decimal
    unitless_fahrenheit_from: Decimal


class TemperatureRecorded(_Data):
    """At least one reading, whatever its time, unit and value."""

    kind: Literal["temperature_recorded"]


class DrugClassesGiven(_Data):
    """Drugs of `at_least` different classes, started by the end of the last anesthesia method.

    `classes`: only these of the table; without them all. A dose without a start counts, unless
    `after_induction`: then only a dose counts whose start is later than that of the first method.
    Does not hold when the record says nothing about medications.
    """

    kind: Literal["drug_classes_given"]
    table: str
    at_least: int
    classes: tuple[str, ...] = ()
    after_induction: bool = False


class MedicationsRecorded(_Data):
    """The record has a list of medications, be it empty."""

    kind: Literal["medications_recorded"]


Combination = AllOf | AnyOf | NoneOf
PatientRule = AgeBetween | AsaClassIn | Emergency | ProcedureStatusIn | DiagnosisStartsWith
CodeRule = ProcedureInLists | ProcedureBetween | Reported
AnestheticRule = MethodAmong | OnlyMethodsAmong | SubcategoryIn | SurgeryLasting
RecordedRule = TemperatureNearEnd | TemperatureRecorded | DrugClassesGiven | MedicationsRecorded

Rule = Annotated[
    Combination | PatientRule | CodeRule | AnestheticRule | RecordedRule,
    Field(discriminator="kind"),
]


def each_rule(rule: Rule) -> Iterator[Rule]:
    """Yield `rule` and every rule inside it."""
    yield rule
    if isinstance(rule, AllOf | AnyOf | NoneOf):
        for inner in rule.rules:
            yield from each_rule(inner)


# --- editions --------------------------------------------------------------------------------


class Recorded(_Data):
    """What the record itself says against a reported code; `assumed` as in `Criterion`."""

    meaning: str
    rule: Rule
    assumed: str | None = None


class MeasureCode(_Data):
    """A quality code of a measure.

    `unless`: a code that outweighs this one when both are sent. `unless_recorded`: elements of the
    record that do. Both are for codes that decide eligibility and exclusion.
    """

    code: str
    modifier: str | None = None
    role: CodeRole
    meaning: str
    confidence: Confidence
    unless: str | None = None
    unless_recorded: Recorded | None = None

    @property
    def token(self) -> str:
        return code_token(self.code, self.modifier)

    @property
    def reason(self) -> str:
        return f"code:{self.token}"


class Criterion(_Data):
    """A rule with the published reason it gives: when it fails (eligibility), else when it holds.

    `assumed` says what in the rule is our own reading.
    """

    reason: str = Field(pattern=r"^[a-z-]+:[A-Za-z0-9.-]+$")
    meaning: str
    rule: Rule
    assumed: str | None = None


class MeasureDefinition(_Data):
    """One edition of a measure. Published editions never change; a change is a new edition.

    Codes that were reported are heard before the `derived_` rules. `strata` is empty for a measure
    with one rate.
    """

    edition: str
    measure_id: str
    title: str
    summary: str
    aliases: tuple[str, ...]
    steward: str
    measure_type: Literal["process", "outcome", "intermediate_outcome"]
    high_priority: bool
    inverse: bool
    metric_type: Literal["single_performance_rate"]
    strata: tuple[str, ...]
    collection_type: Literal["registry"]
    source: str
    confidence: Confidence
    assumed: tuple[str, ...] = ()
    codes: tuple[MeasureCode, ...]
    eligibility: tuple[Criterion, ...]
    exclusions: tuple[Criterion, ...] = ()
    derived_met: tuple[Criterion, ...] = ()
    derived_not_met: tuple[Criterion, ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.eligibility + self.exclusions + self.derived_met + self.derived_not_met

    @property
    def rules(self) -> tuple[Rule, ...]:
        against = (code.unless_recorded.rule for code in self.codes if code.unless_recorded)
        deciding = (criterion.rule for criterion in self.criteria)
        return tuple(part for rule in (*against, *deciding) for part in each_rule(rule))

    @property
    def code_list_ids(self) -> tuple[str, ...]:
        named = (rule.lists for rule in self.rules if isinstance(rule, ProcedureInLists))
        return tuple(dict.fromkeys(name for lists in named for name in lists))

    @property
    def drug_table_ids(self) -> tuple[str, ...]:
        named = (rule.table for rule in self.rules if isinstance(rule, DrugClassesGiven))
        return tuple(dict.fromkeys(named))

    @model_validator(mode="after")
    def _publishes_every_code_it_uses(self) -> Self:
        known = {code.token for code in self.codes}
        used = {c for rule in self.rules if isinstance(rule, Reported) for c in rule.codes}
        used |= {code.unless for code in self.codes if code.unless}
        if unknown := used - known:
            raise ValueError(f"codes without a meaning: {', '.join(sorted(unknown))}")
        return self


class CodeList(_Data):
    list_id: str
    source: str
    confidence: Confidence
    note: str | None = None
    codes: frozenset[str]


class DrugClass(_Data):
    """`drugs`: names in lower case; of a name with several words each must stand in the text."""

    name: str
    drugs: tuple[str, ...]
    confidence: Confidence


class DrugTable(_Data):
    table_id: str
    source: str
    confidence: Confidence
    note: str | None = None
    classes: tuple[DrugClass, ...]


# --- the rules of a year ---------------------------------------------------------------------


class Completeness(_Data):
    """Share of the eligible cases, in percent, that must have an answer."""

    threshold_percent: Decimal
    confidence: Confidence


class CaseMinimum(_Data):
    cases: int
    confidence: Confidence


class PointsFloor(_Data):
    points: Decimal
    confidence: Confidence


class PointsBySize(_Data):
    """Points that need no benchmark. Small practice: 15 or fewer clinicians (QPP)."""

    large_practice: Decimal
    small_practice: Decimal
    confidence: Confidence

    def points(self, *, small_practice: bool) -> Decimal:
        return self.small_practice if small_practice else self.large_practice


class Benchmark(_Data):
    """Bounds of the deciles, in percent, from `first_decile` to 10: rising, or falling if inverse.

    `basis` historical: from data of `benchmark_year`, before the year; performance_period: from the
    year's own data, after it closed.
    """

    measure_id: str
    collection_type: Literal["registry"]
    benchmark_year: int
    basis: Literal["historical", "performance_period"]
    first_decile: int
    bounds: tuple[Decimal, ...] = Field(min_length=1)
    topped_out: bool
    seven_point_cap: bool
    flat_topped_out_scale: bool = False
    inverse: bool

    @model_validator(mode="after")
    def _covers_its_deciles_in_order(self) -> Self:
        if self.first_decile + len(self.bounds) - 1 != TOP_DECILE:
            raise ValueError("the bounds must reach from first_decile to decile 10")
        if list(self.bounds) != sorted(self.bounds, reverse=self.inverse):
            raise ValueError("the bounds are out of order")
        return self


class YearRules(_Data):
    """What a performance year decides for every measure, its active editions and benchmarks."""

    performance_year: int
    source: str
    completeness: Completeness
    case_minimum: CaseMinimum
    floor: PointsFloor
    no_benchmark: PointsBySize
    under_case_minimum: PointsBySize
    incomplete: PointsBySize
    editions: tuple[str, ...]
    benchmarks: tuple[Benchmark, ...]
