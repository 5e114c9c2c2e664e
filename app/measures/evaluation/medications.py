"""Drugs of a case, by the pharmacological classes of a table."""

import re
from collections.abc import Callable, Set
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from app.domain.cases import AnesthesiaMethod
from app.measures.catalogue.definition import DrugTable
from app.measures.catalogue.rule_kinds import DrugClassesGiven
from app.measures.evaluation.facts import CaseFacts, Predicate

_IsInTime = Callable[[datetime | None, tuple[AnesthesiaMethod, ...]], bool]
_WORD: Final = re.compile(r"[a-z0-9]+")


def drug_classes_given(rule: DrugClassesGiven, table: DrugTable) -> Predicate:
    classes_of = _class_finder(table, rule.classes)
    is_in_time = _time_of_a_dose(rule)

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


def _time_of_a_dose(rule: DrugClassesGiven) -> _IsInTime:
    if rule.after_induction:
        return _is_after_induction
    if rule.hours_before_start is None:
        return _is_by_the_end
    before = timedelta(hours=rule.hours_before_start)
    return lambda start, methods: (
        _is_by_the_end(start, methods) and _is_from(before, start, methods)
    )


def _is_from(
    before: timedelta, start: datetime | None, methods: tuple[AnesthesiaMethod, ...]
) -> bool:
    if start is None or not methods:
        return True
    return start >= min(method.start for method in methods) - before


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
