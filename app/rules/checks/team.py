"""The anesthesia team: whether it fits the coverage, and whether anyone in it gives anesthesia."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from app.domain.cases import AnesthesiaCase, StaffMember
from app.rules.checks.moments import earliest, latest
from app.rules.definition import Given, RecordFacts, Remark

_RULES_OUT: Final = "no "
_DIRECTOR: Final = "physician"


class _Conflict(NamedTuple):
    """`message` is the variant: someone is missing, or someone is there who must not be."""

    message: str
    who: str


def direction_disagrees(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """The coverage needs someone who is not in the team, or rules out someone who clearly is.

    A team in which nobody is of any group is left to the rule about the missing clinician.
    """
    coverage = facts.case.coverage
    if not coverage or coverage not in given.lists:
        return
    aside = given.lists["aside"]
    team = [member for member in facts.case.staff if member.responsibility not in aside]
    conflict = _conflict(coverage, team, facts, given)
    if conflict is not None and any(_of_group(who, team, given) for who in _groups(given)):
        yield Remark(
            "AnesthesiaCase/AnesthesiaCoverage",
            {"coverage": coverage, "who": _with_article(conflict.who)},
            conflict.message,
            expected=tuple(_coverages_for(conflict, team, facts, given)),
        )


def no_anesthesia_clinician(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    clinicians = given.lists["clinicians"]
    for member in facts.case.staff:
        if member.credentials in clinicians:
            return
    if any(method.category not in given.lists["without"] for method in facts.case.methods):
        yield Remark("AnesthesiaCase/AnesthesiaStaffSet")


def _conflict(
    coverage: str, team: Sequence[StaffMember], facts: RecordFacts, given: Given
) -> _Conflict | None:
    for need in given.lists[coverage]:
        who = need.removeprefix(_RULES_OUT)
        members = _of_group(who, team, given)
        if need.startswith(_RULES_OUT):
            if members and _clearly_took_part(members, facts, given):
                return _Conflict("present", who)
        elif not members:
            is_director = who == _DIRECTOR and coverage in given.lists["directed"]
            return _Conflict("director" if is_director else "missing", who)
    return None


def _of_group(who: str, team: Sequence[StaffMember], given: Given) -> list[StaffMember]:
    """`who` is the name of a group of credentials, or credentials themselves."""
    group = given.lists.get(who, (who,))
    return [member for member in team if member.credentials in group]


def _clearly_took_part(members: Iterable[StaffMember], facts: RecordFacts, given: Given) -> bool:
    """For a good part of the anesthesia by their times, or else by what they were there for.

    Whoever relieves another for a while stands among the staff as well.
    """
    if facts.zones_differ:
        return False
    case, percent = facts.case, float(given.numbers["percent"])
    timed = [member for member in members if member.sign_in is not None]
    if timed:
        seconds = sum(_seconds_present(member, case) for member in timed)
        return seconds * 100 >= (latest(case) - earliest(case)).total_seconds() * percent
    return any(member.responsibility in given.lists["whole_case"] for member in members)


def _seconds_present(member: StaffMember, case: AnesthesiaCase) -> float:
    begin, end = earliest(case), latest(case)
    signed_in, signed_out = member.sign_in or begin, member.sign_out or end
    return max(0.0, (min(signed_out, end) - max(signed_in, begin)).total_seconds())


def _coverages_for(
    conflict: _Conflict, team: Sequence[StaffMember], facts: RecordFacts, given: Given
) -> Iterator[str]:
    """None where the director is missing: most often the case was directed."""
    for name in given.lists["coverages"] if conflict.message != "director" else ():
        if name in given.lists and _conflict(name, team, facts, given) is None:
            yield name


def _groups(given: Given) -> Iterator[str]:
    for name in given.lists["coverages"]:
        for need in given.lists.get(name, ()):
            if not need.startswith(_RULES_OUT):
                yield need


def _with_article(who: str) -> str:
    return f"an {who}" if who[0] in "AEIOUaeiou" else f"a {who}"
