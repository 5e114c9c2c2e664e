"""Rules become predicates: each is compiled once and then asked of every case."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import datetime, timedelta
from typing import assert_never

from app.domain.cases import AnesthesiaCase, AnesthesiaMethod, Temperature
from app.measures.catalogue.definition import CodeList, DrugTable
from app.measures.catalogue.rule_kinds import (
    AgeBetween,
    AllOf,
    AnestheticRule,
    AnyOf,
    AsaClassIn,
    CodeRule,
    Combination,
    DiagnosisInLists,
    DiagnosisStartsWith,
    DrugClassesGiven,
    Emergency,
    MedicationsRecorded,
    MethodAmong,
    NoneOf,
    OnlyMethodsAmong,
    OutcomeReported,
    PatientRule,
    PlaceOfServiceIn,
    ProcedureBetween,
    ProcedureIn,
    ProcedureInLists,
    ProcedureStatusIn,
    RecordedRule,
    Reported,
    Rule,
    SubcategoryIn,
    SurgeryLasting,
    TemperatureNearEnd,
    TemperatureReached,
    TemperatureRecorded,
)
from app.measures.evaluation.facts import CaseFacts, Predicate
from app.measures.evaluation.medications import drug_classes_given
from app.measures.evaluation.temperature import is_warm_enough

_UNKNOWN_CATEGORY = "Unknown"
_ICD_10 = "10"
_OLDEST = 999


class RuleCompiler:
    """Compiles rules against the code lists and drug tables that they name."""

    def __init__(
        self, code_lists: Mapping[str, CodeList], drug_tables: Mapping[str, DrugTable]
    ) -> None:
        self._code_lists = code_lists
        self._drug_tables = drug_tables

    def compile(self, rule: Rule) -> Predicate:
        match rule:
            case AllOf() | AnyOf() | NoneOf():
                return self._combination(rule)
            case (
                AgeBetween()
                | AsaClassIn()
                | Emergency()
                | ProcedureStatusIn()
                | DiagnosisStartsWith()
                | DiagnosisInLists()
                | PlaceOfServiceIn()
            ):
                return self._about_patient(rule)
            case ProcedureInLists() | ProcedureIn() | ProcedureBetween() | Reported():
                return self._about_codes(rule)
            case MethodAmong() | OnlyMethodsAmong() | SubcategoryIn() | SurgeryLasting():
                return _about_anesthetic(rule)
            case (
                TemperatureNearEnd()
                | TemperatureRecorded()
                | TemperatureReached()
                | OutcomeReported()
                | DrugClassesGiven()
                | MedicationsRecorded()
            ):
                return self._about_recordings(rule)
            case _:
                assert_never(rule)

    def _combination(self, rule: Combination) -> Predicate:
        parts = tuple(self.compile(inner) for inner in rule.rules)
        match rule:
            case AllOf():
                return lambda facts, codes: all(part(facts, codes) for part in parts)
            case AnyOf():
                return lambda facts, codes: any(part(facts, codes) for part in parts)
            case NoneOf():
                return lambda facts, codes: not any(part(facts, codes) for part in parts)
            case _:
                assert_never(rule)

    def _about_patient(self, rule: PatientRule) -> Predicate:
        match rule:
            case AgeBetween(min_years=youngest, max_years=oldest):
                ages = range(youngest, (_OLDEST if oldest is None else oldest) + 1)
                return lambda facts, _codes: facts.case.age_years in ages
            case AsaClassIn(classes=classes):
                return lambda facts, _codes: facts.case.asa_class in classes
            case Emergency():
                return lambda facts, _codes: _is_emergency(facts.case)
            case ProcedureStatusIn(statuses=statuses):
                return lambda facts, _codes: facts.case.procedure_status in statuses
            case DiagnosisStartsWith(prefixes=prefixes, except_prefixes=except_prefixes):
                return _diagnosis_starts_with(
                    _without_points(prefixes), _without_points(except_prefixes)
                )
            case DiagnosisInLists(lists=lists):
                return _diagnosis_in(frozenset(_without_points(self._listed(lists))))
            case PlaceOfServiceIn(places=places, or_admission_statuses=statuses):
                return lambda facts, _codes: (
                    facts.case.admission_status in statuses
                    if facts.case.place_of_service is None
                    else facts.case.place_of_service in places
                )
            case _:
                assert_never(rule)

    def _about_codes(self, rule: CodeRule) -> Predicate:
        match rule:
            case ProcedureInLists(lists=lists, without_modifiers=()):
                return _procedure_in(self._listed(lists))
            case ProcedureInLists(lists=lists, without_modifiers=modifiers):
                return _procedure_without(self._listed(lists), modifiers)
            case ProcedureIn(codes=named):
                return _procedure_in(frozenset(named))
            case ProcedureBetween(first=first, last=last):
                return lambda facts, _codes: any(
                    len(code) == len(first) and code.isdigit() and first <= code <= last
                    for code in facts.procedures
                )
            case Reported(codes=wanted):
                wanted_codes = frozenset(wanted)
                return lambda _facts, codes: not wanted_codes.isdisjoint(codes)
            case _:
                assert_never(rule)

    def _listed(self, lists: tuple[str, ...]) -> frozenset[str]:
        return frozenset().union(*(self._code_lists[name].codes for name in lists))

    def _about_recordings(self, rule: RecordedRule) -> Predicate:
        match rule:
            case TemperatureNearEnd():
                return _temperature_near_end(rule)
            case TemperatureRecorded():
                return lambda facts, _codes: bool(facts.case.temperatures)
            case TemperatureReached():
                return lambda facts, _codes: any(
                    is_warm_enough(reading, rule) for reading in facts.case.temperatures
                )
            case OutcomeReported(outcome_ids=ids, occurred=occurred, except_within=others):
                return lambda facts, _codes: any(
                    event.outcome_id in ids
                    and event.occurred is occurred
                    and event.time_frame not in others
                    for event in facts.case.outcomes
                )
            case DrugClassesGiven(table=table):
                return drug_classes_given(rule, self._drug_tables[table])
            case MedicationsRecorded():
                return lambda facts, _codes: facts.case.medications is not None
            case _:
                assert_never(rule)


def _procedure_in(listed: frozenset[str]) -> Predicate:
    return lambda facts, _codes: not listed.isdisjoint(facts.procedures)


def _procedure_without(listed: frozenset[str], modifiers: tuple[str, ...]) -> Predicate:
    return lambda facts, _codes: any(
        code.value.upper() in listed and (code.modifier or "").upper() not in modifiers
        for code in facts.case.anesthesia_codes + facts.case.procedure_codes
    )


def _about_anesthetic(rule: AnestheticRule) -> Predicate:
    match rule:
        case MethodAmong():
            return _method_among(rule)
        case OnlyMethodsAmong(categories=categories):
            return lambda facts, _codes: (
                bool(facts.case.methods)
                and all(method.category in categories for method in facts.case.methods)
            )
        case SubcategoryIn(subcategories=subcategories):
            return lambda facts, _codes: any(
                method.subcategory in subcategories for method in facts.case.methods
            )
        case SurgeryLasting(minutes_at_least=minutes):
            return _surgery_lasting(timedelta(minutes=minutes))
        case _:
            assert_never(rule)


def _is_emergency(case: AnesthesiaCase) -> bool:
    return case.procedure_status == "Emergency" or case.asa_class.endswith("E")


def _without_points(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code.replace(".", "") for code in codes)


def _icd_10_codes(case: AnesthesiaCase) -> Iterator[str]:
    for diagnosis in (*case.diagnoses, *case.postoperative_diagnoses):
        if diagnosis.version == _ICD_10:
            yield diagnosis.value.replace(".", "").upper()


def _diagnosis_in(listed: frozenset[str]) -> Predicate:
    return lambda facts, _codes: any(code in listed for code in _icd_10_codes(facts.case))


def _diagnosis_starts_with(
    prefixes: tuple[str, ...], except_prefixes: tuple[str, ...]
) -> Predicate:
    return lambda facts, _codes: any(
        code.startswith(prefixes) and not code.startswith(except_prefixes)
        for code in _icd_10_codes(facts.case)
    )


def _method_among(rule: MethodAmong) -> Predicate:
    qualifies = _method_test(rule.categories, rule.minutes_at_least)

    def holds(facts: CaseFacts, _codes: Set[str]) -> bool:
        methods = facts.case.methods
        for method in methods:
            if qualifies(method):
                return True
        return rule.or_unknown and all(m.category == _UNKNOWN_CATEGORY for m in methods)

    return holds


def _method_test(
    categories: tuple[str, ...], minutes_at_least: int | None
) -> Callable[[AnesthesiaMethod], bool]:
    if minutes_at_least is None:
        return lambda method: not categories or method.category in categories
    shortest = timedelta(minutes=minutes_at_least)
    return lambda method: (
        (not categories or method.category in categories) and method.end - method.start >= shortest
    )


def _surgery_lasting(shortest: timedelta) -> Predicate:
    def holds(facts: CaseFacts, _codes: Set[str]) -> bool:
        start, end = facts.case.procedure_start, facts.case.procedure_end
        return start is not None and end is not None and end - start >= shortest

    return holds


def _temperature_near_end(rule: TemperatureNearEnd) -> Predicate:
    qualifies = _method_test(rule.categories, rule.minutes_at_least)
    before, after = timedelta(minutes=rule.minutes_before), timedelta(minutes=rule.minutes_after)

    def holds(facts: CaseFacts, _codes: Set[str]) -> bool:
        case = facts.case
        methods = [method for method in case.methods if qualifies(method)] or case.methods
        return any(
            _any_warm_between(method.end - before, method.end + after, case.temperatures, rule)
            for method in methods
        )

    return holds


def _any_warm_between(
    first: datetime, last: datetime, readings: tuple[Temperature, ...], rule: TemperatureNearEnd
) -> bool:
    for reading in readings:  # the time first: most readings of a long case are outside
        at = reading.at
        if at is not None and first <= at <= last and is_warm_enough(reading, rule):
            return True
    return False
