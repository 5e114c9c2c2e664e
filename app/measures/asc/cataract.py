"""ASC-11 and ASC-14: cataract surgery. Case files hold candidates; the rest is in the chart.

Codes that are not in the record were not done.
"""

from datetime import date, timedelta

from app.domain.asc import Landing
from app.measures.asc.chart import Chart
from app.measures.asc.definition import VisualFunctionMeasure, VitrectomyMeasure
from app.measures.asc.steps import Found, with_modifier
from app.measures.evaluation.facts import CaseFacts


def decide_visual_function(measure: VisualFunctionMeasure, facts: CaseFacts, chart: Chart) -> Found:
    refusal = _refusal(measure, facts)
    if refusal is not None:
        return Landing.NOT_IN_DENOMINATOR, refusal
    reported, codes = facts.reported(measure.measure_id), measure.codes
    if chart.both_surveys_completed is False or codes.survey_missing in reported:
        return Landing.EXCLUDED, "survey:not-completed"
    if _is_told(chart, improved=True) or codes.improved in reported:
        return Landing.NUMERATOR, "survey:improved"
    if _is_told(chart, improved=False) or codes.not_improved in reported:
        return Landing.DENOMINATOR_ONLY, "survey:not-improved"
    return Landing.UNDETERMINED, "survey:not-in-case-files"


def _refusal(measure: VisualFunctionMeasure, facts: CaseFacts) -> str | None:
    case = facts.case
    if measure.procedures.isdisjoint(facts.procedures):
        return "not:code"
    if case.age_years < measure.min_age:
        return "not:age"
    if with_modifier(case, measure.procedures, measure.modifiers_none):
        return "not:modifier"
    last_day = date(case.performance_year, 12, 31) - timedelta(days=measure.days_before_year_end)
    return "not:late" if case.date_of_service > last_day else None


def _is_told(chart: Chart, *, improved: bool) -> bool:
    return chart.both_surveys_completed is True and chart.sight_improved is improved


def decide_vitrectomy(measure: VitrectomyMeasure, facts: CaseFacts, chart: Chart) -> Found:
    if measure.procedures.isdisjoint(facts.procedures):
        return Landing.NOT_IN_DENOMINATOR, "not:code"
    if chart.unplanned_vitrectomy is not None:
        if chart.unplanned_vitrectomy:
            return Landing.NUMERATOR, "vitrectomy:unplanned"
        return Landing.DENOMINATOR_ONLY, "vitrectomy:planned"
    if measure.vitrectomies.isdisjoint(facts.procedures):
        return Landing.DENOMINATOR_ONLY, "vitrectomy:not-coded"
    return Landing.UNDETERMINED, "vitrectomy:coded"
