"""Where a case lands in each measure. Pure, and asked for every record that comes in.

Order: not eligible, denominator exclusion, performance met, denominator exception, performance not
met, unreported. Exclusions hold whether reported or recorded, and so does what makes a case not
eligible, unless the edition lets elements of the record outweigh the code. After them a reported
code is heard before anything read from the record (assumed); among several reported codes the order
decides, so met goes before not met. Source: QPP measure flows.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache

from app.domain.cases import AnesthesiaCase
from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue import Measure, YearCatalogue
from app.measures.definition import Criterion, Recorded
from app.measures.facts import CaseFacts, facts_of
from app.measures.rules import Predicate, RuleCompiler

NO_ANSWER = "no-answer"

_ANSWERS = (
    Population.PERFORMANCE_MET,
    Population.DENOMINATOR_EXCEPTION,
    Population.PERFORMANCE_NOT_MET,
)
_SINGLE_RATE = ""


def outcomes_for(case: AnesthesiaCase, year: YearCatalogue) -> list[MeasureOutcome]:
    """Return the outcome of `case` in each measure of `year` that it is eligible for.

    `year` must be the performance year of the case.
    """
    program = _program_of(year)
    facts = program.facts_of(case)
    return [
        outcome
        for measure in program.measures
        if (outcome := measure.outcome(facts)).population is not Population.NOT_ELIGIBLE
    ]


def outcome_for(measure: Measure, case: AnesthesiaCase) -> MeasureOutcome:
    """Return the one outcome of `case` in `measure`, which may be NOT_ELIGIBLE."""
    program = _program_of_one(measure)
    return program.measures[0].outcome(program.facts_of(case))


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
    outcome: MeasureOutcome

    def holds(self, facts: CaseFacts, codes: Set[str]) -> bool:
        if self.code not in codes or self.unless in codes:
            return False
        return self.unless_recorded is None or not self.unless_recorded(facts, codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CompiledMeasure:
    measure_id: str
    requirements: tuple[_Step, ...]
    refusing_codes: tuple[_CodeStep, ...]
    excluding_codes: tuple[_CodeStep, ...]
    exclusions: tuple[_Step, ...]
    answering_codes: tuple[_CodeStep, ...]
    derived_answers: tuple[_Step, ...]
    unreported: MeasureOutcome

    def outcome(self, facts: CaseFacts) -> MeasureOutcome:
        codes = facts.reported(self.measure_id)
        return (
            _refusal(self.requirements, facts, codes)
            or _reported(self.refusing_codes, facts, codes)
            or _reported(self.excluding_codes, facts, codes)
            or _derived(self.exclusions, facts, codes)
            or _reported(self.answering_codes, facts, codes)
            or _derived(self.derived_answers, facts, codes)
            or self.unreported
        )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """The measures of a year, compiled."""

    measures: tuple[_CompiledMeasure, ...]
    measure_by_alias: Mapping[str, str]
    known_codes: frozenset[str]

    def facts_of(self, case: AnesthesiaCase) -> CaseFacts:
        return facts_of(case, measure_by_alias=self.measure_by_alias, known_codes=self.known_codes)


@cache
def _program_of(year: YearCatalogue) -> _Program:
    return _compile(year.measures)


@cache
def _program_of_one(measure: Measure) -> _Program:
    return _compile((measure,))


def _compile(measures: tuple[Measure, ...]) -> _Program:
    definitions = [measure.definition for measure in measures]
    return _Program(
        measures=tuple(_compile_measure(measure) for measure in measures),
        measure_by_alias={
            alias.upper(): definition.measure_id
            for definition in definitions
            for alias in definition.aliases
        },
        known_codes=frozenset(code.token for item in definitions for code in item.codes),
    )


def _compile_measure(measure: Measure) -> _CompiledMeasure:
    definition = measure.definition
    compiler = RuleCompiler(measure.code_lists, measure.drug_tables)

    def outcome(population: Population, reason: str) -> MeasureOutcome:
        return MeasureOutcome(
            measure_id=definition.measure_id,
            stratum=_SINGLE_RATE,
            population=population,
            reason=reason,
        )

    def steps(criteria: Iterable[Criterion], population: Population) -> tuple[_Step, ...]:
        return tuple(
            _Step(
                holds=compiler.compile(criterion.rule),
                outcome=outcome(population, criterion.reason),
            )
            for criterion in criteria
        )

    def compiled(recorded: Recorded | None) -> Predicate | None:
        return None if recorded is None else compiler.compile(recorded.rule)

    def code_steps(*populations: Population) -> tuple[_CodeStep, ...]:
        return tuple(
            _CodeStep(
                code=code.token,
                unless=code.unless,
                unless_recorded=compiled(code.unless_recorded),
                outcome=outcome(population, code.reason),
            )
            for population in populations
            for code in definition.codes
            if code.role.population is population
        )

    return _CompiledMeasure(
        measure_id=definition.measure_id,
        requirements=steps(definition.eligibility, Population.NOT_ELIGIBLE),
        refusing_codes=code_steps(Population.NOT_ELIGIBLE),
        excluding_codes=code_steps(Population.DENOMINATOR_EXCLUSION),
        exclusions=steps(definition.exclusions, Population.DENOMINATOR_EXCLUSION),
        answering_codes=code_steps(*_ANSWERS),
        derived_answers=steps(definition.derived_met, Population.PERFORMANCE_MET)
        + steps(definition.derived_not_met, Population.PERFORMANCE_NOT_MET),
        unreported=outcome(Population.UNREPORTED, NO_ANSWER),
    )
