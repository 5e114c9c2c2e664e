"""Quality codes: what a record reports for a measure, against what the measure and its year know.

Mostly the entries of QCDRSet are looked at, for only there a measure is named. A quality code among
CPT or ICD codes speaks for every measure that knows it, so it can be of none wrongly; but it can
contradict another one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, wraps
from typing import Final, NamedTuple, TypeVar

from app.domain.cases import QualityCode
from app.measures.catalogue.register import MeasureRegister
from app.measures.catalogue.registered import AgeBounds, RegisteredCode, RegisteredMeasure
from app.measures.catalogue.terms import CodeRole, code_token
from app.rules.checks.unnamed import UnnamedCode, unnamed_codes
from app.rules.definition import Given, RecordFacts, Remark

ENTRY: Final = "OutcomesEvents/QCDRSet/QCDR"

_HCPCS: Final = re.compile(r"[A-Z]\d{4}", re.ASCII | re.IGNORECASE)
_IMPROVEMENT: Final = "IIM"
_ANSWERS: Final[Mapping[CodeRole, str]] = {
    CodeRole.PERFORMANCE_MET: "met",
    CodeRole.PERFORMANCE_NOT_MET: "not met",
    CodeRole.DENOMINATOR_EXCEPTION: "a denominator exception",
}
_OUTSIDE: Final = (CodeRole.NOT_ELIGIBLE, CodeRole.DENOMINATOR_EXCLUSION)
_KEPT: Final = 4096
_USUAL: Final = 32  # entries of a record; a longer list is read, but not remembered

_Said = TypeVar("_Said")


class _QualityCodes(NamedTuple):
    """The entries of one record, and the register and year they are read by."""

    register: MeasureRegister
    year: int
    entries: tuple[QualityCode, ...]


class _Reported(NamedTuple):
    """A code of a measure that is active in the year; `codes` are those of the measure in it.

    `at` is the path of the entry that names the measure, or of the CPT or ICD code.
    """

    at: str
    measure: RegisteredMeasure
    codes: Mapping[str, RegisteredCode]
    code: str
    token: str

    @property
    def known(self) -> RegisteredCode | None:
        """What the measure means by the code; None when it does not know it."""
        return self.codes.get(self.token)


def _kept(judge: Callable[[_QualityCodes], Iterable[_Said]]) -> Callable[..., tuple[_Said, ...]]:
    """Return `judge` with a memory: the same few combinations of codes come again and again."""

    def judge_anew(
        register: MeasureRegister, year: int, entries: tuple[QualityCode, ...]
    ) -> tuple[_Said, ...]:
        return tuple(judge(_QualityCodes(register, year, entries)))

    remembered = lru_cache(_KEPT)(judge_anew)

    @wraps(judge)
    def judged(facts: RecordFacts, given: Given | None = None) -> tuple[_Said, ...]:
        entries = facts.case.quality_codes
        if not entries:
            return ()
        answer = remembered if len(entries) <= _USUAL else judge_anew
        return answer(facts.measures, facts.case.performance_year, entries)

    return judged


@_kept
def quality_code_twice(reported: _QualityCodes) -> Iterator[Remark]:
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        measure = reported.register.named(entry.measure)
        name = entry.measure.upper() if measure is None else measure.measure_id
        said = name, _token(entry)
        if said in seen:
            yield Remark(f"{ENTRY}[{number}]")
        seen.add(said)


def quality_codes_contradict(facts: RecordFacts, given: Given) -> Iterable[Remark]:
    """Two answers to one question, or a code next to the one that says its opposite.

    Codes that say who belongs to the measure stand next to an answer without contradicting it.
    """
    unnamed = unnamed_codes(facts)
    return _contradictions_beside(facts, unnamed) if unnamed else _contradictions(facts)


@_kept
def _contradictions(reported: _QualityCodes) -> Iterator[Remark]:
    return _contradictions_among(_active(reported))


def _contradictions_beside(
    facts: RecordFacts, unnamed: tuple[UnnamedCode, ...]
) -> Iterator[Remark]:
    case = facts.case
    reported = _QualityCodes(facts.measures, case.performance_year, case.quality_codes)
    return _contradictions_among([*_active(reported), *_active_unnamed(reported, unnamed)])


def _contradictions_among(reported: Iterable[_Reported]) -> Iterator[Remark]:
    known = [(entry, code) for entry in reported if (code := entry.known) is not None]
    yield from _answers_that_differ(known)
    yield from _opposites(known)


def _answers_that_differ(known: list[tuple[_Reported, RegisteredCode]]) -> Iterator[Remark]:
    answers: dict[tuple[str, str], RegisteredCode] = {}
    told = set()
    for entry, code in known:
        if code.role in _ANSWERS:
            question = entry.measure.measure_id, code.part
            first = answers.setdefault(question, code)
            if first.role is not code.role and question not in told:
                told.add(question)
                yield _contradiction(entry, code, first, "answers")


def _opposites(known: list[tuple[_Reported, RegisteredCode]]) -> Iterator[Remark]:
    said = {(entry.measure.measure_id, code.token): code for entry, code in known}
    for entry, code in known:
        opposite = code.unless and said.get((entry.measure.measure_id, code.unless))
        if opposite:
            yield _contradiction(entry, code, opposite, "opposites")


def _contradiction(
    entry: _Reported, code: RegisteredCode, other: RegisteredCode, message: str
) -> Remark:
    words = {
        "measure": entry.measure.name_in_files,
        "code": _written(code),
        "other": _written(other),
        "answer": _ANSWERS.get(code.role),
        "other_answer": _ANSWERS.get(other.role),
    }
    return Remark(entry.at, words, message)


@_kept
def quality_code_of_other_measure(reported: _QualityCodes) -> Iterator[Remark]:
    """A code that some measure knows, though not the one it is reported for.

    A measure whose codes are not public is not asked.
    """
    seen = set()
    for entry in _active(reported):
        if entry.code in entry.codes or not entry.measure.has_known_answers:
            continue
        owners = reported.register.reported_by(entry.code)
        if owners and (entry.measure.measure_id, entry.code) not in seen:
            seen.add((entry.measure.measure_id, entry.code))
            yield _of_other(entry, owners)


def _of_other(entry: _Reported, owners: tuple[RegisteredMeasure, ...]) -> Remark:
    words = {
        "measure": entry.measure.name_in_files,
        "owners": " or ".join(owner.name_in_files for owner in owners),
    }
    return Remark(
        f"{entry.at}/QCDRCodeValue",
        words,
        "other_year" if entry.measure in owners else "other_measure",
        expected=tuple(dict.fromkeys(code.code for code in entry.codes.values())),
    )


@_kept
def measure_not_active(reported: _QualityCodes) -> Iterator[Remark]:
    """Once for each measure. What a practice keeps for itself (IIM) is of every year."""
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        measure = reported.register.named(entry.measure)
        if measure is None or measure.is_active_in(reported.year) or measure in seen:
            continue
        seen.add(measure)
        yield Remark(
            f"{ENTRY}[{number}]/QCDRMeasure",
            {
                "measure": measure.name_in_files,
                "year": reported.year,
                "years": _span(measure.years),
            },
            "other_years" if measure.years else "retired",
            suggestion=_only_measure_of(entry.code, reported),
        )


@_kept
def measure_unknown(reported: _QualityCodes) -> Iterator[Remark]:
    """Once for each name. AQI gives out IIM ids to practices: not all are known."""
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        name = entry.measure.upper()
        if name in seen or name.startswith(_IMPROVEMENT):
            continue
        seen.add(name)
        if reported.register.named(name) is None:
            suggestion = _only_measure_of(entry.code, reported)
            yield Remark(f"{ENTRY}[{number}]/QCDRMeasure", suggestion=suggestion)


def age_outside_measure(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    for entry, measure, age in _ages_asked(facts):
        if not age.hold(facts.case.age_years):
            words = {"measure": measure.name_in_files, "ages": _ages(age)}
            yield Remark(f"{entry}/QCDRMeasure", words)


@_kept
def _ages_asked(reported: _QualityCodes) -> Iterable[tuple[str, RegisteredMeasure, AgeBounds]]:
    """Once for each measure. A code that takes the case out of the measure agrees with any age."""
    asked: dict[str, tuple[str, RegisteredMeasure, AgeBounds]] = {}
    for entry in _active(reported):
        measure, code = entry.measure, entry.known
        if measure.age is not None and (code is None or code.role not in _OUTSIDE):
            asked.setdefault(measure.measure_id, (entry.at, measure, measure.age))
    return asked.values()


def modifier_of_other_codes(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A modifier of CPT category II at a code of HCPCS."""
    for number, entry in enumerate(facts.case.quality_codes, start=1):
        if entry.modifier.upper() in given.lists["modifiers"] and _HCPCS.fullmatch(entry.code):
            yield Remark(f"{ENTRY}[{number}]/QCDRModifier")


def _active(reported: _QualityCodes) -> Iterator[_Reported]:
    register, year, entries = reported
    for number, entry in enumerate(entries, start=1):
        measure = register.named(entry.measure)
        if measure is not None and measure.is_active_in(year):
            codes = register.codes_of(measure, year)
            at = f"{ENTRY}[{number}]"
            yield _Reported(at, measure, codes, entry.code.upper(), _token(entry))


def _active_unnamed(reported: _QualityCodes, unnamed: Iterable[UnnamedCode]) -> Iterator[_Reported]:
    register, year, _ = reported
    for at, code, token in unnamed:
        for measure in register.reported_by(code):
            if measure.is_active_in(year):
                yield _Reported(at, measure, register.codes_of(measure, year), code, token)


def _only_measure_of(code: str, reported: _QualityCodes) -> str | None:
    """Return the measure that `code` reports in the year, if it is one."""
    measures = reported.register.reported_by(code)
    active = [measure for measure in measures if measure.is_active_in(reported.year)]
    return active[0].name_in_files if len(active) == 1 else None


def _token(entry: QualityCode) -> str:
    return code_token(entry.code.upper(), entry.modifier)


def _written(code: RegisteredCode) -> str:
    return f"{code.code} with {code.modifier}" if code.modifier else code.code


def _span(years: range | None) -> str:
    if not years:
        return ""
    first, last = years[0], years[-1]
    return f"{first}" if first == last else f"{first} to {last}"


def _ages(age: AgeBounds) -> str:
    if age.most is None:
        return f"{age.least} years or more"
    return f"{age.least} to {age.most} years"
