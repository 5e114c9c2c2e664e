"""Figures of estimated scores: the steps that lead to them, and what would raise them."""

from decimal import Decimal
from typing import Final

from app.dashboard.figures.figure import Column, Figure, Row, Unit, row_of
from app.measures.scoring.measured import Change
from app.measures.scoring_wire import EntityScoreOut, GainOut, StepOut

_MOST_GAINS: Final = 8
_CHANGES: Final = {
    Change.REPORT: "Report it",
    Change.COMPLETE: "Answer all that is missing",
    Change.ENOUGH_CASES: "Reach the case minimum",
    Change.NEXT_DECILE: "Reach the next decile",
}
_WITHOUT_QCDR: Final = "Send measures of MIPS alone, without those of a QCDR"


def what_would_help(score: EntityScoreOut, *, key: str, whose: str) -> Figure:
    gains = [each for each in score.what_would_help or () if each.quality_change > 0]
    return Figure(
        key=key,
        heading=f"What would help, {whose}",
        summary="By how much the estimate of the final score would rise."
        if gains
        else "Nothing that is known here would raise the estimate.",
        columns=(
            Column(name="Measure"),
            Column(name="What"),
            Column(name="Cases", unit=Unit.COUNT),
            Column(name="Points now", unit=Unit.POINTS),
            Column(name="Points then", unit=Unit.POINTS),
            Column(name="Final score rises by", unit=Unit.POINTS),
        ),
        rows=tuple(_gain_row(each) for each in gains[:_MOST_GAINS]),
    )


def score_steps(score: EntityScoreOut, *, key: str, whose: str) -> Figure:
    """Every step to the estimate, in the order in which they were done."""
    return Figure(
        key=key,
        heading=f"How the estimate comes about, {whose}",
        summary="",
        columns=(
            Column(name="Step"),
            Column(name="Category"),
            Column(name="Figures"),
            Column(name="Result"),
            Column(name="How well the rule is known"),
            Column(name="Source"),
        ),
        rows=tuple(_step_row(each) for each in score.steps or ()),
        is_broad=True,
    )


def _gain_row(gain: GainOut) -> Row:
    change = _WITHOUT_QCDR if gain.change is None else _CHANGES[gain.change]
    return row_of(
        gain.measure_id or "all",
        change,
        gain.cases,
        gain.points_now,
        gain.points_then,
        gain.final_change,
    )


def _step_row(step: StepOut) -> Row:
    figures = "; ".join(f"{_words(name)} {_plain(value)}" for name, value in step.figures.items())
    return row_of(
        step.label,
        "final score" if step.category is None else _words(step.category.value),
        figures,
        "" if step.result is None else _plain(step.result),
        _words(step.mark.value),
        step.source,
    )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _words(name: str) -> str:
    return name.replace("_", " ")
