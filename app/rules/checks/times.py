"""Times that cannot be: ends before starts, cases longer than a day, service on no day of ours."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from lxml import etree

from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time, is_before
from app.domain.findings import Severity
from app.rules.checks.codes import is_listed
from app.rules.checks.moments import (
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

# The schema puts each start right before its end.
STARTS: Final = {
    "AnesthesiaEndTime": "AnesthesiaStartTime",
    "StaffSignOut": "StaffSignIn",
    "ProcEndTime": "ProcStartTime",
    "TMEndTime": "TMStartTime",
    "DoseEnd": "DoseStart",
    "OutputEndDateTime": "OutputStartDateTime",
}


def ends_before_start(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Methods, sign-ins, the procedure, milestones, doses and outputs."""
    for end_name, start_name in STARTS.items():
        for end in facts.undecoded.get(end_name, ()):
            start = end.getprevious()
            if start is not None and start.tag == start_name and _ends_early(end, start, facts):
                yield Remark(path_in_record(end), {"end": end_name, "start": start_name})


@by_one_clock
def longer_than_a_day(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """From the first start to the last end of all methods. Labor takes longer than surgery."""
    ends = [method.end for method in facts.case.methods]
    elapsed = max(ends) - min([method.start for method in facts.case.methods])
    if elapsed <= hours(given.numbers["hours"]):
        return
    codes, labor = facts.case.anesthesia_codes, given.lists["labor"]
    is_labor = any(is_listed(code.value, labor) for code in codes)
    most = given.numbers["labor_hours" if is_labor else "hours"]
    if elapsed > hours(most):
        number = 1 + ends.index(max(ends))
        yield Remark(f"{METHODS}[{number}]/AnesthesiaEndTime", {"hours": most})


def service_in_future(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    if (facts.case.date_of_service - facts.day).days > given.numbers["days"]:
        yield Remark(_path_of_first_start(facts.case))


def service_outside_version(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Cases of after the version are the fault of a closed one, which the file is told of."""
    service, years = facts.case.date_of_service, facts.years
    if service.year < years.first:
        yield Remark(_path_of_first_start(facts.case), {"year": years.first}, "before")
    elif years.last is not None and service.year > years.last and not years.is_closed:
        yield Remark(
            _path_of_first_start(facts.case),
            {"year": years.last},
            "after",
            severity=Severity.INFO if _is_lenient(service, facts) else None,
        )


def service_before_birth(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A date of birth in a zone may be written as the day after: midnight as Greenwich has it."""
    born = facts.case.date_of_birth
    if born is None or facts.case.date_of_service >= born:
        return
    days_before = (born - facts.case.date_of_service).days
    if days_before > 1 or not _is_in_a_zone(facts.record):
        yield Remark("Demographic/DOB")


@by_one_clock
def discharge_before_surgery(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A discharge before anesthesia ended, or a transfer out of its care before it began.

    A transfer may be written some minutes before the handover that ends the anesthesia.
    """
    begin = earliest(facts.case)
    discharge = facts.case.discharge_time
    if is_surely_before(discharge, begin):
        yield _left_early("PostOpDischargeDateTime", "before")
    elif is_surely_before(discharge, latest(facts.case), minutes(given.numbers["minutes"])):
        yield _left_early("PostOpDischargeDateTime", "during")
    for left in facts.undecoded.get("PostOpDispDateTime", ()):
        if is_surely_before(clock_time(left.text), begin):
            yield _left_early("PostOpDispDateTime", "before")


@by_one_clock
def lab_out_of_time(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A laboratory value of before that was taken after the case, or the other way round."""
    taken_times = facts.undecoded.get("LabDateTime")
    if not taken_times:
        return
    begin, end = earliest(facts.case), latest(facts.case)
    for taken in taken_times:
        moment, values = clock_time(taken.text), taken.getparent()
        if moment is None or values is None:
            continue
        if values.tag == "PreLabData" and is_after(moment, end):
            yield Remark(path_in_record(taken), message="preoperative")
        elif values.tag == "PostLabData" and is_surely_before(moment, begin):
            yield Remark(path_in_record(taken), message="postoperative")


def _left_early(name: str, message: str) -> Remark:
    return Remark(f"PostOp/{name}", {"element": name}, message)


def _is_lenient(service: date, facts: RecordFacts) -> bool:
    until = facts.years.lenient_until
    return until is not None and service <= until


def _is_in_a_zone(record: etree._Element) -> bool:
    written = record.findtext("Demographic/DOB") or ""
    return len(written.strip()) > len("2020-01-31")


def _path_of_first_start(case: AnesthesiaCase) -> str:
    starts = [method.start for method in case.methods]
    return f"{METHODS}[{starts.index(min(starts)) + 1}]/AnesthesiaStartTime"


def _ends_early(end: etree._Element, start: etree._Element, facts: RecordFacts) -> bool:
    """Whether `end` is before `start`. Times in the same form are compared as they are written."""
    ended, started = end.text, start.text
    if not ended or not started:
        return False
    if not facts.zones_differ and len(ended) == len(started) and ended >= started:
        return False
    return is_before(ended, started)
