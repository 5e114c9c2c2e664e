"""What handlers of pages are given: who is in front of them, and a form that can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, cast
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from app.access.browser_secrets import is_form_token
from app.access.dependencies import MaybeSignedIn, browser_of, work_within
from app.access.local_accounts import LocalAccounts
from app.access.provider_accounts import ProviderAccounts
from app.dashboard.frame.once import begin_once
from app.dashboard.frame.pages import Member, Visitor
from app.dashboard.frame.uploads import read_upload
from app.domain.errors.requests import RequestTooLarge
from app.storage.unit_of_work import OpenWork
from app.web.cookies import SESSION, VISIT, cookie_of
from app.web.dependencies import Limits
from app.web.json_bodies import whole_body
from app.web.rate_limit import caller_at
from app.web.same_origin import is_from_here

_LARGEST_FORM: Final = 16 * 1024
_MOST_FIELDS: Final = 20
_LARGEST_LONG_FORM: Final = 2 << 20  # a provider list of 1 MiB that comes back for its preview
_MOST_OF_LONG_FORM: Final = 600
_LARGEST_FILE: Final = 1 << 20
_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field

Fields = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LongForm:
    """A form in which a name may come more than once, as that of boxes that are ticked."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def last(self) -> Fields:
        return dict(self.pairs)

    def get(self, name: str) -> str:
        return self.last.get(name, "")

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name]


class NotSignedIn(Exception):
    """Answered with the way to the page for signing in."""


class FormRefused(Exception):
    """It does not come from a page of ours, or the cookie of that page is gone."""


async def _visitor(request: Request) -> Visitor:
    return Visitor(request)


async def _member(request: Request, signed_in: MaybeSignedIn, limits: Limits) -> Member:
    """Raises: NotSignedIn, TooManyRequests: a person has as many requests as an API key."""
    if signed_in is None:
        if cookie_of(request, SESSION) is not None:
            limits.strangers.take(caller_at(browser_of(request).address))
        raise NotSignedIn
    limits.keys.take(str(signed_in.principal.id))
    return Member(request, signed_in)


async def _member_work(request: Request, member: Annotated[Member, Depends(_member)]) -> OpenWork:
    return work_within(request, member.signed_in.principal)


async def _pairs(request: Request, *, at_most: int, most_fields: int) -> list[tuple[str, str]]:
    try:
        body = await whole_body(request, at_most=at_most)
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=most_fields,
        )
    except (RequestTooLarge, ValueError):
        raise FormRefused from None


async def _visitor_form(request: Request) -> Fields:
    pairs = await _pairs(request, at_most=_LARGEST_FORM, most_fields=_MOST_FIELDS)
    return _trusted(request, dict(pairs), cookie=VISIT)


async def _member_form(request: Request, member: Annotated[Member, Depends(_member)]) -> Fields:
    pairs = await _pairs(request, at_most=_LARGEST_FORM, most_fields=_MOST_FIELDS)
    fields = _trusted(request, dict(pairs), cookie=SESSION)
    await begin_once(request, member.signed_in.principal, pairs)
    return fields


async def _long_form(request: Request, member: Annotated[Member, Depends(_member)]) -> LongForm:
    pairs = await _pairs(request, at_most=_LARGEST_LONG_FORM, most_fields=_MOST_OF_LONG_FORM)
    form = LongForm(pairs=tuple(pairs))
    _trusted(request, form.last, cookie=SESSION)
    await begin_once(request, member.signed_in.principal, pairs)
    return form


async def _upload(request: Request, _: Annotated[Member, Depends(_member)]) -> bytes:
    """A form with one file. Raises: RequestTooLarge."""
    body = await whole_body(request, at_most=_LARGEST_FILE + _LARGEST_FORM)
    fields, content = await read_upload(request.headers, body)
    _trusted(request, fields, cookie=SESSION)
    if content is None:
        raise FormRefused
    return content


def require_form_token(request: Request, fields: Fields) -> None:
    """For whoever reads a form of a signed-in person itself. Raises: FormRefused."""
    _trusted(request, fields, cookie=SESSION)


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
SignedInLongForm = Annotated[LongForm, Depends(_long_form)]
SignedInUpload = Annotated[bytes, Depends(_upload)]
MaybeLocal = Annotated[LocalAccounts | None, Depends(_local_accounts)]
MaybeProvider = Annotated[ProviderAccounts | None, Depends(_provider_accounts)]
