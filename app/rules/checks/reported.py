"""The quality codes of a record as the measures of its year know them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, wraps
from typing import Final, NamedTuple, TypeVar

from app.domain.cases import QualityCode
from app.measures.catalogue.register import MeasureRegister
from app.measures.catalogue.registered import RegisteredCode, RegisteredMeasure
from app.measures.catalogue.terms import code_token
from app.rules.definition import Given, RecordFacts

ENTRY: Final = "OutcomesEvents/QCDRSet/QCDR"

_KEPT: Final = 4096
_USUAL: Final = 32  # entries of a record; a longer list is read, but not remembered

_Said = TypeVar("_Said")


class QualityCodes(NamedTuple):
    """The entries of one record, and the register and year they are read by."""

    register: MeasureRegister
    year: int
    entries: tuple[QualityCode, ...]


class Reported(NamedTuple):
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


def kept(judge: Callable[[QualityCodes], Iterable[_Said]]) -> Callable[..., tuple[_Said, ...]]:
    """Return `judge` with a memory: the same few combinations of codes come again and again."""

    def judge_anew(
        register: MeasureRegister, year: int, entries: tuple[QualityCode, ...]
    ) -> tuple[_Said, ...]:
        return tuple(judge(QualityCodes(register, year, entries)))

    remembered = lru_cache(_KEPT)(judge_anew)

    @wraps(judge)
    def judged(facts: RecordFacts, given: Given | None = None) -> tuple[_Said, ...]:
        entries = facts.case.quality_codes
        if not entries:
            return ()
        answer = remembered if len(entries) <= _USUAL else judge_anew
        return answer(facts.measures, facts.case.performance_year, entries)

    return judged


def active_codes(reported: QualityCodes) -> Iterator[Reported]:
    register, year, entries = reported
    for number, entry in enumerate(entries, start=1):
        measure = register.named(entry.measure)
        if measure is not None and measure.is_active_in(year):
            codes = register.codes_of(measure, year)
            at = f"{ENTRY}[{number}]"
            yield Reported(at, measure, codes, entry.code.upper(), token_of(entry))


def token_of(entry: QualityCode) -> str:
    return code_token(entry.code.upper(), entry.modifier)
