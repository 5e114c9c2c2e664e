"""Outcomes: yes and no of the same, and how bad it was though it did not happen."""

from collections.abc import Iterator
from typing import Final

from app.rules.definition import Given, RecordFacts, Remark

_OUTCOMES: Final = "OutcomesEvents/OutcomeSet/Outcome"


def severity_without_outcome(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    for number, outcome in enumerate(facts.case.outcomes, start=1):
        severity = None if outcome.occurred else outcome.severity
        if severity and severity not in given.lists["none"]:
            yield Remark(f"{_OUTCOMES}[{number}]/OutcomeSeverity")


def outcome_contradicted(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A no of the same time frame as a yes, or of none; no in one and yes in another can be."""
    outcomes = facts.case.outcomes
    if len({outcome.outcome_id for outcome in outcomes}) == len(outcomes):
        return
    occurred = {(each.outcome_id, each.time_frame) for each in outcomes if each.occurred}
    ever_occurred = {outcome_id for outcome_id, _ in occurred}
    for number, outcome in enumerate(outcomes, start=1):
        answer = (outcome.outcome_id, outcome.time_frame)
        is_never = not outcome.time_frame and outcome.outcome_id in ever_occurred
        if not outcome.occurred and (is_never or answer in occurred):
            yield Remark(f"{_OUTCOMES}[{number}]/OutcomeOccurred")
