"""The anesthesia team: whether it fits the coverage, and whether anyone in it gives anesthesia."""

from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from app.rules.definition import Given, RecordFacts, Remark

_RULES_OUT: Final = "no "


class _Conflict(NamedTuple):
    """`message` is the variant: someone is missing, or someone is there who must not be."""

    message: str
    who: str


def direction_disagrees(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """The coverage needs someone who is not in the team, or rules out someone who is.

    A team in which nobody is of any group is left to the rule about the missing clinician.
    """
    coverage = facts.case.coverage
    if not coverage or coverage not in given.lists:
        return
    team = {
        member.credentials
        for member in facts.case.staff
        if member.responsibility not in given.lists["aside"]
    }
    conflict = _conflict(coverage, team, given)
    if conflict is not None and any(_is_in(group, team, given) for group in _groups(given)):
        yield Remark(
            "AnesthesiaCase/AnesthesiaCoverage",
            {"coverage": coverage, "who": conflict.who},
            conflict.message,
            expected=tuple(_coverages_for(team, given)),
        )


def no_anesthesia_clinician(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    clinicians = given.lists["clinicians"]
    for member in facts.case.staff:
        if member.credentials in clinicians:
            return
    if any(method.category not in given.lists["without"] for method in facts.case.methods):
        yield Remark("AnesthesiaCase/AnesthesiaStaffSet")


def _conflict(coverage: str, team: Set[str], given: Given) -> _Conflict | None:
    for need in given.lists[coverage]:
        is_ruled_out = need.startswith(_RULES_OUT)
        who = need.removeprefix(_RULES_OUT)
        if _is_in(who, team, given) == is_ruled_out:
            return _Conflict("present" if is_ruled_out else "missing", who)
    return None


def _is_in(who: str, team: Set[str], given: Given) -> bool:
    """`who` is the name of a group of credentials, or credentials themselves."""
    group = given.lists.get(who)
    return who in team if group is None else not team.isdisjoint(group)


def _coverages_for(team: Set[str], given: Given) -> Iterator[str]:
    for name in given.lists["coverages"]:
        if name in given.lists and _conflict(name, team, given) is None:
            yield name


def _groups(given: Given) -> Iterator[str]:
    for name in given.lists["coverages"]:
        for need in given.lists.get(name, ()):
            if not need.startswith(_RULES_OUT):
                yield need
