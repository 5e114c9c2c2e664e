"""Times that cannot be: ends before starts, cases longer than a day, service on no day of ours."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from lxml import etree

from app.domain.cases import AnesthesiaCase
from app.domain.clock import clock_time
from app.domain.findings import Severity
from app.rules.checks.places import METHODS, STAFF, path_in_record
from app.rules.definition import Given, RecordFacts, Remark

_START_OF: Final = {
    "TMEndTime": "TMStartTime",
    "DoseEnd": "DoseStart",
    "OutputEndDateTime": "OutputStartDateTime",
}
_MIDNIGHT: Final = time()


def ends_before_start(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Methods, sign-ins, the procedure, doses, outputs and milestones."""
    case = facts.case
    for number, method in enumerate(case.methods, start=1):
        if method.end < method.start:
            yield _ends_early(f"{METHODS}[{number}]", "AnesthesiaEndTime", "AnesthesiaStartTime")
    for number, member in enumerate(case.staff, start=1):
        if _is_before(member.sign_out, member.sign_in):
            yield _ends_early(f"{STAFF}[{number}]", "StaffSignOut", "StaffSignIn")
    if _is_before(case.procedure_end, case.procedure_start):
        yield _ends_early("Procedure", "ProcEndTime", "ProcStartTime")
    for end_name, start_name in _START_OF.items():
        for end in facts.undecoded.get(end_name, ()):
            start = end.getprevious()  # the schema puts it right before
            if start is not None and start.tag == start_name and _is_written_before(end, start):
                yield Remark(path_in_record(end), {"end": end_name, "start": start_name})


def longer_than_a_day(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """From the first start to the last end of all methods."""
    hours = given.numbers["hours"]
    ends = [method.end for method in facts.case.methods]
    elapsed = max(ends) - min([method.start for method in facts.case.methods])
    if elapsed.total_seconds() > float(hours) * 3600:
        number = 1 + ends.index(max(ends))
        yield Remark(f"{METHODS}[{number}]/AnesthesiaEndTime", {"hours": hours})


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


def discharge_before_surgery(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A discharge or a transfer out of recovery before anesthesia began."""
    begin = _earliest(facts.case)
    if _ends_before(facts.case.discharge_time, begin):
        yield _left_early("PostOpDischargeDateTime")
    for left in facts.undecoded.get("PostOpDispDateTime", ()):
        if _ends_before(clock_time(left.text), begin):
            yield _left_early("PostOpDispDateTime")


def lab_out_of_time(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A laboratory value of before that was taken after the case, or the other way round."""
    taken_times = facts.undecoded.get("LabDateTime")
    if not taken_times:
        return
    begin, end = _earliest(facts.case), _latest(facts.case)
    for taken in taken_times:
        moment, values = clock_time(taken.text), taken.getparent()
        if moment is None or values is None:
            continue
        if values.tag == "PreLabData" and moment > end:
            yield Remark(path_in_record(taken), message="preoperative")
        elif values.tag == "PostLabData" and _ends_before(moment, begin):
            yield Remark(path_in_record(taken), message="postoperative")


def _ends_early(parent: str, end: str, start: str) -> Remark:
    return Remark(f"{parent}/{end}", {"end": end, "start": start})


def _left_early(name: str) -> Remark:
    return Remark(f"PostOp/{name}", {"element": name})


def _is_lenient(service: date, facts: RecordFacts) -> bool:
    until = facts.years.lenient_until
    return until is not None and service <= until


def _is_in_a_zone(record: etree._Element) -> bool:
    written = record.findtext("Demographic/DOB") or ""
    return len(written.strip()) > len("2020-01-31")


def _path_of_first_start(case: AnesthesiaCase) -> str:
    starts = [method.start for method in case.methods]
    return f"{METHODS}[{starts.index(min(starts)) + 1}]/AnesthesiaStartTime"


def _earliest(case: AnesthesiaCase) -> datetime:
    """The first moment of the methods, also where one ends before it starts."""
    return min([each.start for each in case.methods] + [each.end for each in case.methods])


def _latest(case: AnesthesiaCase) -> datetime:
    return max([each.start for each in case.methods] + [each.end for each in case.methods])


def _is_before(end: datetime | None, start: datetime | None) -> bool:
    return end is not None and start is not None and end < start


def _ends_before(moment: datetime | None, begin: datetime) -> bool:
    """Whether `moment` is surely before `begin`: midnight may stand for a day without a time."""
    if moment is None or moment >= begin:
        return False
    return moment.time() != _MIDNIGHT or moment.date() < begin.date()


def _is_written_before(end: etree._Element, start: etree._Element) -> bool:
    """Whether `end` is before `start`. Times in the same form are compared as they are written."""
    ended, started = end.text, start.text
    if not ended or not started or (len(ended) == len(started) and ended >= started):
        return False
    return _is_before(clock_time(ended), clock_time(started))
