"""Where a case lands in each measure. Pure, and asked for every record that comes in.

Order: not eligible, denominator exclusion, performance met, denominator exception, performance not
met, unreported. Exclusions hold whether reported or recorded, and so does what makes a case not
eligible, unless the edition lets elements of the record outweigh the code. After them a reported
code is heard before anything read from the record, unless the edition says otherwise (assumed:
none does); among several reported codes the order decides, so met goes before not met. A reported
exception does not count where the record says that the measure was met. Each rate of a measure
with several is decided by itself.
Source: QPP measure flows; CMS, Blueprint for the Measures Management System ("denominator
exceptions": only if the numerator criteria are not met).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.domain.cases import AnesthesiaCase
from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue.catalogue import Measure, YearCatalogue
from app.measures.catalogue.definition import SINGLE_RATE
from app.measures.evaluation.candidates import Candidates
from app.measures.evaluation.compiled import NO_ANSWER, CompiledRate, Contradiction, compiled_rates
from app.measures.evaluation.facts import CaseFacts, codes_that_speak_alone, facts_of

__all__ = ["NO_ANSWER", "compiled_for", "contradictions_in", "outcome_for", "outcomes_for"]


def outcomes_for(case: AnesthesiaCase, year: YearCatalogue) -> list[MeasureOutcome]:
    """Return the outcome of `case` in each rate of each measure of `year` it is eligible for.

    `year` must be the performance year of the case.
    """
    program = _program_of(year)
    facts = program.facts_of(case)
    return [
        outcome
        for rate in program.candidates.for_case(facts)
        if (outcome := rate.outcome(facts)).population is not Population.NOT_ELIGIBLE
    ]


def outcome_for(
    measure: Measure, case: AnesthesiaCase, stratum: str = SINGLE_RATE
) -> MeasureOutcome:
    """Return the one outcome of `case` in a rate of `measure`, which may be NOT_ELIGIBLE."""
    program = _program_of_one(measure)
    (rate,) = (rate for rate in program.rates if rate.stratum == stratum)
    return rate.outcome(program.facts_of(case))


def contradictions_in(case: AnesthesiaCase, year: YearCatalogue) -> list[Contradiction]:
    """Return where a reported code answers otherwise than the record."""
    program = _program_of(year)
    facts = program.facts_of(case)
    return [
        found
        for rate in program.candidates.for_case(facts)
        if rate.contradicting_answers and (found := rate.contradiction(facts)) is not None
    ]


def compiled_for(
    measure: Measure, case: AnesthesiaCase
) -> tuple[tuple[CompiledRate, ...], CaseFacts]:
    """Return the rates of `measure`, and what they ask of `case`."""
    program = _program_of_one(measure)
    return program.rates, program.facts_of(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """The measures of a year, compiled."""

    rates: tuple[CompiledRate, ...]
    candidates: Candidates
    measure_by_alias: Mapping[str, str]
    unnamed_codes: frozenset[str]

    def facts_of(self, case: AnesthesiaCase) -> CaseFacts:
        return facts_of(
            case, measure_by_alias=self.measure_by_alias, unnamed_codes=self.unnamed_codes
        )


@cache
def _program_of(year: YearCatalogue) -> _Program:
    return _compile(year.measures)


@cache
def _program_of_one(measure: Measure) -> _Program:
    return _compile((measure,))


def _compile(measures: tuple[Measure, ...]) -> _Program:
    rates = tuple(rate for measure in measures for rate in compiled_rates(measure))
    return _Program(
        rates=rates,
        candidates=Candidates(rates),
        measure_by_alias={
            alias.upper(): measure.measure_id
            for measure in measures
            for alias in measure.facts.aliases
        },
        unnamed_codes=codes_that_speak_alone(
            {code.token for measure in measures for code in measure.definition.codes}
        ),
    )
