"""What became of a case file: its receipt, then its findings, each record, and the file itself."""

from collections.abc import Iterator
from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.asked import AskedPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.domain.audit import AuditAction
from app.domain.errors.intake import SubmissionNotProcessed
from app.domain.errors.keeping import SubmissionPurged
from app.domain.errors.requests import BadCursor
from app.domain.principals import Principal
from app.domain.submissions import RecordOutcome, Submission, SubmissionStatus
from app.intake.dependencies import DeskDep
from app.intake.files_as_received import open_as_received
from app.intake.receipt_wire import Receipt, RecordResultOut
from app.intake.record_lines import (
    RECORDS_ANSWERS,
    AskedRecordsFormat,
    RecordsFormat,
    record_lines,
)
from app.intake.submission_report import read_stored_report, write_stored_report
from app.intake.submission_report_wire import SubmissionReportOut
from app.intake.visible_submissions import visible_submission
from app.reports.answering import REPORT_ANSWERS, AskedFormat, report_headers
from app.reports.formats import ReportFormat
from app.web.addresses import service_url
from app.web.paging import (
    Page,
    Paged,
)

router = APIRouter(prefix="/v1/submissions", tags=["submissions"])

_READ_BYTES = 1 << 20
_MOST_RECORDS = 2**31 - 1  # the number of a record is an integer of PostgreSQL


@router.get("")
def list_submissions(
    request: Request,
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[Receipt]:
    """The submissions of a practice, newest first."""
    require_practice(caller, Right.SEE_SUBMISSIONS, practice)
    require_registered(open_work, practice)
    before = paged.uuid("before")
    with open_work() as work:
        found = work.submissions.of_practice(
            practice, sandbox=caller.sandbox, before=before, limit=paged.with_next
        )
    url = service_url(request.scope)
    return paged.page(
        found,
        show=lambda submission: Receipt.of(submission, service_url=url),
        key_of=lambda submission: {"before": submission.id},
    )


@router.get("/{submission_id}")
def read_submission(
    request: Request, submission_id: UUID, caller: Caller, open_work: Work
) -> Receipt:
    """The receipt of a submission."""
    submission = visible_submission(submission_id, caller, open_work)
    return Receipt.of(submission, service_url=service_url(request.scope))


@router.get("/{submission_id}/report", response_model=SubmissionReportOut, responses=REPORT_ANSWERS)
def read_report(
    request: Request,
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    desk: DeskDep,
    format_: AskedFormat,
    max_findings: Annotated[int, Query(ge=0, le=10_000)] = 10_000,
    accepted: Annotated[
        bool | None,
        Query(description="True lists only what the practice has accepted, false all the rest."),
    ] = None,
) -> SubmissionReportOut | Response:
    """What was found in a submission, as `POST /v1/validate` would tell it.

    Besides it tells what of it the practice had accepted when the file was processed. A file that
    was refused is not kept: `text` and `html` do not quote it then, and there is no `xml` of it.
    """
    submission = _checked(submission_id, caller, open_work)
    with open_work() as work:
        stored = read_stored_report(submission, work, accepted=accepted, max_findings=max_findings)
    url = service_url(request.scope)
    if format_ is ReportFormat.JSON:
        return SubmissionReportOut.reviewed(stored.report, stored.acceptances, service_url=url)
    _record(AuditAction.FILE_QUOTED, submission, caller, open_work, format=format_)
    written = write_stored_report(
        stored,
        submission,
        format_,
        blobs=desk.blobs,
        spool=request.app.state.settings.spool,
        service_url=url,
    )
    return StreamingResponse(
        _pieces_of(written),
        media_type=format_.media_type,
        headers=report_headers(format_, submission.file_name),
    )


@router.get(
    "/{submission_id}/records", response_model=Page[RecordResultOut], responses=RECORDS_ANSWERS
)
def list_records(
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    format_: AskedRecordsFormat,
    paged: Paged,
    outcome: Annotated[
        RecordOutcome | None, Query(description="Only the records that this became of.")
    ] = None,
) -> Page[RecordResultOut] | Response:
    """Each record of a submission and what became of it.

    As JSON they come in pages. As `ndjson` all of them come at once, a line for each: `limit` and
    `cursor` are left aside.
    """
    submission = _processed(submission_id, caller, open_work)
    if format_ is RecordsFormat.NDJSON:
        _record(AuditAction.RECORDS_EXPORTED, submission, caller, open_work)
        lines = record_lines(submission, open_work, outcome=outcome)
        return StreamingResponse(lines, media_type=format_.media_type)
    after = paged.whole("after") or 0
    if not 0 <= after <= _MOST_RECORDS:
        raise BadCursor("This cursor belongs to another list.")
    with open_work() as work:
        found = work.receipts.results_of(
            submission, after=after, limit=paged.with_next, outcome=outcome
        )
        codes = work.receipts.codes_of(submission)
    return paged.page(
        found,
        show=lambda result: RecordResultOut.of(result, codes.of(result.number)),
        key_of=lambda result: {"after": result.number},
    )


@router.get("/{submission_id}/file", response_class=StreamingResponse)
def read_file(
    submission_id: UUID, caller: Caller, open_work: Work, desk: DeskDep
) -> StreamingResponse:
    """The case file as it was received, without the compression of its transport."""
    submission = visible_submission(submission_id, caller, open_work)
    file = open_as_received(submission, desk.blobs)
    _record(AuditAction.FILE_READ, submission, caller, open_work)
    return StreamingResponse(
        _pieces_of(file),
        media_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{submission.id}.xml"'},
    )


def _record(
    action: AuditAction, submission: Submission, caller: Principal, open_work: Work, **details: str
) -> None:
    """Before the first byte leaves it is written down who gets them."""
    with open_work() as work:
        practice, about = submission.practice_id, ("submission", submission.id)
        work.audit.record(caller.actor, action, practice=practice, about=about, **details)
        work.commit()


def _pieces_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_READ_BYTES):
            yield piece


def _processed(submission_id: UUID, caller: Principal, open_work: Work) -> Submission:
    """Raises: SubmissionUnknown, SubmissionNotProcessed, SubmissionPurged."""
    submission = _checked(submission_id, caller, open_work)
    if not submission.status.is_final:
        raise SubmissionNotProcessed("Nothing becomes of its records before it is confirmed.")
    return submission


def _checked(submission_id: UUID, caller: Principal, open_work: Work) -> Submission:
    """One whose records were all read, be it for a preview.

    Raises: SubmissionUnknown, SubmissionNotProcessed, SubmissionPurged.
    """
    submission = visible_submission(submission_id, caller, open_work)
    if submission.purged_at is not None:
        raise SubmissionPurged("Its file, records and findings were purged. Its receipt is kept.")
    if submission.status.is_under_way:
        raise SubmissionNotProcessed("Ask for its receipt until its `status` is an end state.")
    if submission.status is SubmissionStatus.FAILED:
        raise SubmissionNotProcessed("It failed and nothing was stored. Send the file again.")
    return submission
