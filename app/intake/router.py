"""Case files in: each is answered with its receipt."""

from typing import Annotated, Any, cast

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Request, Response

from app.access.asked import AskedPeriod, AskedPractice
from app.access.dependencies import Caller
from app.access.rights import Right, require_practice
from app.domain.submissions import OnError, Submission
from app.intake.admission import Admission
from app.intake.dependencies import DeskDep
from app.intake.desk import Desk
from app.intake.receipt_wire import Receipt
from app.intake.receiving import NewSubmission, Received
from app.storage.blobs import BlobWriter
from app.web.addresses import service_url
from app.web.bodies import IncomingBody, incoming_case_file
from app.web.openapi import CASE_FILE_BODY, PROBLEM_RESPONSES

router = APIRouter(prefix="/v1/submissions", tags=["submissions"])

_WRITE_BYTES = 1 << 20


async def _admission(request: Request) -> Admission:
    return cast(Admission, request.app.state.admission)


AdmissionDep = Annotated[Admission, Depends(_admission)]

_OTHER_RECEIPTS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "The receipt of an earlier submission, again."},
    202: {"model": Receipt, "description": "Received for good; its end state comes later."},
    409: {
        **PROBLEM_RESPONSES["default"],
        "description": "The Idempotency-Key was used for another request, or the practice has no"
        " agreements in force or no paid order, and this registry asks for them.",
    },
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
    desk: DeskDep,
    admission: AdmissionDep,
    on_error: OnError = OnError.RECORD,
    replace_period: AskedPeriod = None,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Receipt:
    """Send a case file for a practice and get its receipt: what was stored, and what was not.

    The same bytes sent again for the same practice give the first receipt, so a retry is safe.
    With `replace_period` the file is the whole truth about that period: what is stored for it and
    is not in the file disappears. That is previewed first, and done when it is confirmed.
    """
    require_practice(caller, Right.SUBMIT, practice)
    if replace_period is not None:
        require_practice(caller, Right.DELETE_CASES, practice)
    limit = request.app.state.settings.submission_max_bytes
    if desk.requires_agreements and not caller.sandbox:
        await to_thread.run_sync(desk.check_agreements, practice)
    if desk.requires_payment and not caller.sandbox:
        await to_thread.run_sync(desk.check_payment, practice)
    with admission.place():  # asked before anything of the body is read
        await to_thread.run_sync(desk.check_room, practice)
        body = await incoming_case_file(request, max_bytes=limit)
        new = NewSubmission(
            practice_id=practice,
            on_error=on_error,
            sandbox=caller.sandbox,
            file_name=body.file_name,
            api_key=caller.id,
            idempotency_key=idempotency_key,
            replace_period=replace_period,
            sender=caller.actor,
        )
        with await to_thread.run_sync(desk.blobs.writer) as file:
            await _keep(body, file)
            received = await to_thread.run_sync(desk.receive, new, file)
        submission = await _taken_in(received, desk, admission.workers)
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


async def _taken_in(received: Received, desk: Desk, workers: CapacityLimiter) -> Submission:
    """The submission in its end state; as it was received when it cannot get there now."""
    submission = received.submission
    if not received.at_once:
        return submission
    return await to_thread.run_sync(desk.process_at_once, submission, limiter=workers)
