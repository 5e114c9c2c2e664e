"""How pages of people are made: for a visitor who may sign in, and for who is signed in."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.access.browser_secrets import form_token, new_secret
from app.access.dependencies import browser_of
from app.access.local_accounts import SessionBegun, Visit
from app.access.local_paths import local_path
from app.access.session_service import Sessions
from app.dashboard.figures.chart_data import chart_data
from app.dashboard.figures.figure import shown
from app.dashboard.frame.navigation import NAVIGATION, links_for
from app.dashboard.frame.once import word_of_form
from app.domain.errors.requests import TooManyRequests
from app.domain.money import money
from app.domain.sessions import SignedIn
from app.portal.pages import templates_in
from app.web.cookies import SESSION, VISIT, cookie_of, drop_cookie, set_cookie
from app.web.rate_limit import RateLimits, caller_at

_templates: Final = templates_in(Path(__file__).parents[1] / "templates")
_templates.env.globals["chart_data"] = chart_data
_templates.env.filters["shown"] = shown
_templates.env.globals["word_of_form"] = word_of_form
_templates.env.filters["money"] = money
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # else browsers keep to themselves where a form comes from
}


@dataclass(frozen=True)
class Visitor:
    """Somebody in front of a page for people who are not signed in."""

    request: Request

    @cached_property
    def secret(self) -> str:
        return cookie_of(self.request, VISIT) or new_secret()

    @property
    def next_path(self) -> str:
        return local_path(self.request.query_params.get("next"))

    def count(self, limits: RateLimits) -> None:
        """Count an attempt at signing in from this address. Raises: TooManyRequests."""
        limits.addresses.take(caller_at(browser_of(self.request).address))

    def visit(self, next_path: str) -> Visit:
        return Visit(
            secret=self.secret, browser=browser_of(self.request), next_path=local_path(next_path)
        )

    def page(self, template: str, *, status_code: int = 200, **values: object) -> Response:
        told = {**values, "form_token": form_token(self.secret)}
        answer = _templates.TemplateResponse(
            self.request, template, told, status_code=status_code, headers=_HEADERS
        )
        return self.remembered(answer)

    def remembered(self, answer: Response) -> Response:
        """Let the browser hold the secret of this visit, if it does not yet."""
        if cookie_of(self.request, VISIT) is None:
            set_cookie(self.request, answer, VISIT, self.secret)
        return answer

    def let_in(self, begun: SessionBegun, sessions: Sessions) -> Response:
        """The browser gets a new session and loses what it held before, whoever gave it that."""
        before = cookie_of(self.request, SESSION)
        signed_in = None if before is None else sessions.find(before, browser_of(self.request))
        if signed_in is not None:
            sessions.end(signed_in.session_id, signed_in)
        answer = go_to(begun.next_path)
        drop_cookie(self.request, answer, VISIT)
        set_cookie(self.request, answer, SESSION, begun.secret)
        return answer


@dataclass(frozen=True)
class Member:
    """Somebody who is signed in, in front of a page."""

    request: Request
    signed_in: SignedIn

    @property
    def secret(self) -> str:
        return cookie_of(self.request, SESSION) or ""

    def page(self, template: str, *, status_code: int = 200, **values: object) -> Response:
        caller = self.signed_in.principal
        told = {
            **values,
            "signed_in": self.signed_in,
            "navigation": links_for(caller, NAVIGATION),
            "form_token": form_token(self.secret),
        }
        return _templates.TemplateResponse(
            self.request, template, told, status_code=status_code, headers=_HEADERS
        )


def fragment(template: str, **values: object) -> str:
    """Return a part of a page, for a script that puts it into one that is open."""
    return _templates.get_template(template).render(values)


def go_to(path: str, **query: str) -> Response:
    asked = f"?{urlencode(query)}" if query else ""
    return RedirectResponse(path + asked, status_code=303, headers=_HEADERS)


def too_often(error: TooManyRequests) -> str:
    return f"That was too often. Try again in {error.retry_after} seconds."
