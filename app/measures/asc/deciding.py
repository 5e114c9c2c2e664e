"""Where a case lands in each measure for surgical centers. Pure, and asked of every record.

Only cases at a surgical center are looked at: a record without ProcedureLocation says of no place
that it is one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final, assert_never

from app.domain.asc import AscOutcome, Landing
from app.domain.cases import AnesthesiaCase
from app.measures.asc.cataract import decide_visual_function, decide_vitrectomy
from app.measures.asc.chart import NOT_LOOKED_AT, Chart
from app.measures.asc.colonoscopy import decide_colonoscopy
from app.measures.asc.definition import (
    AnyMeasure,
    AscManual,
    ColonoscopyMeasure,
    EventMeasure,
    NormothermiaMeasure,
    VisualFunctionMeasure,
    VitrectomyMeasure,
)
from app.measures.asc.events import decide_event
from app.measures.asc.manuals import manual_for
from app.measures.asc.normothermia import decide_normothermia
from app.measures.asc.steps import Found
from app.measures.evaluation.facts import CaseFacts, facts_of

ELSEWHERE: Final = "place:not-a-center"


def asc_outcomes_for(case: AnesthesiaCase) -> list[AscOutcome]:
    """Return where `case` landed in each measure whose population it is in.

    None of a place that is no surgical center, or of a year that no manual is known for.
    """
    manual = manual_for(case.performance_year)
    if manual is None or case.place_of_service != manual.place_of_service:
        return []
    return [
        outcome
        for outcome in asc_decisions(case, manual)
        if outcome.landing is not Landing.NOT_IN_DENOMINATOR
    ]


def asc_decisions(
    case: AnesthesiaCase, manual: AscManual, chart: Chart = NOT_LOOKED_AT
) -> list[AscOutcome]:
    """Return where `case` landed in every measure of `manual`, given what its chart says."""
    if case.place_of_service != manual.place_of_service:
        nowhere = (Landing.NOT_IN_DENOMINATOR, ELSEWHERE)
        return [_outcome(measure, nowhere) for measure in manual.measures]
    facts = facts_of(
        case, measure_by_alias=_aliases(manual.year), unnamed_codes=_reported_codes(manual.year)
    )
    return [_outcome(measure, _decide(measure, facts, chart)) for measure in manual.measures]


def _outcome(measure: AnyMeasure, found: Found) -> AscOutcome:
    landing, reason = found
    return AscOutcome(measure_id=measure.measure_id, landing=landing, reason=reason)


def _decide(measure: AnyMeasure, facts: CaseFacts, chart: Chart) -> Found:
    match measure:
        case EventMeasure():
            return decide_event(measure, facts)
        case ColonoscopyMeasure():
            return decide_colonoscopy(measure, facts, chart)
        case VisualFunctionMeasure():
            return decide_visual_function(measure, facts, chart)
        case VitrectomyMeasure():
            return decide_vitrectomy(measure, facts, chart)
        case NormothermiaMeasure():
            return decide_normothermia(measure, facts, chart)
        case _:
            assert_never(measure)


@cache
def _aliases(year: int) -> Mapping[str, str]:
    """ASC-1 and ASC_1, as the register has them."""
    return {
        alias: measure.measure_id
        for measure in _measures(year)
        for alias in (measure.measure_id, measure.key)
    }


@cache
def _reported_codes(year: int) -> frozenset[str]:
    codes: set[str] = set()
    for measure in _measures(year):
        match measure:
            case EventMeasure(codes=own):
                codes |= own
            case VisualFunctionMeasure(codes=own):
                codes |= {own.improved, own.not_improved, own.survey_missing}
            case _:
                pass
    return frozenset(codes)


def _measures(year: int) -> tuple[AnyMeasure, ...]:
    manual = manual_for(year)
    assert manual is not None, "asked with a manual of the year"
    return manual.measures
