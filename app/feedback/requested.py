"""The story of a report that is asked for: lined up, made by a worker, or failed."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.days import today
from app.domain.errors.measures import FeedbackReportUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import (
    PracticeUnknown,
    RosterEntryUnknown,
    VirtualGroupUnconfirmed,
)
from app.domain.feedback import FeedbackReport, FeedbackRequest, RequestFailure
from app.domain.identifiers import PracticeId
from app.domain.jobs import MAY_BE_LOST, Job, Queue, Task
from app.feedback.making import made_report
from app.feedback.reading import FiguresReader, cases_of
from app.feedback.whose import AskedReport, asked_entity
from app.measures.catalogue.asked_measures import year_of
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.levels import Reaches
from app.storage.unit_of_work import OpenWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_MOST_ATTEMPTS: Final = 3


def _now() -> datetime:
    return datetime.now(UTC)


def ask_report(
    asked: AskedReport,
    by: Actor,
    *,
    reaches: Reaches,
    day: date,
    catalogue: Catalogue,
    open_work: OpenWork,
) -> FeedbackRequest:
    """Let a worker make the report that is asked for; while it is under way, that request returns.

    Raises: InvalidRequest for a quarter to come, and for what does not go together;
    PracticeUnknown, MeasureUnknown, RosterEntryUnknown, VirtualGroupUnconfirmed; NotPermitted for
    a virtual group with cases out of reach; FeedbackReportUnknown where no case counts.
    """
    asked.require_fitting()
    if asked.quarter.first_day > day:
        raise InvalidRequest("quarter: it has not begun.")
    year_of(catalogue, asked.quarter.performance_year)
    with open_work() as work:
        if not work.practices.exists(asked.practice):
            raise PracticeUnknown("No practice of this id is registered.")
        entity = asked_entity(asked, reaches, work)
        if not cases_of(entity, asked.practice, asked.quarter, work):
            raise FeedbackReportUnknown("No case of theirs counts up to the end of the quarter.")
        new = FeedbackRequest(
            practice_id=asked.practice,
            id=uuids.uuid7(),
            quarter=asked.quarter,
            entity=entity,
            asked_at=_now(),
            asked_by=by,
        )
        request = work.feedback_requests.add(new)
        if request is new:
            work.jobs.add(_job_for(new))
            work.audit.record(
                by,
                AuditAction.FEEDBACK_ASKED,
                practice=new.practice_id,
                about=("feedback_request", new.id),
                quarter=new.quarter.name,
            )
        elif new.asked_at - request.asked_at > MAY_BE_LOST:
            work.jobs.add(_job_for(request))
        work.commit()
    return request


@dataclass(frozen=True, kw_only=True)
class RequestedReports:
    """Makes the reports that were asked for, one at a time of each practice."""

    open_work: OpenWork
    catalogue: Catalogue
    day: Callable[[], date] = today
    now: Callable[[], datetime] = _now

    def make(self, practice: PracticeId, request_id: UUID, by: Actor) -> None:
        """Done by a job, which comes again after a kill or a fault; at the third it has failed."""
        request = self._begun(practice, request_id)
        if request is None:
            return
        try:
            self._end(request, self._made(request), by)
        except Exception as error:
            fields = log_fields(practice=practice, **error_fields(error))
            _log.warning("feedback report broke off", extra=fields)
            if request.attempts < _MOST_ATTEMPTS:
                raise
            self._fail(request)

    def _begun(self, practice: PracticeId, request_id: UUID) -> FeedbackRequest | None:
        """None: it has ended before."""
        with self.open_work() as work:
            request = work.feedback_requests.lock(practice, request_id)
            if request is None or not request.status.is_under_way:
                return None
            if request.attempts == _MOST_ATTEMPTS:  # each time its process was killed
                work.feedback_requests.fail(request, RequestFailure.FAULT, at=self.now())
                work.commit()
                return None
            work.feedback_requests.begin(request)
            work.commit()
        return replace(request, attempts=request.attempts + 1)

    def _made(self, request: FeedbackRequest) -> FeedbackReport | None:
        """None: their cases, or the group itself, are gone since it was asked for."""
        practice, quarter = request.practice_id, request.quarter
        with self.open_work() as work, suppress(RosterEntryUnknown, VirtualGroupUnconfirmed):
            work.show_one_moment()
            reader = FiguresReader(
                practice=practice,
                quarter=quarter,
                day=self.day(),
                catalogue=self.catalogue,
                work=work,
            )
            found = reader.of_one(request.entity)
            if found is not None:
                return made_report(practice, quarter, *found, request.asked_by, at=self.now())
        return None

    def _end(self, request: FeedbackRequest, report: FeedbackReport | None, by: Actor) -> None:
        """But once: another worker may have taken this one for dead."""
        with self.open_work() as work:
            held = work.feedback_requests.lock(request.practice_id, request.id)
            if held is None or not held.status.is_under_way:
                return
            if report is None:
                work.feedback_requests.fail(request, RequestFailure.NO_CASES, at=self.now())
            else:
                work.feedback.add(report)
                work.feedback_requests.finish(request, report.id, at=self.now())
                work.audit.record(
                    by,
                    AuditAction.FEEDBACK_MADE,
                    practice=report.practice_id,
                    about=("feedback_report", report.id),
                    quarter=report.quarter.name,
                    reports=1,
                )
            work.commit()

    def _fail(self, request: FeedbackRequest) -> None:
        with self.open_work() as work:
            work.feedback_requests.fail(request, RequestFailure.FAULT, at=self.now())
            work.commit()


def _job_for(request: FeedbackRequest) -> Job:
    return Job(
        task=Task.MAKE_REQUESTED_REPORT,
        queue=Queue.REPORTS,
        arguments={"practice_id": request.practice_id, "request_id": str(request.id)},
        lock=f"feedback of {request.practice_id}",
    )
