"""Signing in by two steps: a password, and a code of an authenticator app."""

from base64 import b32decode
from dataclasses import replace
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html
from sqlalchemy import Engine

from app.domain.master_keys import MasterKeys
from app.domain.one_time_codes import code_of, step_at
from tests.commands import nacor_on
from tests.people import (
    MASTER_KEY,
    PASSWORD,
    Browser,
    Clock,
    accepted,
    actions_of,
    fields_of,
    invitation,
    location_of,
    text_of,
    user_of,
)
from tests.registry import Registry, create_service

EMAIL = "robin@lakeside.example"


class Phone:
    """An authenticator app that was shown the secret."""

    def __init__(self, page: Response, clock: Clock) -> None:
        [typed] = html.fromstring(page.text).xpath("//code[@class='secret']/text()")
        self._secret = b32decode(typed.replace(" ", ""))
        self._clock = clock

    def code(self) -> str:
        return code_of(self._secret, step_at(self._clock()))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def robin(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal, clock: Clock
) -> Browser:
    app = create_service(engine, tmp_path, secret_key=MASTER_KEY)
    local = app.state.local_accounts
    sessions = replace(local.sessions, now=clock)
    app.state.sessions = sessions
    app.state.local_accounts = replace(
        local, sessions=sessions, second_steps=replace(local.second_steps, now=clock)
    )
    browser = Browser(app, portal)
    accepted(browser, invitation(registry, EMAIL))
    return browser


def begun(robin: Browser, clock: Clock) -> tuple[Response, Phone]:
    page = robin.fill_in(robin.get("/account"), "/account/second-step")
    return page, Phone(page, clock)


def set_up(robin: Browser, clock: Clock) -> tuple[Phone, list[str]]:
    page, phone = begun(robin, clock)
    codes = robin.fill_in(
        page, "/account/second-step/confirm", code=phone.code(), old_password=PASSWORD
    )
    clock.advance(seconds=60)
    return phone, html.fromstring(codes.text).xpath("//li/code/text()")


def at_the_second_step(robin: Browser) -> tuple[Browser, Response]:
    visitor = Browser(robin.app, robin.portal)
    answer = visitor.sign_in(EMAIL)
    assert location_of(answer).startswith("/sign-in/code?step=")
    return visitor, visitor.follow(answer)


def test_an_app_is_set_up_with_a_code_of_it(
    registry: Registry, robin: Browser, clock: Clock
) -> None:
    page, _ = begun(robin, clock)
    assert "<svg" in page.text
    assert "otpauth://totp/Anesthesia%20registry%3Arobin%40lakeside.example?" in page.text
    wrong = robin.fill_in(
        page, "/account/second-step/confirm", code="000000", old_password=PASSWORD
    )
    assert "not the code" in text_of(wrong)
    set_up(robin, clock)
    assert "asks for a code of your authenticator app. 10 recovery" in text_of(
        robin.get("/account")
    )
    assert actions_of(registry, user_of(registry, EMAIL).id)[-1] == "user.second_step_set_up"


def test_nothing_is_asked_for_until_a_code_was_typed(robin: Browser, clock: Clock) -> None:
    begun(robin, clock)
    assert location_of(Browser(robin.app, robin.portal).sign_in(EMAIL)) == "/home"


def test_the_password_alone_lets_nobody_in(robin: Browser, clock: Clock) -> None:
    phone, _ = set_up(robin, clock)
    visitor, page = at_the_second_step(robin)
    assert not visitor.is_signed_in()
    wrong = visitor.fill_in(page, "/sign-in/code", code="000000")
    assert wrong.status_code == 401
    answer = visitor.fill_in(wrong, "/sign-in/code", code=phone.code())
    assert location_of(answer) == "/home"
    assert visitor.is_signed_in()


def test_a_code_is_taken_once(robin: Browser, clock: Clock) -> None:
    phone, _ = set_up(robin, clock)
    code = phone.code()
    first, page = at_the_second_step(robin)
    first.fill_in(page, "/sign-in/code", code=code)
    assert first.is_signed_in()
    second, page = at_the_second_step(robin)
    assert second.fill_in(page, "/sign-in/code", code=code).status_code == 401
    clock.advance(seconds=30)
    second.fill_in(page, "/sign-in/code", code=phone.code())
    assert second.is_signed_in()


def test_a_recovery_code_is_taken_once_and_told_of(
    registry: Registry, robin: Browser, clock: Clock
) -> None:
    _, codes = set_up(robin, clock)
    assert len(set(codes)) == 10
    visitor, page = at_the_second_step(robin)
    visitor.fill_in(page, "/sign-in/code", code=codes[0].lower())
    assert visitor.is_signed_in()
    assert "user.recovery_code_used" in actions_of(registry, user_of(registry, EMAIL).id)
    again, page = at_the_second_step(robin)
    assert again.fill_in(page, "/sign-in/code", code=codes[0]).status_code == 401
    assert "9 recovery codes" in text_of(robin.get("/account"))


def test_the_second_step_goes_on_in_the_browser_of_the_first(robin: Browser, clock: Clock) -> None:
    phone, _ = set_up(robin, clock)
    _, page = at_the_second_step(robin)
    thief = Browser(robin.app, robin.portal)
    token = fields_of(thief.get("/sign-in"), "/sign-in")["form_token"]
    stolen = {**fields_of(page, "/sign-in/code"), "form_token": token, "code": phone.code()}
    assert location_of(thief.post("/sign-in/code", stolen)) == "/sign-in"
    assert not thief.is_signed_in()


def test_the_second_step_is_due_within_ten_minutes(robin: Browser, clock: Clock) -> None:
    phone, _ = set_up(robin, clock)
    visitor, page = at_the_second_step(robin)
    clock.advance(minutes=11)
    late = visitor.fill_in(page, "/sign-in/code", code=phone.code())
    assert location_of(late) == "/sign-in"
    assert not visitor.is_signed_in()


def test_a_new_password_ends_what_was_begun_with_the_one_before(
    robin: Browser, clock: Clock
) -> None:
    phone, _ = set_up(robin, clock)
    thief, page = at_the_second_step(robin)
    account = robin.get("/account")
    changed = robin.fill_in(
        account, "/account/password", old_password=PASSWORD, password="a longer one than before"
    )
    assert changed.status_code == 303, text_of(changed)
    answer = thief.fill_in(page, "/sign-in/code", code=phone.code())
    assert location_of(answer) == "/sign-in"
    assert not thief.is_signed_in()


def test_attempts_at_codes_are_counted(
    engine: Engine, tmp_path: Path, robin: Browser, clock: Clock
) -> None:
    set_up(robin, clock)
    app = create_service(engine, tmp_path, secret_key=MASTER_KEY, sign_in_rate=3)
    visitor = Browser(app, robin.portal)
    page = visitor.follow(visitor.sign_in(EMAIL))
    tries = [visitor.fill_in(page, "/sign-in/code", code="000000") for _ in range(4)]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]


def test_a_new_password_by_a_link_leaves_the_second_step_due(
    registry: Registry, robin: Browser, clock: Clock
) -> None:
    set_up(robin, clock)
    user = user_of(registry, EMAIL)
    link = registry.admin().ask("POST", f"/v1/users/{user.id}/invite").json()["invitation"]
    visitor = Browser(robin.app, robin.portal)
    answer = accepted(visitor, link.removeprefix("http://registry.example"))
    assert location_of(answer).startswith("/sign-in/code")
    assert not visitor.is_signed_in()


def test_who_has_lost_everything_is_helped_by_whoever_manages_users(
    registry: Registry, robin: Browser, clock: Clock
) -> None:
    set_up(robin, clock)
    user = user_of(registry, EMAIL)
    registry.admin().ask("POST", f"/v1/users/{user.id}/reset-second-step")
    assert location_of(Browser(robin.app, robin.portal).sign_in(EMAIL)) == "/home"
    assert actions_of(registry, user.id)[-2] == "user.second_step_reset"


def test_taking_the_app_away_needs_the_password(robin: Browser, clock: Clock) -> None:
    set_up(robin, clock)
    path = "/account/second-step/remove"
    wrong = robin.fill_in(robin.get("/account"), path, old_password="some other one")
    assert wrong.status_code == 422
    robin.fill_in(robin.get("/account"), path, old_password=PASSWORD)
    assert location_of(Browser(robin.app, robin.portal).sign_in(EMAIL)) == "/home"


def test_the_master_key_that_an_app_comes_from_is_told_to_be_needed(
    registry: Registry, robin: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who took it away would lock everybody out who types codes."""
    set_up(robin, clock)
    monkeypatch.setenv("NACOR_DATA_DIR", str(registry.folder))
    monkeypatch.setenv("NACOR_SECRET_KEY", "the master key that comes after it, of this year")
    told = nacor_on(registry.engine, monkeypatch)("encryption", "status").stdout
    before = MasterKeys([MASTER_KEY]).newest
    [line] = [line for line in told.splitlines() if before in line]
    assert "MISSING" in line
    assert line.endswith("1 authenticator apps come from it")
