"""Signing in with a password, by one step or two; invitations; signing out."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Response

from app.access.dependencies import MaybeSignedIn, SessionsDep
from app.access.local_accounts import (
    LocalAccounts,
    PasswordRefused,
    SecondStepDue,
    SessionBegun,
)
from app.access.local_paths import HOME
from app.access.user_wire import INVITATION_PATH
from app.dashboard.frame.dependencies import (
    MaybeLocal,
    MaybeProvider,
    SignedInForm,
    SignedInPage,
    VisitorDep,
    VisitorForm,
)
from app.dashboard.frame.pages import Visitor, go_to, too_often
from app.domain.errors.requests import TooManyRequests
from app.domain.passwords import SHORTEST
from app.web.addresses import absolute_url
from app.web.cookies import SESSION, drop_cookie
from app.web.dependencies import Limits

router = APIRouter(include_in_schema=False)

CODE_PATH: Final = "/sign-in/code"
_WRONG: Final = "The e-mail address or the password is not right."
_WRONG_CODE: Final = "That code is not right, or it was used before."


def _local(accounts: MaybeLocal) -> LocalAccounts:
    if accounts is None:
        raise HTTPException(404)
    return accounts


LocalDep = Annotated[LocalAccounts, Depends(_local)]


@router.head("/sign-in")
@router.get("/sign-in")
def sign_in_page(
    visitor: VisitorDep, signed_in: MaybeSignedIn, local: MaybeLocal, provider: MaybeProvider
) -> Response:
    if signed_in is not None:
        return go_to(visitor.next_path)
    return visitor.page(
        "people/sign_in.html",
        next=visitor.next_path,
        with_passwords=local is not None,
        provider=provider and provider.provider.name,
    )


@router.post("/sign-in")
def sign_in(
    visitor: VisitorDep,
    fields: VisitorForm,
    accounts: LocalDep,
    provider: MaybeProvider,
    limits: Limits,
) -> Response:
    email, visit = fields.get("email", ""), visitor.visit(fields.get("next", HOME))
    try:
        visitor.count(limits)
        outcome = accounts.sign_in(email, fields.get("password", ""), visit)
        fault, status = _WRONG, 401
    except TooManyRequests as error:
        outcome, fault, status = None, too_often(error), 429
    if outcome is not None:
        return _gone_on(visitor, outcome, accounts)
    return visitor.page(
        "people/sign_in.html",
        status_code=status,
        next=visit.next_path,
        email=email,
        fault=fault,
        with_passwords=True,
        provider=provider and provider.provider.name,
    )


@router.get(CODE_PATH)
def code_page(visitor: VisitorDep, accounts: LocalDep) -> Response:
    step = visitor.request.query_params.get("step", "")
    if not accounts.is_second_step_due(step, visitor.visit(HOME)):
        return go_to("/sign-in")
    return visitor.page("people/code.html", step=step)


@router.post(CODE_PATH)
def take_code(
    visitor: VisitorDep,
    fields: VisitorForm,
    accounts: LocalDep,
    sessions: SessionsDep,
    limits: Limits,
) -> Response:
    step, visit = fields.get("step", ""), visitor.visit(HOME)
    if not accounts.is_second_step_due(step, visit):
        return go_to("/sign-in")
    try:
        visitor.count(limits)
        begun = accounts.take_second_step(step, fields.get("code", ""), visit)
        fault, status = _WRONG_CODE, 401
    except TooManyRequests as error:
        begun, fault, status = None, too_often(error), 429
    if begun is not None:
        return visitor.let_in(begun, sessions)
    return visitor.page("people/code.html", status_code=status, step=step, fault=fault)


@router.get(INVITATION_PATH)
def invitation_page(visitor: VisitorDep, accounts: LocalDep) -> Response:
    return _invitation_page(visitor, accounts, visitor.request.query_params.get("token", ""))


@router.post(INVITATION_PATH)
def accept_invitation(
    visitor: VisitorDep, fields: VisitorForm, accounts: LocalDep, limits: Limits
) -> Response:
    token, visit = fields.get("token", ""), visitor.visit(HOME)
    try:
        visitor.count(limits)
        outcome = accounts.accept_invitation(token, fields.get("password", ""), visit)
    except TooManyRequests as error:
        return _invitation_page(visitor, accounts, token, fault=too_often(error), status_code=429)
    except PasswordRefused as error:
        return _invitation_page(visitor, accounts, token, fault=str(error), status_code=422)
    if outcome is None:
        return _invitation_page(visitor, accounts, token)
    return _gone_on(visitor, outcome, accounts)


@router.post("/sign-out")
def sign_out(member: SignedInPage, _: SignedInForm, sessions: SessionsDep) -> Response:
    sessions.end(member.signed_in.session_id, member.signed_in)
    there = {"at": "provider"} if member.signed_in.is_of_provider else {}
    answer = go_to("/signed-out", **there)
    drop_cookie(member.request, answer, SESSION)
    return answer


@router.get("/signed-out")
def signed_out_page(visitor: VisitorDep, provider: MaybeProvider) -> Response:
    """The provider is a link away: a form of ours may lead nowhere else, as the policy says."""
    address = None
    if provider is not None and visitor.request.query_params.get("at") == "provider":
        back_to = absolute_url(visitor.request.scope, "/signed-out")
        address = provider.provider.sign_out_address(back_to=back_to)
    return visitor.page(
        "people/signed_out.html", provider=provider and provider.provider.name, address=address
    )


def _gone_on(
    visitor: Visitor, outcome: SessionBegun | SecondStepDue, accounts: LocalAccounts
) -> Response:
    if isinstance(outcome, SecondStepDue):
        return go_to(CODE_PATH, step=outcome.token)
    return visitor.let_in(outcome, accounts.sessions)


def _invitation_page(
    visitor: Visitor,
    accounts: LocalAccounts,
    token: str,
    *,
    fault: str | None = None,
    status_code: int = 200,
) -> Response:
    user = accounts.invited(token)
    if user is None:
        return visitor.page("people/invitation_over.html", status_code=410)
    return visitor.page(
        "people/invitation.html",
        status_code=status_code,
        link_token=token,
        user=user,
        fault=fault,
        shortest=SHORTEST,
    )
