"""ASC-13: warm within 15 minutes of PACU arrival, after 60 minutes of anesthesia or more.

Induction and PACU arrival never stand in for the start and the end of anesthesia: the schemas
require both, and a record without one is no case. A temperature without a number is none.
"""

from datetime import datetime, timedelta

from app.domain.asc import Landing
from app.domain.cases import AnesthesiaCase, Temperature
from app.measures.asc.chart import Chart
from app.measures.asc.definition import NormothermiaMeasure
from app.measures.asc.steps import Found, to_the_minute
from app.measures.evaluation.facts import CaseFacts
from app.measures.evaluation.temperature import is_warm_enough


def decide_normothermia(measure: NormothermiaMeasure, facts: CaseFacts, chart: Chart) -> Found:
    minutes = _anesthesia_minutes(measure, facts.case)
    if minutes is None:
        return Landing.NOT_IN_DENOMINATOR, "not:method"
    if minutes < timedelta(minutes=measure.minutes_at_least):
        return Landing.NOT_IN_DENOMINATOR, "not:duration"
    if chart.hypothermia_documented_by in measure.hypothermia_documented_by:
        return Landing.EXCLUDED, "hypothermia:intended"
    if facts.case.pacu_arrival is None:
        return _without_arrival(measure, facts.case)
    return _after(to_the_minute(facts.case.pacu_arrival), measure, facts.case)


def _anesthesia_minutes(measure: NormothermiaMeasure, case: AnesthesiaCase) -> timedelta | None:
    """From the first start to the last end of what is general or neuraxial."""
    methods = [each for each in case.methods if each.category in measure.categories]
    if not methods:
        return None
    first, last = min(each.start for each in methods), max(each.end for each in methods)
    return to_the_minute(last) - to_the_minute(first)


def _without_arrival(measure: NormothermiaMeasure, case: AnesthesiaCase) -> Found:
    if any(is_warm_enough(reading, measure) for reading in case.temperatures):
        return Landing.UNDETERMINED, "pacu:arrival-unknown"
    return Landing.DENOMINATOR_ONLY, "temperature:none-warm"


def _after(arrival: datetime, measure: NormothermiaMeasure, case: AnesthesiaCase) -> Found:
    last = arrival + timedelta(minutes=measure.minutes_after_arrival)
    warm = [each for each in case.temperatures if is_warm_enough(each, measure)]
    timed = [to_the_minute(each.at) for each in warm if each.at is not None]
    if any(arrival <= at <= last for at in timed):
        return Landing.NUMERATOR, "temperature:warm-in-time"
    if len(timed) < len(warm):
        return Landing.UNDETERMINED, "temperature:time-unknown"
    if any(_is_between(arrival, last, each) for each in case.temperatures):
        return Landing.DENOMINATOR_ONLY, "temperature:below"
    is_late = any(at > last for at in timed)
    return Landing.DENOMINATOR_ONLY, "temperature:too-late" if is_late else "temperature:none"


def _is_between(first: datetime, last: datetime, reading: Temperature) -> bool:
    return reading.at is not None and first <= to_the_minute(reading.at) <= last
