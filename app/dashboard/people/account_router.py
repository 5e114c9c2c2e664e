"""One's own account: password, second step, and where one is signed in."""

from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, HTTPException, Response

from app.access.dependencies import SessionsDep
from app.access.local_accounts import LocalAccounts, PasswordRefused
from app.access.second_steps import SecondStepRefused
from app.access.session_service import Sessions
from app.dashboard.frame.dependencies import MaybeLocal, SignedInForm, SignedInPage
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.pages import go_to, too_often
from app.domain.errors.requests import TooManyRequests
from app.domain.one_time_codes import enrolment_link, in_base32, in_groups
from app.domain.passwords import SHORTEST

router = APIRouter(include_in_schema=False, prefix="/account", route_class=PageRoute)


class Account:
    """The account page, and what may go wrong on it."""

    def __init__(self, member: SignedInPage, sessions: SessionsDep, local: MaybeLocal) -> None:
        self.member = member
        self.sessions: Sessions = sessions
        self.has_password = local is not None and not member.signed_in.is_of_provider
        self._local = local

    @property
    def local(self) -> LocalAccounts:
        if self._local is None or not self.has_password:
            raise HTTPException(404)
        return self._local

    def page(self, *, status_code: int = 200, **told: object) -> Response:
        steps = self.local.second_steps if self.has_password else None
        return self.member.page(
            "people/account.html",
            status_code=status_code,
            sessions=self.sessions.of_user(self.member.signed_in),
            has_password=self.has_password,
            shortest=SHORTEST,
            asks_for_codes=steps is not None and steps.is_set_up(self.member.signed_in),
            codes_left=steps.codes_left(self.member.signed_in) if steps else 0,
            **told,
        )

    def enrolment_page(
        self, secret: bytes, *, fault: str | None = None, status_code: int = 200
    ) -> Response:
        link = enrolment_link(
            secret, account=self.member.signed_in.email, issuer="Anesthesia registry"
        )
        picture = segno.make(link, error="m").svg_inline(scale=5, light="#fff")
        return self.member.page(
            "people/second_step.html",
            status_code=status_code,
            link=link,
            picture=picture,
            secret=in_groups(in_base32(secret)),
            fault=fault,
        )


AccountDep = Annotated[Account, Depends()]


@router.get("")
def account_page(account: AccountDep) -> Response:
    return account.page(done=account.member.request.query_params.get("done"))


@router.post("/password")
def change_password(account: AccountDep, fields: SignedInForm) -> Response:
    old, new = fields.get("old_password", ""), fields.get("password", "")
    try:
        account.local.change_password(old, new, account.member.signed_in)
    except PasswordRefused as error:
        return account.page(status_code=422, password_fault=str(error))
    except TooManyRequests as error:
        return account.page(status_code=429, password_fault=too_often(error))
    return go_to("/account", done="password")


@router.post("/sessions/end")
def end_session(account: AccountDep, fields: SignedInForm) -> Response:
    try:
        session_id = UUID(fields.get("session", ""))
    except ValueError:
        return go_to("/account")
    account.sessions.end(session_id, account.member.signed_in)
    return go_to("/account", done="session")


@router.post("/second-step")
def begin_second_step(account: AccountDep, _: SignedInForm) -> Response:
    try:
        secret = account.local.second_steps.begin(account.member.signed_in)
    except SecondStepRefused as error:
        return account.page(status_code=409, codes_fault=str(error))
    return account.enrolment_page(secret)


@router.post("/second-step/confirm")
def confirm_second_step(account: AccountDep, fields: SignedInForm) -> Response:
    signed_in, steps = account.member.signed_in, account.local.second_steps
    secret = steps.pending(signed_in)
    if secret is None:
        return go_to("/account")
    try:
        account.local.require_password(fields.get("old_password", ""), signed_in)
        codes = steps.confirm(fields.get("code", ""), signed_in)
    except (PasswordRefused, SecondStepRefused) as error:
        return account.enrolment_page(secret, fault=str(error), status_code=422)
    except TooManyRequests as error:
        return account.enrolment_page(secret, fault=too_often(error), status_code=429)
    return account.member.page("people/recovery_codes.html", codes=codes)


@router.post("/second-step/remove")
def remove_second_step(account: AccountDep, fields: SignedInForm) -> Response:
    signed_in = account.member.signed_in
    try:
        account.local.require_password(fields.get("old_password", ""), signed_in)
    except PasswordRefused as error:
        return account.page(status_code=422, codes_fault=str(error))
    except TooManyRequests as error:
        return account.page(status_code=429, codes_fault=too_often(error))
    account.local.second_steps.remove(signed_in)
    return go_to("/account", done="codes")
