"""How the rules of one edition differ from those of another."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import Criterion, MeasureCode, MeasureDefinition, Overall


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """`what` names a reason, a quality code, a list or the overall rate."""

    what: str
    before: str | tuple[str, ...] | None
    after: str | tuple[str, ...] | None


def rule_changes(was: Measure, became: Measure) -> Iterator[RuleChange]:
    """Yield what decides otherwise; nothing for one edition that holds in both years.

    Of code lists only the codes that joined or left are told.
    """
    if was.definition.edition == became.definition.edition:
        return
    yield from _changes_of_codes(was.definition, became.definition)
    yield from _changes_of_criteria(was.definition, became.definition)
    yield from _changes_of_listed(was, became)
    overall = was.definition.overall, became.definition.overall
    if overall[0] != overall[1]:
        before, after = map(_meaning, overall)
        yield RuleChange(what="overall rate", before=before, after=after)


def _changes_of_codes(was: MeasureDefinition, became: MeasureDefinition) -> Iterator[RuleChange]:
    before = {code.token: code for code in was.codes}
    after = {code.token: code for code in became.codes}
    for token in dict.fromkeys((*after, *before)):
        old, new = before.get(token), after.get(token)
        if old != new:
            yield RuleChange(what=token, before=_meaning(old), after=_meaning(new))


def _changes_of_criteria(was: MeasureDefinition, became: MeasureDefinition) -> Iterator[RuleChange]:
    before, after = _criteria(was), _criteria(became)
    for place in dict.fromkeys((*after, *before)):
        old, new = before.get(place), after.get(place)
        if _rule(old) != _rule(new):
            part, reason = place
            what = f"{reason} of part {part}" if part else reason
            yield RuleChange(what=what, before=_meaning(old), after=_meaning(new))


def _criteria(definition: MeasureDefinition) -> dict[tuple[str, str], Criterion]:
    of_all = {("", criterion.reason): criterion for criterion in definition.criteria}
    of_rates = {
        (rate.part, criterion.reason): criterion
        for rate in definition.rates
        for criterion in rate.criteria
    }
    return of_all | of_rates


def _meaning(part: Criterion | MeasureCode | Overall | None) -> str | None:
    return None if part is None else part.meaning


def _rule(criterion: Criterion | None) -> object:
    return None if criterion is None else criterion.rule


def _changes_of_listed(was: Measure, became: Measure) -> Iterator[RuleChange]:
    before, after = _listed(was), _listed(became)
    left, joined = tuple(sorted(before - after)), tuple(sorted(after - before))
    if left or joined:
        yield RuleChange(what="listed codes", before=left or None, after=joined or None)


def _listed(measure: Measure) -> frozenset[str]:
    return frozenset().union(*(listed.codes for listed in measure.code_lists.values()))
