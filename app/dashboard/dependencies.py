"""What handlers of pages are given: who is in front of them, and a form that can be trusted."""

from collections.abc import Mapping
from typing import Annotated, Final, cast
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from app.access.browser_secrets import is_form_token
from app.access.dependencies import MaybeSignedIn, work_within
from app.access.local_accounts import LocalAccounts
from app.access.provider_accounts import ProviderAccounts
from app.dashboard.pages import Member, Visitor
from app.domain.errors import RequestTooLarge
from app.storage.unit_of_work import OpenWork
from app.web.cookies import SESSION, VISIT, cookie_of
from app.web.json_bodies import whole_body
from app.web.same_origin import is_from_here

_LARGEST_FORM: Final = 16 * 1024
_MOST_FIELDS: Final = 20
_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field

Fields = Mapping[str, str]


class NotSignedIn(Exception):
    """Answered with the way to the page for signing in."""


class FormRefused(Exception):
    """It does not come from a page of ours, or the cookie of that page is gone."""


async def _visitor(request: Request) -> Visitor:
    return Visitor(request)


async def _member(request: Request, signed_in: MaybeSignedIn) -> Member:
    if signed_in is None:
        raise NotSignedIn
    return Member(request, signed_in)


async def _member_work(request: Request, member: Annotated[Member, Depends(_member)]) -> OpenWork:
    return work_within(request, member.signed_in.principal)


async def _fields(request: Request) -> Fields:
    try:
        body = await whole_body(request, at_most=_LARGEST_FORM)
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except (RequestTooLarge, ValueError):
        raise FormRefused from None
    return dict(pairs)


async def _visitor_form(request: Request, fields: Annotated[Fields, Depends(_fields)]) -> Fields:
    return _trusted(request, fields, cookie=VISIT)


async def _member_form(
    request: Request,
    _: Annotated[Member, Depends(_member)],
    fields: Annotated[Fields, Depends(_fields)],
) -> Fields:
    return _trusted(request, fields, cookie=SESSION)


def _trusted(request: Request, fields: Fields, *, cookie: str) -> Fields:
    secret = cookie_of(request, cookie)
    if secret is None or not is_from_here(request):
        raise FormRefused
    if not is_form_token(fields.get(_TOKEN, ""), secret):
        raise FormRefused
    return fields


async def _local_accounts(request: Request) -> LocalAccounts | None:
    return cast(LocalAccounts | None, request.app.state.local_accounts)


async def _provider_accounts(request: Request) -> ProviderAccounts | None:
    return cast(ProviderAccounts | None, request.app.state.provider_accounts)


VisitorDep = Annotated[Visitor, Depends(_visitor)]
SignedInPage = Annotated[Member, Depends(_member)]
MemberWork = Annotated[OpenWork, Depends(_member_work)]
"""Opens transactions within the bounds of who is signed in."""
VisitorForm = Annotated[Fields, Depends(_visitor_form)]
SignedInForm = Annotated[Fields, Depends(_member_form)]
MaybeLocal = Annotated[LocalAccounts | None, Depends(_local_accounts)]
MaybeProvider = Annotated[ProviderAccounts | None, Depends(_provider_accounts)]
