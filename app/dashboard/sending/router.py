"""The submissions of a practice: those that came, and a form that sends another case file."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import FormRefused, require_form_token
from app.dashboard.frame.desks import AtAnyDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import go_to
from app.domain.errors.requests import UnsupportedMediaType
from app.domain.submissions import OnError
from app.intake.dependencies import AdmissionDep
from app.intake.desk import Desk as IntakeDesk
from app.intake.sending import Announced, take_on
from app.web.bodies import IncomingBody, incoming_case_file
from app.web.paging import Cursor, Paging

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/submissions", route_class=PageRoute
)

_ON_A_PAGE: Final = 25
_FIELDS: Final = ("form_token", "on_error")


def _submissions_desk(desk: AtAnyDesk) -> Desk:
    desk.require(Right.SEE_SUBMISSIONS)
    return desk


AtSubmissions = Annotated[Desk, Depends(_submissions_desk)]


@router.get("")
def submissions_page(desk: AtSubmissions, cursor: Cursor = None) -> Response:
    paged = Paging(_ON_A_PAGE, cursor)
    with desk.open_work() as work:
        found = work.submissions.of_practice(
            desk.id, sandbox=desk.caller.sandbox, before=paged.uuid("before"), limit=paged.with_next
        )
    shown, following = paged.cut(found, key_of=lambda each: {"before": each.id})
    return desk.page(
        "sending/submissions.html",
        submissions=shown,
        following=following,
        may_send=desk.may(Right.SUBMIT),
    )


@router.post("")
async def send_case_file(
    request: Request, desk: AtSubmissions, admission: AdmissionDep
) -> Response:
    """The token stands before the file in the form, so nothing of a file is read without it."""
    body = await _trusted_body(request)
    desk.require(Right.SUBMIT)
    announced = Announced(
        practice=desk.id, caller=desk.caller, on_error=_chosen(body.fields.get("on_error", ""))
    )

    async def read_body() -> IncomingBody:
        return body

    intake_desk = IntakeDesk(intake=request.app.state.intake, open_work=desk.open_work)
    received = await take_on(announced, read_body, desk=intake_desk, admission=admission)
    again = {"again": "yes"} if received.is_replay else {}
    return go_to(f"/submissions/{received.submission.id}", **again)


async def _trusted_body(request: Request) -> IncomingBody:
    """Raises: FormRefused, and what `incoming_case_file` raises."""
    limit = request.app.state.settings.submission_max_bytes
    try:
        body = await incoming_case_file(request, max_bytes=limit, fields=_FIELDS)
    except UnsupportedMediaType:
        raise FormRefused from None
    require_form_token(request, body.fields)
    return body


def _chosen(on_error: str) -> OnError:
    try:
        return OnError(on_error)
    except ValueError:
        raise FormRefused from None
