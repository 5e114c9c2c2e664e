"""Signing in through an OpenID provider: there and back."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.responses import RedirectResponse

from app.access.dependencies import SessionsDep
from app.access.identity_provider import ProviderFault
from app.access.provider_accounts import PersonUnknown, ProviderAccounts
from app.dashboard.frame.dependencies import MaybeProvider, VisitorDep
from app.dashboard.frame.pages import Visitor
from app.domain.errors.requests import TooManyRequests
from app.web.addresses import absolute_url
from app.web.dependencies import Limits

router = APIRouter(include_in_schema=False, prefix="/sign-in/provider")

_log: Final = logging.getLogger(__name__)
_CALLBACK: Final = "/sign-in/provider/callback"


def _provider(accounts: MaybeProvider) -> ProviderAccounts:
    if accounts is None:
        raise HTTPException(404)
    return accounts


ProviderDep = Annotated[ProviderAccounts, Depends(_provider)]


@router.get("")
def go_to_provider(visitor: VisitorDep, accounts: ProviderDep, limits: Limits) -> Response:
    try:
        visitor.count(limits)
        address = accounts.begin(
            visitor.visit(visitor.next_path), redirect_uri=_redirect_uri(visitor)
        )
    except TooManyRequests as error:
        return _failed(visitor, accounts, status_code=429, retry_after=error.retry_after)
    except ProviderFault as error:
        _log.warning("signing in was not begun: %s", error)
        return _failed(visitor, accounts, status_code=502)
    answer = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    return visitor.remembered(answer)


@router.get("/callback")
def come_back(visitor: VisitorDep, accounts: ProviderDep, sessions: SessionsDep) -> Response:
    """What the provider says besides is not shown: anybody can write it into a link."""
    told = visitor.request.query_params
    try:
        begun = accounts.end(
            told.get("state", ""),
            told.get("code", ""),
            visitor.visit("/home"),
            redirect_uri=_redirect_uri(visitor),
        )
    except ProviderFault as error:
        _log.warning("signing in was refused: %s", error)
        return _failed(visitor, accounts, status_code=403)
    except PersonUnknown:
        return visitor.page("people/nobody.html", status_code=403, provider=accounts.provider.name)
    return visitor.let_in(begun, sessions)


def _failed(
    visitor: Visitor,
    accounts: ProviderAccounts,
    *,
    status_code: int,
    retry_after: int | None = None,
) -> Response:
    return visitor.page(
        "people/sign_in_failed.html",
        status_code=status_code,
        provider=accounts.provider.name,
        retry_after=retry_after,
    )


def _redirect_uri(visitor: Visitor) -> str:
    return absolute_url(visitor.request.scope, _CALLBACK)
