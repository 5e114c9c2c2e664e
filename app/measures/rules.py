"""Rules become predicates: each is compiled once and then asked of every case.

A predicate gets the facts of a case and the quality codes reported for the measure at hand.
"""

import re
from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from functools import lru_cache
from typing import assert_never

from app.domain.cases import AnesthesiaCase, AnesthesiaMethod, Temperature
from app.measures.definition import (
    AgeBetween,
    AllOf,
    AnestheticRule,
    AnyOf,
    AsaClassIn,
    CodeList,
    CodeRule,
    Combination,
    DiagnosisStartsWith,
    DrugClassesGiven,
    DrugTable,
    Emergency,
    MedicationsRecorded,
    MethodAmong,
    NoneOf,
    OnlyMethodsAmong,
    PatientRule,
    ProcedureBetween,
    ProcedureInLists,
    ProcedureStatusIn,
    RecordedRule,
    Reported,
    Rule,
    SubcategoryIn,
    SurgeryLasting,
    TemperatureNearEnd,
    TemperatureRecorded,
)
from app.measures.facts import CaseFacts
from app.measures.temperature import is_warm_enough

Predicate = Callable[[CaseFacts, Set[str]], bool]

_UNKNOWN_CATEGORY = "Unknown"
_ICD_10 = "10"
_OLDEST = 999
_WORD = re.compile(r"[a-z0-9]+")


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
            ):
                return _about_patient(rule)
            case ProcedureInLists() | ProcedureBetween() | Reported():
                return self._about_codes(rule)
            case MethodAmong() | OnlyMethodsAmong() | SubcategoryIn() | SurgeryLasting():
                return _about_anesthetic(rule)
            case (
                TemperatureNearEnd()
                | TemperatureRecorded()
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

    def _about_codes(self, rule: CodeRule) -> Predicate:
        match rule:
            case ProcedureInLists(lists=lists):
                listed = frozenset().union(*(self._code_lists[name].codes for name in lists))
                return lambda facts, _codes: not listed.isdisjoint(facts.procedures)
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

    def _about_recordings(self, rule: RecordedRule) -> Predicate:
        match rule:
            case TemperatureNearEnd():
                return _temperature_near_end(rule)
            case TemperatureRecorded():
                return lambda facts, _codes: bool(facts.case.temperatures)
            case DrugClassesGiven(table=table):
                return _drug_classes_given(rule, self._drug_tables[table])
            case MedicationsRecorded():
                return lambda facts, _codes: facts.case.medications is not None
            case _:
                assert_never(rule)


def _about_patient(rule: PatientRule) -> Predicate:
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
        case _:
            assert_never(rule)


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


def _without_points(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix.replace(".", "") for prefix in prefixes)


def _diagnosis_starts_with(
    prefixes: tuple[str, ...], except_prefixes: tuple[str, ...]
) -> Predicate:
    def holds(facts: CaseFacts, _codes: Set[str]) -> bool:
        for diagnosis in (*facts.case.diagnoses, *facts.case.postoperative_diagnoses):
            value = diagnosis.value.replace(".", "").upper()
            if (
                diagnosis.version == _ICD_10
                and value.startswith(prefixes)
                and not value.startswith(except_prefixes)
            ):
                return True
        return False

    return holds


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
        return lambda method: method.category in categories
    shortest = timedelta(minutes=minutes_at_least)
    return lambda method: method.category in categories and method.end - method.start >= shortest


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


def _drug_classes_given(rule: DrugClassesGiven, table: DrugTable) -> Predicate:
    classes_of = _class_finder(table, rule.classes)
    is_in_time = _is_after_induction if rule.after_induction else _is_by_the_end

    def holds(facts: CaseFacts, _codes: Set[str]) -> bool:
        medications = facts.case.medications
        if not medications:
            return False
        given: set[str] = set()
        for medication in medications:
            classes = classes_of(medication.name)
            if classes and is_in_time(medication.start, facts.case.methods):
                given |= classes
        return len(given) >= rule.at_least

    return holds


def _is_by_the_end(start: datetime | None, methods: tuple[AnesthesiaMethod, ...]) -> bool:
    return start is None or not methods or start <= max(method.end for method in methods)


def _is_after_induction(start: datetime | None, methods: tuple[AnesthesiaMethod, ...]) -> bool:
    if start is None or not methods:
        return False
    return min(method.start for method in methods) < start <= max(method.end for method in methods)


def _class_finder(table: DrugTable, only: tuple[str, ...]) -> Callable[[str], frozenset[str]]:
    """Return what finds the classes of `table`, or `only` these, that a medication speaks of."""
    entries = [
        (frozenset(drug.split()), drug_class.name)
        for drug_class in table.classes
        if not only or drug_class.name in only
        for drug in drug_class.drugs
    ]

    @lru_cache(maxsize=4096)  # the same few hundred names come again and again
    def classes_of(name: str) -> frozenset[str]:
        words = set(_WORD.findall(name.lower()))
        return frozenset(drug_class for drug, drug_class in entries if drug <= words)

    return classes_of
