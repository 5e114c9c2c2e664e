"""Case files in: each is answered with its receipt."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.asked import AskedPeriod, AskedPractice
from app.access.dependencies import Caller
from app.access.rights import Right, require_practice
from app.domain.software import software_of
from app.domain.submissions import OnError
from app.intake.dependencies import AdmissionDep, DeskDep
from app.intake.receipt_wire import Receipt
from app.intake.sending import Announced, take_on
from app.web.addresses import service_url
from app.web.bodies import incoming_case_file
from app.web.idempotency import IdempotencyKey
from app.web.openapi import CASE_FILE_BODY, problem_response

router = APIRouter(prefix="/v1/submissions", tags=["submissions"])

_OTHER_RECEIPTS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "The receipt of an earlier submission, again."},
    202: {"model": Receipt, "description": "Received for good; its end state comes later."},
    409: problem_response(
        "The Idempotency-Key was used for another request, or the practice has no"
        " agreements in force or no paid order, and this registry asks for them."
    ),
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
    idempotency_key: IdempotencyKey = None,
) -> Receipt:
    """Send a case file for a practice and get its receipt: what was stored, and what was not.

    The same bytes sent again for the same practice give the first receipt, so a retry is safe.
    With `replace_period` the file is the whole truth about that period: what is stored for it and
    is not in the file disappears. That is previewed first, and done when it is confirmed.
    """
    require_practice(caller, Right.SUBMIT, practice)
    if replace_period is not None:
        require_practice(caller, Right.DELETE_CASES, practice)
    announced = Announced(
        practice=practice,
        caller=caller,
        on_error=on_error,
        replace_period=replace_period,
        idempotency_key=idempotency_key,
        software=software_of(request.headers.get("user-agent")),
    )
    read_body = partial(
        incoming_case_file, request, max_bytes=request.app.state.settings.submission_max_bytes
    )
    received = await take_on(announced, read_body, desk=desk, admission=admission)
    receipt = Receipt.of(received.submission, service_url=service_url(request.scope))
    response.headers["Location"] = receipt.links.self
    if received.is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
    elif not received.submission.status.is_final:
        response.status_code = 202
    return receipt
