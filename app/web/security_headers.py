"""Headers that keep a browser from doing more with an answer than the answer means."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.dependencies import web_settings

# Everything a page shows or runs is the service's own; scripts and styles stand in files.
_PAGE_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_FOR_ALL: Final = {"X-Content-Type-Options": "nosniff"}
_KNOWN_BY: Final = {b"authorization", b"cookie"}
"""Who sends one of these is answered with what is for them alone: no browser keeps that."""
_FOR_PAGES: Final = {
    "Content-Security-Policy": _PAGE_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Leaves alone what an answer says itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                for name, value in {
                    **_for_request(scope),
                    **(_FOR_PAGES if is_page else {}),
                }.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _for_request(scope: Scope) -> dict[str, str]:
    headers = dict(_FOR_ALL)
    if _KNOWN_BY & {name for name, _ in scope["headers"]}:
        headers["Cache-Control"] = "no-store"
    seconds = web_settings(scope).hsts_seconds
    if seconds and scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = f"max-age={seconds}"
    return headers
