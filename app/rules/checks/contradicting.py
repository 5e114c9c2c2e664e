"""Quality codes that contradict each other, wherever in the record they stand."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.measures.catalogue.registered import RegisteredCode
from app.measures.catalogue.terms import CodeRole
from app.rules.checks.reported import QualityCodes, Reported, active_codes, kept
from app.rules.checks.unnamed import UnnamedCode, unnamed_codes
from app.rules.definition import Given, RecordFacts, Remark

_ANSWERS: Final[Mapping[CodeRole, str]] = {
    CodeRole.PERFORMANCE_MET: "met",
    CodeRole.PERFORMANCE_NOT_MET: "not met",
    CodeRole.DENOMINATOR_EXCEPTION: "a denominator exception",
}


def quality_codes_contradict(facts: RecordFacts, given: Given) -> Iterable[Remark]:
    """Two answers to one question, or a code next to the one that says its opposite.

    Codes that say who belongs to the measure stand next to an answer without contradicting it.
    """
    unnamed = unnamed_codes(facts)
    return _contradictions_beside(facts, unnamed) if unnamed else _contradictions(facts)


@kept
def _contradictions(reported: QualityCodes) -> Iterator[Remark]:
    return _contradictions_among(active_codes(reported))


def _contradictions_beside(
    facts: RecordFacts, unnamed: tuple[UnnamedCode, ...]
) -> Iterator[Remark]:
    case = facts.case
    reported = QualityCodes(facts.measures, case.performance_year, case.quality_codes)
    return _contradictions_among([*active_codes(reported), *_active_unnamed(reported, unnamed)])


def _contradictions_among(reported: Iterable[Reported]) -> Iterator[Remark]:
    known = [(entry, code) for entry in reported if (code := entry.known) is not None]
    yield from _answers_that_differ(known)
    yield from _opposites(known)


def _answers_that_differ(known: list[tuple[Reported, RegisteredCode]]) -> Iterator[Remark]:
    answers: dict[tuple[str, str], RegisteredCode] = {}
    told = set()
    for entry, code in known:
        if code.role in _ANSWERS:
            question = entry.measure.measure_id, code.part
            first = answers.setdefault(question, code)
            if first.role is not code.role and question not in told:
                told.add(question)
                yield _contradiction(entry, code, first, "answers")


def _opposites(known: list[tuple[Reported, RegisteredCode]]) -> Iterator[Remark]:
    said = {(entry.measure.measure_id, code.token): code for entry, code in known}
    for entry, code in known:
        opposite = code.unless and said.get((entry.measure.measure_id, code.unless))
        if opposite:
            yield _contradiction(entry, code, opposite, "opposites")


def _contradiction(
    entry: Reported, code: RegisteredCode, other: RegisteredCode, message: str
) -> Remark:
    words = {
        "measure": entry.measure.name_in_files,
        "code": _written(code),
        "other": _written(other),
        "answer": _ANSWERS.get(code.role),
        "other_answer": _ANSWERS.get(other.role),
    }
    return Remark(entry.at, words, message)


def _active_unnamed(reported: QualityCodes, unnamed: Iterable[UnnamedCode]) -> Iterator[Reported]:
    register, year, _ = reported
    for at, code, token in unnamed:
        for measure in register.reported_by(code):
            if measure.is_active_in(year):
                yield Reported(at, measure, register.codes_of(measure, year), code, token)


def _written(code: RegisteredCode) -> str:
    return f"{code.code} with {code.modifier}" if code.modifier else code.code
