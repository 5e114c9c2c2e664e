"""Who is asking: the API key of a request, how often it may ask, and what it reaches."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.access.keys import hash_of
from app.access.rights import bounds_of
from app.domain.errors import NotAuthenticated, PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.unit_of_work import OpenWithin, OpenWork
from app.web.dependencies import Limits
from app.web.rate_limit import caller_at
from app.web.request_id import request_id_of

_bearer = HTTPBearer(auto_error=False, description="An API key of the registry.")


FindKey = Callable[[str], Principal | None]
"""Looks up the key of a text: before that nobody is known, so it is done without bounds."""


def find_key(text: str, *, open_work: OpenWork) -> Principal | None:
    with open_work() as work:
        key = work.keys.find(hash_of(text))
        work.commit()
    return key


async def _find_key(request: Request) -> FindKey:
    return cast(FindKey, request.app.state.find_key)


def _caller(
    request: Request,
    find_key: Annotated[FindKey, Depends(_find_key)],
    limits: Limits,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    address = request.client.host if request.client else None
    if credentials is None:
        limits.strangers.take(caller_at(address))
        raise NotAuthenticated("Send an API key: `Authorization: Bearer <key>`.")
    key = find_key(credentials.credentials)
    if key is None:
        limits.strangers.take(caller_at(address))
        raise NotAuthenticated("This API key is not known.")
    limits.keys.take(str(key.id))
    return replace(key, address=address, request_id=request_id_of(request.scope))


Caller = Annotated[Principal, Depends(_caller)]


async def _open_work(request: Request, caller: Caller) -> OpenWork:
    open_within: OpenWithin = request.app.state.open_within
    return partial(open_within, bounds_of(caller))


Work = Annotated[OpenWork, Depends(_open_work)]
"""Opens transactions within the bounds of who asks: the only ones that routers get."""


def require_registered(open_work: OpenWork, practice: PracticeId) -> None:
    """Raises: PracticeUnknown."""
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
