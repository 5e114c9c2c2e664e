"""A measure in plain words: the questions in the order in which they decide where a case lands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.measures.catalogue.terms import CodeRole, Confidence
from app.measures.changes_wire import ChangeDetail
from app.measures.detail_wire import CodeMeaning, MeasureDetail, RateDetail, RuleDetail
from app.measures.summary_wire import MeasureSummary

_ENTRY: Final = {
    CodeRole.NOT_ELIGIBLE: "It is not a case of the measure, if one of these holds",
    CodeRole.DENOMINATOR_EXCLUSION: "Else it is excluded, if",
}
_REPORTED: Final = {
    CodeRole.PERFORMANCE_MET: "Else the performance is met, if it was reported by",
    CodeRole.DENOMINATOR_EXCEPTION: "Else it is an exception, if it was reported by",
    CodeRole.PERFORMANCE_NOT_MET: "Else the performance is not met, if it was reported by",
}
_RECORDED: Final = {
    CodeRole.PERFORMANCE_MET: "Else, without a code, the performance is met, if the record says",
    CodeRole.PERFORMANCE_NOT_MET: "Else, without a code, it is not met, if the record says",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`code` is a quality code with its modifier; without one the record itself decides."""

    meaning: str
    code: str | None = None
    assumed: str | None = None
    confidence: Confidence | None = None
    against: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    """`rate` is None for a measure with one rate."""

    rate: RateDetail | None
    questions: tuple[Question, ...]


def rates_in_words(detail: MeasureDetail) -> tuple[RateView, ...]:
    """Return what decides each rate that cases land in."""
    rates: list[RateDetail | None] = [rate for rate in detail.rates if rate.part is not None]
    return tuple(
        RateView(rate=rate, questions=tuple(_questions(detail, rate))) for rate in rates or [None]
    )


def codes_of_members(detail: MeasureDetail) -> tuple[Line, ...]:
    """Return the codes that say who belongs to the measure, and answer nothing."""
    return tuple(_of_code(code) for code in detail.codes if code.role is CodeRole.ELIGIBLE)


def _questions(detail: MeasureDetail, rate: RateDetail | None) -> Iterator[Question]:
    """Yield them in the order of the engine: a reported answer is heard before the record."""
    for role, title in _ENTRY.items():
        yield from _question(title, (*_rules(detail, rate, role), *_codes(detail, rate, role)))
    for role, title in _REPORTED.items():
        yield from _question(title, _codes(detail, rate, role))
    for role, title in _RECORDED.items():
        yield from _question(title, _rules(detail, rate, role))


def _question(title: str, lines: tuple[Line, ...]) -> Iterator[Question]:
    if lines:
        yield Question(title=title, lines=lines)


def _codes(detail: MeasureDetail, rate: RateDetail | None, role: CodeRole) -> tuple[Line, ...]:
    return tuple(_of_code(c) for c in detail.codes if c.role is role and _asks(c.part, rate))


def _rules(detail: MeasureDetail, rate: RateDetail | None, role: CodeRole) -> tuple[Line, ...]:
    return tuple(_of_rule(r) for r in detail.rules if r.decides is role and _asks(r.part, rate))


def _asks(part: str | None, rate: RateDetail | None) -> bool:
    return rate is None or part is None or part == rate.part


def _of_rule(rule: RuleDetail) -> Line:
    return Line(meaning=rule.meaning, assumed=rule.assumed)


def _of_code(code: CodeMeaning) -> Line:
    outweighed = code.overruled_by_record or code.overruled_by
    return Line(
        meaning=code.meaning,
        code=f"{code.code} {code.modifier}" if code.modifier else code.code,
        confidence=code.confidence,
        against=outweighed,
    )


SHOWN: Final = {
    "all": "all measures",
    "computed": "those with results",
    "set": "the anesthesiology set",
    "mvp": "the MVP for anesthesia (G0059)",
    "outcome": "outcome measures",
    "high_priority": "high-priority measures",
}


def is_shown(measure: MeasureSummary, which: str) -> bool:
    """Whether a list of `which` (a key of `SHOWN`) has the measure; of any other word all are."""
    match which:
        case "computed":
            return measure.computed
        case "set":
            return measure.anesthesiology_set
        case "mvp":
            return "G0059" in measure.mvps
        case "outcome":
            return measure.outcome
        case "high_priority":
            return measure.high_priority
        case _:
            return True


def by_measure(changes: tuple[ChangeDetail, ...]) -> list[tuple[ChangeDetail, list[ChangeDetail]]]:
    """Return the changes of each measure, with the first of them for its name."""
    grouped = [list(found) for _, found in groupby(changes, key=lambda change: change.measure_id)]
    return [(found[0], found) for found in grouped]
