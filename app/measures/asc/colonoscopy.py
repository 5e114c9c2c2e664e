"""ASC-9: a screening colonoscopy without findings, and the interval that its report recommends.

Codes that are not in the record were not done. The interval stands in no case file: without a look
into the chart it cannot be said who is in the numerator.
"""

from collections.abc import Set

from app.domain.asc import Landing
from app.measures.asc.chart import MONTHS_A_YEAR, NOT_LOOKED_AT, Chart, parse_interval
from app.measures.asc.definition import ColonoscopyMeasure
from app.measures.asc.steps import Found, diagnoses_of, with_modifier, without_point
from app.measures.evaluation.facts import CaseFacts


def decide_colonoscopy(measure: ColonoscopyMeasure, facts: CaseFacts, chart: Chart) -> Found:
    refusal = _refusal(measure, facts)
    if refusal is not None:
        return Landing.NOT_IN_DENOMINATOR, refusal
    return _by_chart(measure, facts.case.age_years, chart)


def _refusal(measure: ColonoscopyMeasure, facts: CaseFacts) -> str | None:
    if measure.procedures.isdisjoint(facts.procedures):
        return "not:code"
    if not measure.age.min <= facts.case.age_years <= measure.age.max:
        return "not:age"
    if with_modifier(facts.case, measure.procedures, measure.modifiers_none):
        return "not:modifier"
    if not measure.procedures_none.isdisjoint(facts.procedures):
        return "not:biopsy"
    return _refusal_by_diagnosis(measure, set(diagnoses_of(facts.case)))


def _refusal_by_diagnosis(measure: ColonoscopyMeasure, diagnoses: Set[str]) -> str | None:
    if without_point(measure.diagnosis) not in diagnoses:
        return "not:diagnosis"
    history = tuple(map(without_point, measure.diagnoses_none))
    return "not:history" if any(code.startswith(history) for code in diagnoses) else None


def _by_chart(measure: ColonoscopyMeasure, age_years: int, chart: Chart) -> Found:
    if chart == NOT_LOOKED_AT:
        return Landing.UNDETERMINED, "interval:not-in-case-files"
    is_old = age_years >= measure.no_follow_up_from_age
    if chart.no_follow_up_needed and (is_old or chart.life_expectancy_under_10_years):
        return Landing.EXCLUDED, "reason:no-follow-up"
    interval = parse_interval(chart.follow_up_interval or "")
    if interval is None:
        return Landing.DENOMINATOR_ONLY, "interval:none"
    asked = measure.interval_years * MONTHS_A_YEAR
    if interval.most < asked:
        if chart.medical_reason:
            return Landing.EXCLUDED, "reason:medical"
        return Landing.DENOMINATOR_ONLY, "interval:too-short"
    if interval.least <= asked and interval.least < interval.most:
        return Landing.DENOMINATOR_ONLY, "interval:range"
    return Landing.NUMERATOR, "interval:long-enough"
