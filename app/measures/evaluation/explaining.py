"""Why a case landed where it did in a measure: the steps on its way, as a small tree. Pure.

A step names elements of the record, what was asked of them and whether it holds; the values
themselves are nowhere in it.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from app.domain.cases import AnesthesiaCase
from app.domain.populations import Population
from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import CODE_REASON, Criterion, MeasureCode
from app.measures.catalogue.rule_kinds import AllOf, AnyOf, NoneOf, Rule
from app.measures.evaluation.compiled import CompiledRate, Stage, Visited
from app.measures.evaluation.engine import compiled_for
from app.measures.evaluation.facts import CaseFacts
from app.measures.evaluation.rule_elements import ELEMENTS
from app.measures.evaluation.rules import RuleCompiler

_UNANSWERED: Final = "Eligible, but neither a code nor the record answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRule:
    """A rule held against the case. `asked` is what the edition gives it, without its parts."""

    kind: str
    elements: tuple[str, ...]
    asked: Mapping[str, Any]
    holds: bool
    parts: tuple["AskedRule", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedStep:
    """`leads_to`: where the step would put the case, or did if it `decided`.

    `assumed` says what in it is our own reading.
    """

    stage: Stage
    reason: str
    meaning: str
    holds: bool
    leads_to: Population
    decided: bool
    assumed: str | None = None
    code: MeasureCode | None = None
    rule: AskedRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Of one rate; the last of `steps` decided."""

    measure: Measure
    stratum: str
    population: Population
    reason: str
    steps: tuple[ExplainedStep, ...]


def explain(measure: Measure, case: AnesthesiaCase) -> Iterator[Explanation]:
    """Yield where `case` landed in each rate of `measure`, and on which way."""
    rates, facts = compiled_for(measure, case)
    teller = _Teller(measure, facts)
    for rate in rates:
        outcome = rate.outcome(facts)
        yield Explanation(
            measure=measure,
            stratum=rate.stratum,
            population=outcome.population,
            reason=outcome.reason,
            steps=tuple(teller.step(rate, visited) for visited in rate.visited(facts)),
        )


class _Teller:
    def __init__(self, measure: Measure, facts: CaseFacts) -> None:
        self._facts = facts
        self._codes = facts.reported(measure.measure_id)
        self._rules = RuleCompiler(measure.code_lists, measure.drug_tables)
        definition = measure.definition
        self._whole = {each.reason: each for each in definition.criteria}
        self._of_rate = {
            rate.stratum: {each.reason: each for each in rate.criteria} for rate in definition.rates
        }
        self._by_token = {(code.token, code.role): code for code in definition.codes}

    def step(self, rate: CompiledRate, visited: Visited) -> ExplainedStep:
        reason = visited.outcome.reason
        code = self._code(visited)
        criterion = None if code is not None else self._criterion(rate, reason)
        told = code or criterion
        return ExplainedStep(
            stage=visited.stage,
            reason=reason,
            meaning=_UNANSWERED if told is None else told.meaning,
            holds=visited.holds,
            leads_to=visited.outcome.population,
            decided=visited.is_decisive,
            assumed=None if criterion is None else criterion.assumed,
            code=code,
            rule=None
            if criterion is None
            else _asked(criterion.rule, self._facts, self._codes, self._rules),
        )

    def _code(self, visited: Visited) -> MeasureCode | None:
        if visited.stage is not Stage.REPORTED_CODE:
            return None
        token = visited.outcome.reason.removeprefix(CODE_REASON)
        return next(
            code
            for (known, role), code in self._by_token.items()
            if known == token and role.population is visited.outcome.population
        )

    def _criterion(self, rate: CompiledRate, reason: str) -> Criterion | None:
        return self._of_rate.get(rate.stratum, {}).get(reason) or self._whole.get(reason)


def _asked(rule: Rule, facts: CaseFacts, codes: Set[str], rules: RuleCompiler) -> AskedRule:
    inner = rule.rules if isinstance(rule, AllOf | AnyOf | NoneOf) else ()
    return AskedRule(
        kind=rule.kind,
        elements=ELEMENTS[type(rule)],
        asked=rule.model_dump(mode="json", exclude={"kind", "rules"}, exclude_defaults=True),
        holds=rules.compile(rule)(facts, codes),
        parts=tuple(_asked(part, facts, codes, rules) for part in inner),
    )
