"""Files that replace a period: what would disappear, and the sender's word on it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.access.dependencies import Caller, Work
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.domain.errors.intake import NotAwaitingConfirmation
from app.domain.principals import Principal
from app.domain.submissions import Submission
from app.intake.dependencies import DeskDep
from app.intake.receipt_wire import Receipt
from app.intake.replacement_service import Confirmation
from app.intake.replacement_wire import ConfirmationRequest, DisappearingCaseOut
from app.intake.visible_submissions import visible_submission
from app.storage.unit_of_work import OpenWork
from app.web.addresses import service_url
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(prefix="/v1/submissions", tags=["replacing a period"], route_class=KeepsAnswers)

_NOT_CONFIRMED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response(
        "It does not wait to be confirmed, another number of cases would disappear,"
        " or too many for a confirmation without `above_limit`. Or the Idempotency-Key was used for"
        " another request."
    ),
}
_NOT_AWAITING: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("It does not wait to be confirmed."),
}
_NOT_UNDONE: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": Receipt, "description": "A worker undoes it."},
    409: problem_response("It replaced no period, or did so too long ago."),
}


@router.get("/{submission_id}/disappearing")
def list_disappearing(
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[DisappearingCaseOut]:
    """The cases that would disappear by the newest preview; once it is done, that disappeared."""
    submission = visible_submission(submission_id, caller, open_work)
    if submission.replacement is None or submission.replacement.preview is None:
        raise NotAwaitingConfirmation("It replaces no period, or has no preview.")
    after = paged.uuid("after")
    with open_work() as work:
        found = work.replacements.cases(submission).listed(after=after, limit=paged.with_next)
    return paged.page(
        found,
        show=DisappearingCaseOut.of,
        key_of=lambda case: {"after": case.case_id},
    )


@router.post(
    "/{submission_id}/confirm",
    status_code=202,
    responses=_NOT_CONFIRMED,
    openapi_extra=described_body(ConfirmationRequest),
)
def confirm_replacement(
    request: Request,
    response: Response,
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    desk: DeskDep,
    asked: Annotated[ConfirmationRequest, Depends(json_body(ConfirmationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> Receipt:
    """Confirm that the period is to be replaced as the preview says; a worker does it then.

    If other submissions came between and anything else would happen by then, nothing happens, and
    the submission awaits its confirmation again with a new preview.
    """
    _require_to_decide(submission_id, caller, open_work)
    confirmation = Confirmation(
        would_delete=asked.would_delete,
        above_limit=asked.above_limit,
        idempotency_key=idempotency_key,
    )
    confirmed = desk.replacements.confirm(submission_id, confirmation, caller)
    receipt = _receipt(confirmed, request)
    response.headers["Location"] = receipt.links.self
    return receipt


@router.post("/{submission_id}/withdraw", responses=_NOT_AWAITING)
def withdraw_replacement(
    request: Request, submission_id: UUID, caller: Caller, open_work: Work, desk: DeskDep
) -> Receipt:
    """Take back a submission that awaits its confirmation: it ends, and nothing is stored of it."""
    _require_to_decide(submission_id, caller, open_work)
    return _receipt(desk.replacements.withdraw(submission_id, caller), request)


@router.post("/{submission_id}/undo", responses=_NOT_UNDONE)
def undo_replacement(
    request: Request,
    response: Response,
    submission_id: UUID,
    caller: Caller,
    open_work: Work,
    desk: DeskDep,
) -> Receipt:
    """Undo the replacement of a period, within 30 days of its end.

    What disappeared comes back, what was replaced is again what it was, what was created is
    deleted, each as a new version of its case. A case that was changed since stays as it is and
    counts as a conflict. Undoing it again gives the same answer.
    """
    _require_to_decide(submission_id, caller, open_work)
    undone = desk.undoing.undo(submission_id, caller)
    assert undone.replacement is not None, "it was undone"
    if undone.replacement.undo is None or undone.replacement.undo.done_at is None:
        response.status_code = 202
    return _receipt(undone, request)


def _require_to_decide(submission_id: UUID, caller: Principal, open_work: OpenWork) -> None:
    """Cases disappear: that takes more than the right to send.

    Raises: NotPermitted, SubmissionUnknown.
    """
    submission = visible_submission(submission_id, caller, open_work)
    require_practice(caller, Right.DELETE_CASES, submission.practice_id)


def _receipt(submission: Submission, request: Request) -> Receipt:
    return Receipt.of(submission, service_url=service_url(request.scope))
