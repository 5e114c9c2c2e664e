"""A rate of a measure, compiled: the steps that decide where a case lands, in their order."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue.catalogue import Measure
from app.measures.catalogue.definition import (
    SINGLE_RATE,
    Criterion,
    MeasureCode,
    Precedence,
    Rate,
    Recorded,
)
from app.measures.evaluation.facts import CaseFacts, Predicate
from app.measures.evaluation.needs import Needs, needs_of
from app.measures.evaluation.rules import RuleCompiler

NO_ANSWER: Final = "no-answer"

_OPPOSED: Final = (Population.PERFORMANCE_MET, Population.PERFORMANCE_NOT_MET)


class Stage(StrEnum):
    """What a step asks, in the order of the steps but for the codes, which are heard thrice."""

    ELIGIBILITY = "eligibility"
    EXCLUSION = "exclusion"
    REPORTED_CODE = "reported_code"
    RECORDED_ANSWER = "recorded_answer"
    NO_ANSWER = "no_answer"


class Visited(NamedTuple):
    """A step on the way of a case; `outcome` is where it would put the case, or did.

    A requirement of eligibility puts it outside when it does not hold, any other when it does.
    """

    stage: Stage
    outcome: MeasureOutcome
    holds: bool
    is_decisive: bool


class Contradiction(NamedTuple):
    reported: MeasureOutcome
    recorded: MeasureOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A rule and the outcome it leads to. Outcomes name no case, so each is made once."""

    holds: Predicate
    outcome: MeasureOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _CodeStep:
    code: str
    unless: str | None
    unless_recorded: Predicate | None
    together_with: str | None
    outcome: MeasureOutcome

    def holds(self, facts: CaseFacts, codes: Set[str]) -> bool:
        if self.code not in codes or self.unless in codes:
            return False
        if self.together_with is not None and self.together_with not in codes:
            return False
        return self.unless_recorded is None or not self.unless_recorded(facts, codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRate:
    """`needs` are what no case in the denominator can be without."""

    measure_id: str
    stratum: str
    needs: Needs
    requirements: tuple[_Step, ...]
    refusing_codes: tuple[_CodeStep, ...]
    excluding_codes: tuple[_CodeStep, ...]
    exclusions: tuple[_Step, ...]
    answering_codes: tuple[_CodeStep, ...]
    derived_answers: tuple[_Step, ...]
    contradicting_answers: tuple[_Step, ...]
    unreported: MeasureOutcome
    is_record_first: bool

    def outcome(self, facts: CaseFacts) -> MeasureOutcome:
        codes = facts.reported(self.measure_id)
        return (
            _refusal(self.requirements, facts, codes)
            or _reported(self.refusing_codes, facts, codes)
            or _reported(self.excluding_codes, facts, codes)
            or _derived(self.exclusions, facts, codes)
            or (self.is_record_first and _derived(self.contradicting_answers, facts, codes))
            or _reported(self.answering_codes, facts, codes)
            or _derived(self.derived_answers, facts, codes)
            or self.unreported
        )

    def visited(self, facts: CaseFacts) -> Iterator[Visited]:
        """Yield the steps that were looked at, the last of them the one that decided.

        Of the codes only those that were reported.
        """
        decided = self.outcome(facts)
        codes = facts.reported(self.measure_id)
        for stage, steps in self._stages():
            for step in steps:
                if isinstance(step, _CodeStep) and step.code not in codes:
                    continue
                holds = step.holds(facts, codes)
                is_settled = holds is not (stage is Stage.ELIGIBILITY)
                is_decisive = is_settled and step.outcome == decided
                yield Visited(stage, step.outcome, holds, is_decisive)
                if is_decisive:
                    return
        yield Visited(Stage.NO_ANSWER, self.unreported, True, True)

    def _stages(self) -> Iterator[tuple[Stage, tuple[_Step, ...] | tuple[_CodeStep, ...]]]:
        yield Stage.ELIGIBILITY, self.requirements
        yield Stage.REPORTED_CODE, self.refusing_codes
        yield Stage.REPORTED_CODE, self.excluding_codes
        yield Stage.EXCLUSION, self.exclusions
        if self.is_record_first:
            yield Stage.RECORDED_ANSWER, self.contradicting_answers
        yield Stage.REPORTED_CODE, self.answering_codes
        yield Stage.RECORDED_ANSWER, self.derived_answers

    def contradiction(self, facts: CaseFacts) -> Contradiction | None:
        """The reported answer and the recorded one, where a case has both and they differ."""
        codes = facts.reported(self.measure_id)
        reported = _reported(self.answering_codes, facts, codes)
        if reported is None or reported.population not in _OPPOSED:
            return None
        recorded = _derived(self.contradicting_answers, facts, codes)
        if recorded is None or recorded.population is reported.population:
            return None
        if self.outcome(facts) not in (reported, recorded):
            return None  # the case is outside the measure, or excluded from it
        return Contradiction(reported, recorded)


def _refusal(
    requirements: tuple[_Step, ...], facts: CaseFacts, codes: Set[str]
) -> MeasureOutcome | None:
    for step in requirements:
        if not step.holds(facts, codes):
            return step.outcome
    return None


def _reported(
    steps: tuple[_CodeStep, ...], facts: CaseFacts, codes: Set[str]
) -> MeasureOutcome | None:
    if codes:
        for step in steps:
            if step.holds(facts, codes):
                return step.outcome
    return None


def _derived(steps: tuple[_Step, ...], facts: CaseFacts, codes: Set[str]) -> MeasureOutcome | None:
    for step in steps:
        if step.holds(facts, codes):
            return step.outcome
    return None


def _met_beside_one_of(exceptions: Set[str], recorded_met: tuple[_Step, ...]) -> Predicate:
    return lambda facts, codes: (
        not exceptions.isdisjoint(codes) and _derived(recorded_met, facts, codes) is not None
    )


def compiled_rates(measure: Measure) -> Iterator[CompiledRate]:
    """Yield the rates that cases land in: one, or one for each stratum."""
    compiler = _RateCompiler(measure)
    for rate in measure.definition.rates or (None,):
        yield compiler.compile(rate)


class _RateCompiler:
    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._rules = RuleCompiler(measure.code_lists, measure.drug_tables)

    def compile(self, rate: Rate | None) -> CompiledRate:
        whole = self._measure.definition
        parts = (whole,) if rate is None else (whole, rate)
        codes = tuple(whole.codes_of_part(rate))
        eligibility = [criterion for part in parts for criterion in part.eligibility]
        exclusions = [criterion for part in parts for criterion in part.exclusions]
        met = [criterion for part in parts for criterion in part.derived_met]
        not_met = [criterion for part in parts for criterion in part.derived_not_met]
        steps = _Steps(self._rules, self._measure.measure_id, rate.stratum if rate else SINGLE_RATE)
        return CompiledRate(
            measure_id=steps.measure_id,
            stratum=steps.stratum,
            needs=needs_of((c.rule for c in eligibility), self._measure.code_lists),
            requirements=steps.of_rules(eligibility, Population.NOT_ELIGIBLE),
            refusing_codes=steps.of_codes(codes, Population.NOT_ELIGIBLE),
            excluding_codes=steps.of_codes(codes, Population.DENOMINATOR_EXCLUSION),
            exclusions=steps.of_rules(exclusions, Population.DENOMINATOR_EXCLUSION),
            answering_codes=steps.of_codes(codes, Population.PERFORMANCE_MET)
            + steps.of_unmet_answers(codes, met),
            derived_answers=steps.of_rules(met, Population.PERFORMANCE_MET)
            + steps.of_rules(not_met, Population.PERFORMANCE_NOT_MET),
            contradicting_answers=steps.of_contradictions(met, Population.PERFORMANCE_MET)
            + steps.of_contradictions(not_met, Population.PERFORMANCE_NOT_MET),
            is_record_first=whole.precedence is Precedence.RECORDED,
            unreported=steps.outcome(Population.UNREPORTED, NO_ANSWER),
        )


@dataclass(frozen=True, slots=True)
class _Steps:
    rules: RuleCompiler
    measure_id: str
    stratum: str

    def outcome(self, population: Population, reason: str) -> MeasureOutcome:
        return MeasureOutcome(
            measure_id=self.measure_id, stratum=self.stratum, population=population, reason=reason
        )

    def of_rules(self, criteria: Iterable[Criterion], population: Population) -> tuple[_Step, ...]:
        return tuple(
            _Step(
                holds=self.rules.compile(criterion.rule),
                outcome=self.outcome(population, criterion.reason),
            )
            for criterion in criteria
        )

    def of_contradictions(
        self, criteria: Iterable[Criterion], population: Population
    ) -> tuple[_Step, ...]:
        return tuple(
            _Step(
                holds=self._unless(criterion),
                outcome=self.outcome(population, criterion.reason),
            )
            for criterion in criteria
            if criterion.contradicts
        )

    def _unless(self, criterion: Criterion) -> Predicate:
        holds = self.rules.compile(criterion.rule)
        if criterion.contradicts_unless is None:
            return holds
        unless = self.rules.compile(criterion.contradicts_unless)
        return lambda facts, codes: holds(facts, codes) and not unless(facts, codes)

    def of_codes(
        self, codes: Iterable[MeasureCode], population: Population
    ) -> tuple[_CodeStep, ...]:
        return tuple(
            _CodeStep(
                code=code.token,
                unless=code.unless,
                unless_recorded=self._compiled(code.unless_recorded),
                together_with=code.together_with,
                outcome=self.outcome(population, code.reason),
            )
            for code in codes
            if code.role.population is population
        )

    def of_unmet_answers(
        self, codes: Iterable[MeasureCode], met: Iterable[Criterion]
    ) -> tuple[_CodeStep, ...]:
        """Exceptions, then not met. With an exception neither counts if the record says met."""
        exceptions = self.of_codes(codes, Population.DENOMINATOR_EXCEPTION)
        answers = exceptions + self.of_codes(codes, Population.PERFORMANCE_NOT_MET)
        recorded = self.of_contradictions(met, Population.PERFORMANCE_MET)
        if not exceptions or not recorded:
            return answers
        outweighed = _met_beside_one_of(frozenset(step.code for step in exceptions), recorded)
        return tuple(replace(step, unless_recorded=outweighed) for step in answers)

    def _compiled(self, recorded: Recorded | None) -> Predicate | None:
        return None if recorded is None else self.rules.compile(recorded.rule)
