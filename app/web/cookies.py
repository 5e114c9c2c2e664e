"""The cookies of this service: no script reads them, no other site's request carries them."""

from typing import Final

from fastapi import Request, Response

SESSION: Final = "nacor"
VISIT: Final = "nacor-visit"
_HOST_ONLY: Final = "__Host-"
"""Browsers take such a name from this very host over TLS only, for all of its paths."""


def cookie_of(request: Request, name: str) -> str | None:
    return request.cookies.get(_full_name(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """It lasts until the browser is closed; how long it is worth something is decided here."""
    response.set_cookie(
        _full_name(request, name),
        value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_needs_tls(request),
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(
        _full_name(request, name),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_needs_tls(request),
    )


def _full_name(request: Request, name: str) -> str:
    return f"{_HOST_ONLY}{name}" if _needs_tls(request) else name


def _needs_tls(request: Request) -> bool:
    return not request.app.state.settings.cookies_without_tls
