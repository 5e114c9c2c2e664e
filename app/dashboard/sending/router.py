"""The submissions of a practice: those that came, and a form that sends another case file."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.access.asked import PathPractice
from app.access.rights import Right, may, require_practice
from app.dashboard.frame.dependencies import (
    FormRefused,
    MemberWork,
    SignedInPage,
    require_form_token,
)
from app.dashboard.frame.navigation import doors_of_practice
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import Member, go_to
from app.domain.errors.requests import UnsupportedMediaType
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import PracticeDetails
from app.domain.submissions import OnError, Submission
from app.intake.dependencies import AdmissionDep
from app.intake.desk import Desk as IntakeDesk
from app.intake.sending import Announced, take_on
from app.roster.practice_service import read_practice
from app.storage.unit_of_work import OpenWork
from app.web.bodies import IncomingBody, incoming_case_file
from app.web.paging import Cursor, decode_uuid, encode_cursor

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/submissions", route_class=PageRoute
)

_ON_A_PAGE: Final = 25
_FIELDS: Final = ("form_token", "on_error")


@dataclass(frozen=True, kw_only=True)
class AtSubmissions:
    """Somebody who may see the submissions of a practice, in front of their list."""

    member: Member
    practice: PracticeDetails
    open_work: OpenWork

    @property
    def id(self) -> PracticeId:
        return self.practice.id

    @property
    def caller(self) -> Principal:
        return self.member.signed_in.principal

    @property
    def may_send(self) -> bool:
        return may(self.caller, Right.SUBMIT, self.id)


def _at_submissions(
    member: SignedInPage, practice: PathPractice, open_work: MemberWork
) -> AtSubmissions:
    require_practice(member.signed_in.principal, Right.SEE_SUBMISSIONS, practice)
    known = read_practice(practice, open_work=open_work)
    return AtSubmissions(member=member, practice=known, open_work=open_work)


AtSubmissionsDep = Annotated[AtSubmissions, Depends(_at_submissions)]


@router.get("")
def submissions_page(here: AtSubmissionsDep, cursor: Cursor = None) -> Response:
    before = decode_uuid(cursor, "before")
    with here.open_work() as work:
        found = work.submissions.of_practice(
            here.id, sandbox=here.caller.sandbox, before=before, limit=_ON_A_PAGE + 1
        )
    return here.member.page(
        "sending/submissions.html",
        practice=here.practice,
        doors=doors_of_practice(here.caller, here.id),
        submissions=found[:_ON_A_PAGE],
        following=_following(found),
        may_send=here.may_send,
    )


@router.post("")
async def send_case_file(
    request: Request, here: AtSubmissionsDep, admission: AdmissionDep
) -> Response:
    """The token stands before the file in the form, so nothing of a file is read without it."""
    body = await _trusted_body(request)
    require_practice(here.caller, Right.SUBMIT, here.id)
    announced = Announced(
        practice=here.id, caller=here.caller, on_error=_chosen(body.fields.get("on_error", ""))
    )

    async def read_body() -> IncomingBody:
        return body

    desk = IntakeDesk(intake=request.app.state.intake, open_work=here.open_work)
    received = await take_on(announced, read_body, desk=desk, admission=admission)
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


def _following(found: list[Submission]) -> str | None:
    if len(found) <= _ON_A_PAGE:
        return None
    return encode_cursor({"before": found[_ON_A_PAGE - 1].id})
