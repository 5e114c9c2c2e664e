"""The kinds of rules that an edition is made of, as its file has them.

A rule tells its kind by `kind`; what it makes of a missing value is said here, next to the kind.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class FrozenData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# --- combinations ---------------------------------------------------------------------


class AllOf(FrozenData):
    kind: Literal["all_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


class AnyOf(FrozenData):
    kind: Literal["any_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


class NoneOf(FrozenData):
    kind: Literal["none_of"]
    rules: tuple["Rule", ...] = Field(min_length=1)


# --- patient and urgency --------------------------------------------------------------


class AgeBetween(FrozenData):
    """Whole years on the date of service, both bounds inclusive."""

    kind: Literal["age_between"]
    min_years: int = 0
    max_years: int | None = None


class AsaClassIn(FrozenData):
    """An unknown ASA class is in no list."""

    kind: Literal["asa_class_in"]
    classes: tuple[str, ...]


class Emergency(FrozenData):
    """Procedure status Emergency, or an ASA class that ends in E. Unknown is no emergency."""

    kind: Literal["emergency"]


class ProcedureStatusIn(FrozenData):
    kind: Literal["procedure_status_in"]
    statuses: tuple[str, ...]


class DiagnosisStartsWith(FrozenData):
    """An ICD-10-CM code with one of `prefixes` and none of `except_prefixes`, points ignored."""

    kind: Literal["diagnosis_starts_with"]
    prefixes: tuple[str, ...]
    except_prefixes: tuple[str, ...] = ()


class DiagnosisInLists(FrozenData):
    """An ICD-10-CM code of the named code lists, points ignored."""

    kind: Literal["diagnosis_in_lists"]
    lists: tuple[str, ...]


class PlaceOfServiceIn(FrozenData):
    """CMS place of service codes. Only without a place does the admission status decide, if given.

    Neither known: does not hold.
    """

    kind: Literal["place_of_service_in"]
    places: tuple[int, ...]
    or_admission_statuses: tuple[str, ...] = ()


# --- codes ----------------------------------------------------------------------------


class ProcedureInLists(FrozenData):
    """A CPT code, surgical or anesthesia, in one of the named code lists. No code: not in it.

    `without_modifiers`: a code that carries one of them does not count.
    """

    kind: Literal["procedure_in_lists"]
    lists: tuple[str, ...]
    without_modifiers: tuple[str, ...] = ()


class ProcedureIn(FrozenData):
    """One of a few CPT codes, surgical or anesthesia."""

    kind: Literal["procedure_in"]
    codes: tuple[str, ...] = Field(min_length=1)


class ProcedureBetween(FrozenData):
    """A five-digit CPT code from `first` to `last`, both included."""

    kind: Literal["procedure_between"]
    first: str
    last: str


class Reported(FrozenData):
    """One of the quality codes was reported for this measure."""

    kind: Literal["reported"]
    codes: tuple[str, ...]


# --- anesthetic and surgery -----------------------------------------------------------


class MethodAmong(FrozenData):
    """A method of one of `categories`, of `minutes_at_least` by its own start and end.

    Without `categories` any method will do.
    `or_unknown`: holds too when the record names no category at all (none, or only Unknown).
    """

    kind: Literal["method_among"]
    categories: tuple[str, ...] = ()
    minutes_at_least: int | None = None
    or_unknown: bool = False


class OnlyMethodsAmong(FrozenData):
    """Every method is of one of `categories`. Without a method it does not hold."""

    kind: Literal["only_methods_among"]
    categories: tuple[str, ...]


class SubcategoryIn(FrozenData):
    kind: Literal["subcategory_in"]
    subcategories: tuple[str, ...]


class SurgeryLasting(FrozenData):
    """Procedure start to procedure end. Does not hold when either is missing."""

    kind: Literal["surgery_lasting"]
    minutes_at_least: int


# --- measured and given ---------------------------------------------------------------


class TemperatureNearEnd(FrozenData):
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


class TemperatureRecorded(FrozenData):
    """At least one reading, whatever its time, unit and value."""

    kind: Literal["temperature_recorded"]


class TemperatureReached(FrozenData):
    """At least one reading is high enough, whatever its time; units as in temperature_near_end."""

    kind: Literal["temperature_reached"]
    celsius_at_least: Decimal
    fahrenheit_at_least: Decimal
    unitless_fahrenheit_from: Decimal


class OutcomeReported(FrozenData):
    """One of the outcomes stands in the record, said to have `occurred` or not to have.

    One with a time frame of `except_within` does not count, one without a time frame does.
    """

    kind: Literal["outcome_reported"]
    outcome_ids: tuple[int, ...]
    occurred: bool = True
    except_within: tuple[str, ...] = ()


class DrugClassesGiven(FrozenData):
    """Drugs of `at_least` different classes, started by the end of the last anesthesia method.

    `classes`: only these of the table; without them all. A dose without a start counts, unless
    `after_induction`: then only a dose counts whose start is later than that of the first method.
    `hours_before_start`: no dose that was started earlier than so long before the first method.
    Does not hold when the record says nothing about medications.
    """

    kind: Literal["drug_classes_given"]
    table: str
    at_least: int
    classes: tuple[str, ...] = ()
    after_induction: bool = False
    hours_before_start: int | None = None


class MedicationsRecorded(FrozenData):
    """The record has a list of medications, be it empty."""

    kind: Literal["medications_recorded"]


Combination = AllOf | AnyOf | NoneOf
PatientRule = (
    AgeBetween
    | AsaClassIn
    | Emergency
    | ProcedureStatusIn
    | DiagnosisStartsWith
    | DiagnosisInLists
    | PlaceOfServiceIn
)
CodeRule = ProcedureInLists | ProcedureIn | ProcedureBetween | Reported
AnestheticRule = MethodAmong | OnlyMethodsAmong | SubcategoryIn | SurgeryLasting
RecordedRule = (
    TemperatureNearEnd
    | TemperatureRecorded
    | TemperatureReached
    | OutcomeReported
    | DrugClassesGiven
    | MedicationsRecorded
)

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
