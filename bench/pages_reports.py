"""What a feedback report costs: not a page, but made by a worker, and opened from one."""

import time
from dataclasses import dataclass

from app.access.operators import operator
from app.domain.audit import Actor, ActorKind
from app.domain.feedback import FeedbackFormat, FeedbackReport, FeedbackRequest
from app.domain.identifiers import Tin
from app.feedback.requested import RequestedReports, ask_report
from app.feedback.service import find_report, hand_out
from app.feedback.whose import AskedReport
from bench.pages_filling import QUARTER
from bench.pages_service import PagesService
from bench.pages_subjects import Subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`milliseconds` by the clock, `bytes` None for what is no file."""

    what: str
    milliseconds: float
    bytes: int | None = None


def make_one(service: PagesService, subjects: Subjects, tin: Tin) -> list[Made]:
    """Make the report of the TIN, then write it as a PDF, with and without its cases."""
    asked = AskedReport(practice=subjects.practice, quarter=QUARTER, tin=tin)
    catalogue = service.intake.library.measures
    started = time.perf_counter()
    request = ask_report(
        asked,
        operator(),
        reaches=lambda practice: True,
        day=service.intake.day(),
        catalogue=catalogue,
        open_work=service.open_work,
    )
    reports = RequestedReports(
        open_work=service.open_work, catalogue=catalogue, day=service.intake.day
    )
    reports.make(request.practice_id, request.id, Actor(kind=ActorKind.WORKER))
    report = _report_of(request, service)
    made = [Made(what="made and kept", milliseconds=_since(started))]
    for with_cases, words in ((False, "as PDF"), (True, "as PDF with its cases")):
        started = time.perf_counter()
        content = hand_out(
            report,
            FeedbackFormat.PDF,
            operator(),
            with_cases=with_cases,
            catalogue=catalogue,
            open_work=service.open_work,
        )
        made.append(Made(what=words, milliseconds=_since(started), bytes=len(content)))
    return made


def _report_of(request: FeedbackRequest, service: PagesService) -> FeedbackReport:
    with service.open_work() as work:
        done = work.feedback_requests.get(request.id)
        assert done is not None
        assert done.report_id is not None, "it was made just now"
        return find_report(done.report_id, work)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
