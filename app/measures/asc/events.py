"""ASC-1 to ASC-4: an event of the stay puts a case in the numerator.

An outcome that is not in the record, or has OutcomeOccurred false, is no event. Without a time
frame an outcome is taken as one of the visit. Either a reported code or the record says that the
event was; a code that says it was not outweighs neither.
"""

from typing import Final

from app.domain.asc import Landing
from app.domain.cases import OutcomeEvent
from app.measures.asc.definition import EventMeasure
from app.measures.asc.steps import Found
from app.measures.evaluation.facts import CaseFacts

_OF_THE_VISIT: Final = frozenset({None, "PreOp", "IntraOp", "PACU"})


def decide_event(measure: EventMeasure, facts: CaseFacts) -> Found:
    if measure.codes & facts.reported(measure.measure_id):
        return Landing.NUMERATOR, "event:reported"
    events = [e for e in facts.case.outcomes if e.occurred and e.outcome_id in measure.outcomes]
    if any(_is_in_time(event, measure) for event in events):
        return Landing.NUMERATOR, "event:recorded"
    if facts.case.discharge in measure.discharges:
        return Landing.NUMERATOR, "event:discharge"
    if any(e.occurred and e.outcome_id in measure.doubtful_outcomes for e in facts.case.outcomes):
        return Landing.UNDETERMINED, "event:doubtful"
    return Landing.DENOMINATOR_ONLY, "event:after-the-visit" if events else "event:none"


def _is_in_time(event: OutcomeEvent, measure: EventMeasure) -> bool:
    return not measure.within_the_visit or event.time_frame in _OF_THE_VISIT
