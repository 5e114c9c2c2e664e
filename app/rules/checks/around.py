"""What happens around an anesthetic, held against it: surgery, induction, doses, staff."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from lxml import etree

from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time
from app.rules.checks.codes import is_listed
from app.rules.checks.minimum import was_called_off
from app.rules.checks.moments import (
    NO_MARGIN,
    by_one_clock,
    earliest,
    hours,
    is_after,
    is_surely_before,
    latest,
    minutes,
)
from app.rules.checks.places import METHODS, path_in_record
from app.rules.definition import Given, RecordFacts, Remark

_DAY: Final = timedelta(days=1)
_DATE_END: Final = len("2020-03-01")
# Of an infusion or a milestone only the start: either may go on for days.
_NEAR_THE_CASE: Final = ("StaffSignIn", "StaffSignOut", "DoseStart", "TMStartTime")


@by_one_clock
def procedure_outside_anesthesia(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Wholly before or after. A delivery may follow labor analgesia by many hours."""
    case, margin = facts.case, hours(given.numbers["hours"])
    if any(is_listed(code.value, given.lists["labor"]) for code in case.anesthesia_codes):
        return
    first, last = case.procedure_start, case.procedure_end
    if is_surely_before(last or first, earliest(case), margin):
        yield Remark(f"Procedure/{'ProcEndTime' if last else 'ProcStartTime'}", message="before")
    elif is_after(first or last, latest(case), margin):
        yield Remark(f"Procedure/{'ProcStartTime' if first else 'ProcEndTime'}", message="after")


@by_one_clock
def induction_outside_anesthesia(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """The first such induction: the methods of a case often carry the same one."""
    inductions = facts.undecoded.get("AnesthesiaInductionStartTime")
    if inductions:
        margin = minutes(given.numbers["minutes"])
        begin, end = earliest(facts.case), latest(facts.case)
        for induction in inductions:
            moment = clock_time(induction.text)
            if is_surely_before(moment, begin, margin) or is_after(moment, end, margin):
                yield Remark(path_in_record(induction))
                return


@by_one_clock
def time_far_from_case(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """The first sign-in, sign-out, dose and milestone that is: a wrong date repeats itself."""
    margin = hours(given.numbers["hours"])
    near = _days_near(facts.case, margin)
    for name in _NEAR_THE_CASE:
        texts = facts.times.get(name, ())
        if near.issuperset([text[:_DATE_END] for text in texts]):
            continue  # without reading a time: so are nearly all
        for text, element in zip(texts, facts.undecoded[name], strict=True):
            if _is_far(text, facts.case, margin) and not _may_be_any_day(element, given):
                words = {"element": name, "hours": given.numbers["hours"]}
                yield Remark(path_in_record(element), words)
                break


@by_one_clock
def admission_after_start(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Who comes and goes on the day comes first; an order to admit may be written afterwards."""
    case = facts.case
    comes_first = case.admission_status in given.lists["comes_first"]
    margin = NO_MARGIN if comes_first else hours(given.numbers["hours"])
    if is_after(case.admission_date, case.procedure_start or earliest(case), margin):
        yield Remark("Procedure/AdmissionDate")


@by_one_clock
def no_minutes(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """No method lasts, though anesthesia was given, and in a service that is paid by its time."""
    case = facts.case
    if earliest(case) != latest(case):
        return
    was_given = any(each.category not in given.lists["no_anesthesia"] for each in case.methods)
    without_time = given.lists["without_time"]
    has_time = all(code.value not in without_time for code in case.anesthesia_codes)
    if was_given and has_time and not was_called_off(case, given):
        yield Remark(f"{METHODS}[1]/AnesthesiaEndTime")


def _days_near(case: AnesthesiaCase, margin: timedelta) -> frozenset[str]:
    """Return the days, as files write them, of which no time is more than `margin` away."""
    if margin < _DAY:
        return frozenset()
    return frozenset(str(day) for day in {earliest(case).date(), latest(case).date()})


def _is_far(text: str, case: AnesthesiaCase, margin: timedelta) -> bool:
    """Whether a time lies more than `margin` before or after the anesthesia."""
    moment = clock_time(text)
    before = is_surely_before(moment, earliest(case), margin)
    return before or is_after(moment, latest(case), margin)


def _may_be_any_day(element: etree._Element, given: Given) -> bool:
    """A milestone such as a visit on the ward."""
    kind = element.getprevious() if element.tag == "TMStartTime" else None
    named = (kind.text or "").lower() if kind is not None else ""
    return any(word in named for word in given.lists["any_day"])
