"""People in front of browsers: they keep cookies, follow links and fill in forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Cookies, Response
from lxml import html

from app.access.operators import operator
from app.access.session_service import Browser as BrowserName
from app.access.user_service import Users
from app.domain.identifiers import Npi, parse_practice_id
from app.domain.principals import Role
from app.domain.users import NewUser, User
from tests.case_files import NPI
from tests.registry import PRACTICE, Caller, Registry

SECURE_ADDRESS = "https://registry.example"
PASSWORD = "nine brown owls sing"
MASTER_KEY = "the master key of the tests is long enough"


@dataclass
class Clock:
    """Stands still until it is told how much later it is."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **later: float) -> None:
        self.moment += timedelta(**later)


@dataclass
class Browser:
    app: FastAPI
    portal: BlockingPortal
    address: str = SECURE_ADDRESS
    host: str = "192.0.2.1"
    name: str = "Firefox of the tests"
    cookies: Cookies = field(default_factory=Cookies)

    def ask(self, method: str, path: str, **request: Any) -> Response:
        headers = {"User-Agent": self.name, **request.pop("headers", {})}

        async def send() -> Response:
            transport = ASGITransport(self.app, client=(self.host, 40_000))
            async with AsyncClient(
                transport=transport, base_url=self.address, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, headers=headers, **request)
                self.cookies = client.cookies
                return answer

        return self.portal.call(send)

    def get(self, path: str, **request: Any) -> Response:
        return self.ask("GET", path, **request)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Response:
        """As a browser sends a form of a page of the same origin, unless `headers` say else."""
        told = {"Sec-Fetch-Site": "same-origin", "Origin": self.address, **headers}
        return self.ask("POST", path, data=fields, headers=told)

    def fill_in(self, page: Response, action: str, **typed: str) -> Response:
        """Fill in the form of `page` that goes to `action`, and send it."""
        return self.post(action, {**fields_of(page, action), **typed})

    def follow(self, answer: Response) -> Response:
        assert answer.status_code in (302, 303), answer.text
        return self.get(urljoin(self.address, answer.headers["location"]))

    def sign_in(self, email: str, password: str = PASSWORD, **query: str) -> Response:
        page = self.get("/sign-in", params=query)
        return self.fill_in(page, "/sign-in", email=email, password=password)

    def is_signed_in(self) -> bool:
        return self.get("/home").status_code == 200


def fields_of(page: Response, action: str) -> dict[str, str]:
    """What a form holds before anybody types."""
    assert "text/html" in page.headers["content-type"], page.text
    form = next(f for f in html.fromstring(page.text).forms if f.get("action") == action)
    return {name: value or "" for name, value in form.form_values()}


def text_of(page: Response) -> str:
    return " ".join(html.fromstring(page.text).text_content().split())


def invitation(registry: Registry, email: str, role: Role = Role.PRACTICE, **given: Any) -> str:
    """Add a user, and return the path and query of their link."""
    users = Users(open_work=registry.open_work, with_passwords=True)
    token = users.add(_new(email, role, **given), operator(), manager=None).token
    return f"/invitation?token={token}"


def accepted(browser: Browser, link: str, password: str = PASSWORD) -> Response:
    return browser.fill_in(browser.get(link), "/invitation", password=password)


def new_user(registry: Registry, role: Role, **given: Any) -> User:
    users = Users(open_work=registry.open_work, with_passwords=True)
    return users.add(
        _new(given.pop("email", f"{role}@x.example"), role, **given), operator(), manager=None
    ).user


def somebody_signed_in(registry: Registry, role: Role, **given: Any) -> Caller:
    """Somebody who asks with the cookie of a session, and the token of its forms."""
    user = new_user(registry, role, **given)
    with registry.open_work() as work:
        secret = registry.app.state.sessions.begin(user, BrowserName(), work, by="password")
        work.commit()
    return registry.signed_in(secret)


def browser_of(registry: Registry, portal: BlockingPortal, role: Role, **given: Any) -> Browser:
    """A browser that somebody of the role is signed in with."""
    browser = Browser(registry.app, portal)
    session = somebody_signed_in(registry, role, **given).session
    assert session is not None
    browser.cookies.set("__Host-nacor", session, domain="registry.example", path="/")
    return browser


def user_of(registry: Registry, email: str) -> User:
    with registry.open_work() as work:
        found = work.users.by_email(email)
    assert found is not None
    return found


def actions_of(registry: Registry, user_id: UUID) -> list[str]:
    """What the trail holds about a user, the oldest first."""
    return [
        row[0]
        for row in registry.ask_database(
            "SELECT action FROM audit_entries WHERE about_id = :user ORDER BY number",
            user=str(user_id),
        )
    ]


def location_of(answer: Response) -> str:
    parts = urlsplit(answer.headers["location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _new(email: str, role: Role, **given: Any) -> NewUser:
    bound = role in (Role.VENDOR, Role.PRACTICE, Role.CLINICIAN)
    practices = given.get("practices", (PRACTICE,) if bound else ())
    return NewUser(
        email=email,
        name=given.get("name", "Robin Example"),
        role=role,
        practice_ids=tuple(parse_practice_id(each) for each in practices),
        organization_id=given.get("organization_id"),
        npi=Npi(given.get("npi", NPI)) if role is Role.CLINICIAN else None,
    )
