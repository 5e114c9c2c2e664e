"""Who is asking: the key or the session of a request, how often they may, what they reach."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Final, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.access.browser_secrets import is_form_token
from app.access.keys import hash_of
from app.access.rights import bounds_of
from app.access.session_service import Browser, Sessions
from app.access.user_service import Users
from app.domain.errors.access import NotAuthenticated, NotPermitted
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.sessions import SignedIn
from app.storage.unit_of_work import OpenWithin, OpenWork
from app.web.cookies import SESSION, cookie_of
from app.web.dependencies import Limits
from app.web.rate_limit import caller_at
from app.web.request_id import request_id_of
from app.web.same_origin import is_from_here

TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105 - the name of a header
_READS: Final = frozenset({"GET", "HEAD"})
_LONGEST_NAME: Final = 200

_bearer = HTTPBearer(
    auto_error=False,
    description="An API key of the registry. In a browser a session takes its place.",
)


FindKey = Callable[[str], Principal | None]
"""Looks up the key of a text: before that nobody is known, so it is done without bounds."""


def find_key(text: str, *, open_work: OpenWork) -> Principal | None:
    with open_work() as work:
        key = work.keys.find(hash_of(text))
        work.commit()
    return key


async def _find_key(request: Request) -> FindKey:
    return cast(FindKey, request.app.state.find_key)


async def _sessions(request: Request) -> Sessions:
    return cast(Sessions, request.app.state.sessions)


SessionsDep = Annotated[Sessions, Depends(_sessions)]


async def _users(request: Request) -> Users:
    return cast(Users, request.app.state.users)


UsersDep = Annotated[Users, Depends(_users)]


def browser_of(request: Request) -> Browser:
    name = request.headers.get("user-agent")
    return Browser(
        address=request.client.host if request.client else None,
        name=name[:_LONGEST_NAME] if name and name.isprintable() else None,
        request_id=request_id_of(request.scope),
    )


def _signed_in(request: Request, sessions: SessionsDep) -> SignedIn | None:
    secret = cookie_of(request, SESSION)
    return None if secret is None else sessions.find(secret, browser_of(request))


MaybeSignedIn = Annotated[SignedIn | None, Depends(_signed_in)]


def _caller(
    request: Request,
    find_key: Annotated[FindKey, Depends(_find_key)],
    sessions: SessionsDep,
    limits: Limits,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    key = None if credentials is None else credentials.credentials
    try:
        caller = identified(request, key, find_key=find_key, sessions=sessions)
    except NotAuthenticated:
        limits.strangers.take(caller_at(browser_of(request).address))
        raise
    limits.keys.take(str(caller.id))
    return caller


def identified(
    request: Request, key: str | None, *, find_key: FindKey, sessions: Sessions
) -> Principal:
    """Return who asks; nothing is counted. `key` None: by the session of the browser.

    Raises: NotAuthenticated; NotPermitted for a change that comes from no page of ours.
    """
    return _of_session(request, sessions) if key is None else _of_key(request, find_key, key)


def _of_key(request: Request, find_key: FindKey, key: str) -> Principal:
    found = find_key(key)
    if found is None:
        raise NotAuthenticated("This API key is not known.")
    asking = browser_of(request)
    return replace(found, address=asking.address, request_id=asking.request_id)


def _of_session(request: Request, sessions: Sessions) -> Principal:
    """Any site can make a browser send its cookies; only our own pages know the token of forms."""
    signed_in = _signed_in(request, sessions)
    if signed_in is None:
        raise NotAuthenticated("Send an API key: `Authorization: Bearer <key>`.")
    if request.method not in _READS:
        token, secret = request.headers.get(TOKEN_HEADER, ""), cookie_of(request, SESSION) or ""
        if not (is_from_here(request) and is_form_token(token, secret)):
            raise NotPermitted(f"With a session a change needs the header {TOKEN_HEADER}.")
    return signed_in.principal


Caller = Annotated[Principal, Depends(_caller)]


def work_within(request: Request, caller: Principal) -> OpenWork:
    open_within: OpenWithin = request.app.state.open_within
    return partial(open_within, bounds_of(caller))


async def _open_work(request: Request, caller: Caller) -> OpenWork:
    return work_within(request, caller)


Work = Annotated[OpenWork, Depends(_open_work)]
"""Opens transactions within the bounds of who asks: the only ones that routers get."""


def require_registered(open_work: OpenWork, practice: PracticeId) -> None:
    """Raises: PracticeUnknown."""
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
