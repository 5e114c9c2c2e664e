"""The fields that AQI asks for of every case, where the schema leaves them open.

The schema itself asks for age, payment method and the rest of the list.
"""

from collections.abc import Iterable, Iterator

from app.domain.cases import AnesthesiaCase, ProcedureCode
from app.rules.checks.codes import is_quality_code
from app.rules.checks.places import anesthesia_codes_name
from app.rules.definition import Given, RecordFacts, Remark


def minimum_field_missing(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """One remark for each field; a case that was called off needs no codes."""
    case = facts.case
    if not case.facility_id:
        yield Remark("Procedure/FacilityID", message="facility")
    lacks_anesthesia = _names_nothing_done(case.anesthesia_codes)
    lacks_surgery = _names_nothing_done(case.procedure_codes)
    if not (lacks_anesthesia or lacks_surgery) or was_called_off(case, given):
        return
    if lacks_anesthesia and _had_anesthesia(case, given):
        name = anesthesia_codes_name(facts.years)
        yield Remark(f"AnesthesiaCase/{name}", {"codes": name}, "anesthesia")
    if lacks_surgery and not _needs_no_surgeon(case, given):
        yield Remark("Procedure/CPTSet", message="surgery")


def _names_nothing_done(codes: Iterable[ProcedureCode]) -> bool:
    """Whether there is no code, or none but quality codes."""
    return all(is_quality_code(code.value) for code in codes)


def was_called_off(case: AnesthesiaCase, given: Given) -> bool:
    """Before induction or before its start."""
    called_off = given.lists["outcomes_called_off"]
    return any(each.occurred and str(each.outcome_id) in called_off for each in case.outcomes)


def _had_anesthesia(case: AnesthesiaCase, given: Given) -> bool:
    return any(each.category not in given.lists["no_anesthesia"] for each in case.methods)


def _needs_no_surgeon(case: AnesthesiaCase, given: Given) -> bool:
    return any(each.value in given.lists["without_surgeon"] for each in case.anesthesia_codes)
