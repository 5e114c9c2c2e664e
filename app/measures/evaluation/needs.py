"""What no case of a denominator can be without, drawn from its rules.

A case that lacks it is not eligible; one that has it may still not be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.measures.catalogue.definition import CodeList
from app.measures.catalogue.rule_kinds import (
    AgeBetween,
    AllOf,
    AnyOf,
    ProcedureIn,
    ProcedureInLists,
    Reported,
    Rule,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """At least one of each. None: nothing is known of the kind."""

    procedures: frozenset[str] | None = None
    quality_codes: frozenset[str] | None = None
    min_years: int | None = None
    max_years: int | None = None


def needs_of(rules: Iterable[Rule], code_lists: Mapping[str, CodeList]) -> Needs:
    """Return what all of `rules` need together."""
    found = [_needs_of_one(rule, code_lists) for rule in rules]
    return Needs(
        procedures=_fewest(each.procedures for each in found),
        quality_codes=_fewest(each.quality_codes for each in found),
        min_years=max((n.min_years for n in found if n.min_years is not None), default=None),
        max_years=min((n.max_years for n in found if n.max_years is not None), default=None),
    )


def _needs_of_one(rule: Rule, code_lists: Mapping[str, CodeList]) -> Needs:
    match rule:
        case AllOf(rules=rules):
            return needs_of(rules, code_lists)
        case AnyOf(rules=rules):
            return _of_any([_needs_of_one(inner, code_lists) for inner in rules])
        case ProcedureInLists(lists=lists):
            listed = (code_lists[name].codes for name in lists)
            return Needs(procedures=frozenset().union(*listed))
        case ProcedureIn(codes=codes):
            return Needs(procedures=frozenset(codes))
        case Reported(codes=codes):
            return Needs(quality_codes=frozenset(codes))
        case AgeBetween(min_years=least, max_years=most):
            return Needs(min_years=least, max_years=most)
        case _:
            return Needs()


def _of_any(alternatives: list[Needs]) -> Needs:
    """Only what every alternative knows can be needed; ages of alternatives are left out."""
    return Needs(
        procedures=_union([each.procedures for each in alternatives]),
        quality_codes=_union([each.quality_codes for each in alternatives]),
    )


def _union(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [each for each in sets if each is not None]
    return frozenset().union(*known) if len(known) == len(sets) else None


def _fewest(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    return min((each for each in sets if each is not None), key=len, default=None)
