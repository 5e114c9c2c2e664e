"""What a feedback report costs: not a page, but made by a worker, and opened from one."""

import time
from dataclasses import dataclass

from app.access.operators import operator
from app.domain.feedback import FeedbackFormat
from app.domain.identifiers import Tin
from app.feedback.reading import FiguresQuestion
from app.feedback.service import hand_out, make_report
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
    asked = FiguresQuestion(practice=subjects.practice, quarter=QUARTER, tin=tin)
    catalogue = service.intake.library.measures
    started = time.perf_counter()
    report = make_report(
        asked,
        operator(),
        day=service.intake.day(),
        catalogue=catalogue,
        open_work=service.open_work,
    )
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


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
