"""Who is asking: the API key of a request, and how often it may ask."""

from dataclasses import replace
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.access.keys import hash_of
from app.domain.errors import NotAuthenticated, PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.storage.unit_of_work import OpenWork
from app.web.dependencies import Limits
from app.web.rate_limit import caller_at
from app.web.request_id import request_id_of

_bearer = HTTPBearer(auto_error=False, description="An API key of the registry.")


async def _open_work(request: Request) -> OpenWork:
    return cast(OpenWork, request.app.state.open_work)


Work = Annotated[OpenWork, Depends(_open_work)]


def _caller(
    request: Request,
    open_work: Work,
    limits: Limits,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    address = request.client.host if request.client else None
    if credentials is None:
        limits.strangers.take(caller_at(address))
        raise NotAuthenticated("Send an API key: `Authorization: Bearer <key>`.")
    with open_work() as work:
        key = work.keys.find(hash_of(credentials.credentials))
        work.commit()
    if key is None:
        limits.strangers.take(caller_at(address))
        raise NotAuthenticated("This API key is not known.")
    limits.keys.take(str(key.id))
    return replace(key, address=address, request_id=request_id_of(request.scope))


Caller = Annotated[Principal, Depends(_caller)]


def require_registered(open_work: OpenWork, practice: PracticeId) -> None:
    """Raises: PracticeUnknown."""
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
