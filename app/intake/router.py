"""Case files in, receipts out."""

from collections.abc import Iterator
from typing import Annotated, Any, cast
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.asked import AskedPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, may_reach, require, require_practice
from app.checking.report import ValidationReport
from app.domain.errors import BadCursor, FileNotKept, SubmissionUnknown
from app.domain.submissions import OnError, Submission, SubmissionStatus
from app.intake.admission import Admission
from app.intake.receipt_wire import Receipt, RecordResultOut
from app.intake.service import Intake, NewSubmission, NotFinished, Received
from app.intake.submission_report_wire import SubmissionReportOut
from app.storage.blobs import BlobMissing, BlobWriter
from app.storage.key_store import ApiKey
from app.web.addresses import service_url
from app.web.bodies import IncomingBody, incoming_case_file
from app.web.openapi import CASE_FILE_BODY
from app.web.paging import DEFAULT_LIMIT, Cursor, Limit, Page, decode_uuid, decode_whole, page_of

router = APIRouter(prefix="/v1/submissions", tags=["submissions"])

_WRITE_BYTES = 1 << 20
_MOST_RECORDS = 2**31 - 1  # the number of a record is an integer of PostgreSQL


def _intake(request: Request) -> Intake:
    return cast(Intake, request.app.state.intake)


def _admission(request: Request) -> Admission:
    return cast(Admission, request.app.state.admission)


IntakeDep = Annotated[Intake, Depends(_intake)]
AdmissionDep = Annotated[Admission, Depends(_admission)]

_OTHER_RECEIPTS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "The receipt of an earlier submission, again."},
    202: {"model": Receipt, "description": "Received for good; its end state comes later."},
}


@router.post(
    "",
    status_code=201,
    response_model=Receipt,
    responses=_OTHER_RECEIPTS,
    openapi_extra=CASE_FILE_BODY,
)
async def create_submission(
    request: Request,
    response: Response,
    practice: AskedPractice,
    caller: Caller,
    intake: IntakeDep,
    admission: AdmissionDep,
    on_error: OnError = OnError.RECORD,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Receipt:
    """Send a case file for a practice and get its receipt: what was stored, and what was not.

    The same bytes sent again for the same practice give the first receipt, so a retry is safe.
    """
    require_practice(caller, Right.SUBMIT, practice)
    limit = request.app.state.settings.submission_max_bytes
    with admission.place():  # asked before anything of the body is read
        body = await incoming_case_file(request, max_bytes=limit)
        new = NewSubmission(
            practice_id=practice,
            on_error=on_error,
            sandbox=caller.sandbox,
            file_name=body.file_name,
            api_key=caller.id,
            idempotency_key=idempotency_key,
        )
        with await to_thread.run_sync(intake.blobs.writer) as file:
            await _keep(body, file)
            received = await to_thread.run_sync(intake.receive, new, file)
        submission = await _taken_in(received, intake, admission.workers)
    receipt = Receipt.of(submission, service_url=service_url(request.scope))
    response.headers["Location"] = receipt.links.self
    if received.is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
    elif not submission.status.is_final:
        response.status_code = 202
    return receipt


async def _keep(body: IncomingBody, file: BlobWriter) -> None:
    """Write in large pieces: each goes to a thread, for disks may block."""
    pending: list[bytes] = []
    size = 0
    async for chunk in body.chunks:
        pending.append(chunk)
        size += len(chunk)
        if size >= _WRITE_BYTES:
            await to_thread.run_sync(file.write, b"".join(pending))
            pending, size = [], 0
    await to_thread.run_sync(file.write, b"".join(pending))


async def _taken_in(received: Received, intake: Intake, workers: CapacityLimiter) -> Submission:
    """The submission in its end state; as it was received when it cannot get there now."""
    if received.is_replay:
        return received.submission
    try:
        return await to_thread.run_sync(intake.process, received.submission.id, limiter=workers)
    except NotFinished:
        return received.submission


@router.get("")
def list_submissions(
    request: Request,
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Receipt]:
    """The submissions of a practice, newest first."""
    require_practice(caller, Right.SEE_SUBMISSIONS, practice)
    require_registered(open_work, practice)
    before = decode_uuid(cursor, "before")
    with open_work() as work:
        found = work.submissions.of_practice(
            practice, sandbox=caller.sandbox, before=before, limit=limit + 1
        )
    url = service_url(request.scope)
    return page_of(
        found,
        limit=limit,
        show=lambda submission: Receipt.of(submission, service_url=url),
        key_of=lambda submission: {"before": submission.id},
    )


@router.get("/{submission_id}")
def read_submission(
    request: Request, submission_id: UUID, caller: Caller, open_work: Work
) -> Receipt:
    """The receipt of a submission."""
    submission = _visible(submission_id, caller, open_work)
    return Receipt.of(submission, service_url=service_url(request.scope))


@router.get("/{submission_id}/report")
def read_report(
    request: Request,
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    max_findings: Annotated[int, Query(ge=0, le=10_000)] = 10_000,
    accepted: Annotated[
        bool | None,
        Query(description="True lists only what the practice has accepted, false all the rest."),
    ] = None,
) -> SubmissionReportOut:
    """What was found in a submission, as `POST /v1/validate` would tell it.

    Besides it tells what of it the practice had accepted when the file was processed.
    """
    submission = _visible(submission_id, caller, open_work)
    with open_work() as work:
        findings = work.submissions.findings_of(submission, accepted=accepted, limit=max_findings)
        kinds = work.submissions.kinds_of(submission)
        named = {finding.acceptance for finding in findings if finding.acceptance is not None}
        acceptances = work.acceptances.with_ids(submission.practice_id, named)
    report = ValidationReport(
        schema_version=submission.schema_version,
        practice_id=submission.practice_id,
        sha256=submission.sha256,
        bytes=submission.bytes,
        records_total=submission.records.total,
        records_valid=submission.valid_records,
        findings=tuple(findings),
        findings_total=submission.findings.total,
        errors=submission.findings.error,
        kinds=kinds.found,
    )
    url = service_url(request.scope)
    return SubmissionReportOut.reviewed(report, kinds, acceptances, service_url=url)


@router.get("/{submission_id}/records")
def list_records(
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[RecordResultOut]:
    """Each record of a submission and what became of it."""
    submission = _visible(submission_id, caller, open_work)
    after = decode_whole(cursor, "after") or 0
    if not 0 <= after <= _MOST_RECORDS:
        raise BadCursor("This cursor belongs to another list.")
    with open_work() as work:
        found = work.submissions.results_of(submission, after=after, limit=limit + 1)
    return page_of(
        found,
        limit=limit,
        show=RecordResultOut.of,
        key_of=lambda result: {"after": result.number},
    )


@router.get("/{submission_id}/file", response_class=StreamingResponse)
def read_file(
    submission_id: UUID, caller: Caller, open_work: Work, intake: IntakeDep
) -> StreamingResponse:
    """The case file as it was received, without the compression of its transport."""
    submission = _visible(submission_id, caller, open_work)
    if submission.status is SubmissionStatus.REJECTED:
        raise FileNotKept("The submission was refused: only its receipt and findings are kept.")
    try:
        file = intake.blobs.open(submission.sha256)
    except BlobMissing:
        raise FileNotKept("The file of this submission is no longer kept.") from None

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(_WRITE_BYTES):
                yield chunk

    return StreamingResponse(
        chunks(),
        media_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{submission.id}.xml"'},
    )


def _visible(submission_id: UUID, caller: ApiKey, open_work: Work) -> Submission:
    """Raises: SubmissionUnknown, also for one that the caller may not see."""
    require(caller, Right.SEE_SUBMISSIONS)
    with open_work() as work:
        submission = work.submissions.get(submission_id)
    if submission is None or submission.sandbox != caller.sandbox:
        raise SubmissionUnknown("No submission of this id can be seen with this key.")
    if not may_reach(caller, submission.practice_id):
        raise SubmissionUnknown("No submission of this id can be seen with this key.")
    return submission
