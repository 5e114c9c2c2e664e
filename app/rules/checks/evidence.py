"""Quality codes against what the record itself holds: readings, methods, drugs, outcomes."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue.catalogue import YearCatalogue, shipped_catalogue
from app.measures.catalogue.definition import CODE_REASON
from app.measures.catalogue.terms import code_token
from app.measures.evaluation.engine import contradictions_in
from app.rules.checks.reported import ENTRY
from app.rules.checks.unnamed import UnnamedCode, unnamed_codes
from app.rules.definition import Given, RecordFacts, Remark

_ANSWERS: Final[Mapping[Population, str]] = {
    Population.PERFORMANCE_MET: "met",
    Population.PERFORMANCE_NOT_MET: "not met",
}


def record_contradicts_code(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A code that answers a measure otherwise than the record: once for each rate."""
    unnamed = unnamed_codes(facts)
    if not facts.case.quality_codes and not unnamed:
        return
    year = shipped_catalogue().for_year(facts.case.performance_year)
    if year is None:
        return
    for reported, recorded in contradictions_in(facts.case, year):
        code = reported.reason.removeprefix(CODE_REASON)
        measure = facts.measures.known_as(reported.measure_id)
        assert measure is not None, "the register knows every measure that is computed"
        words = {
            "code": code,
            "measure": measure.name_in_files,
            "answer": _ANSWERS[reported.population],
            "recorded": _meaning(recorded, year),
        }
        yield Remark(_place(reported, code, facts, unnamed), words)


def _place(
    reported: MeasureOutcome, code: str, facts: RecordFacts, unnamed: tuple[UnnamedCode, ...]
) -> str:
    """The entry that reports it; without one the CPT or ICD code that does."""
    for number, entry in enumerate(facts.case.quality_codes, start=1):
        measure = facts.measures.named(entry.measure)
        is_of_measure = measure is not None and measure.measure_id == reported.measure_id
        if is_of_measure and code_token(entry.code.upper(), entry.modifier) == code:
            return f"{ENTRY}[{number}]"
    return next(each.at for each in unnamed if each.token == code)


def _meaning(recorded: MeasureOutcome, year: YearCatalogue) -> str:
    measure = year.measure(recorded.measure_id)
    assert measure is not None, "the outcome is one of the year's"
    meanings = {each.reason: each.meaning for each in measure.definition.all_criteria}
    return meanings[recorded.reason]
