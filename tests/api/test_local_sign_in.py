"""Signing in with a password: invited, signed in, signed out, and all that must not work."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import URL, Engine

from app.access.password_hashing import hash_password, is_outdated
from app.domain.principals import Role
from tests.databases import connect
from tests.people import (
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
from tests.registry import PRACTICE, Registry, create_service
from tests.waiting import wait_for

EMAIL = "robin@lakeside.example"


@pytest.fixture
def browser(registry: Registry, portal: BlockingPortal) -> Browser:
    return Browser(registry.app, portal)


@pytest.fixture
def robin(registry: Registry, browser: Browser) -> Browser:
    """A browser that somebody of the practice is signed in with."""
    accepted(browser, invitation(registry, EMAIL))
    return browser


def another(browser: Browser, **differs: str) -> Browser:
    return Browser(browser.app, browser.portal, **differs)


def test_an_invitation_sets_a_password_and_signs_in(registry: Registry, browser: Browser) -> None:
    link = invitation(registry, EMAIL)
    page = browser.get(link)
    assert "You sign in as robin@lakeside.example" in text_of(page)
    answer = browser.fill_in(page, "/invitation", password=PASSWORD)
    home = browser.follow(answer)
    assert "Lakeside Anesthesia" in text_of(home)
    assert actions_of(registry, user_of(registry, EMAIL).id) == [
        *("user.added", "user.password_set", "user.signed_in"),
    ]


def test_an_invitation_is_good_once(registry: Registry, browser: Browser) -> None:
    link = invitation(registry, EMAIL)
    page = browser.get(link)
    browser.fill_in(page, "/invitation", password=PASSWORD)
    thief = another(browser)
    assert thief.get(link).status_code == 410
    form = fields_of(thief.get("/sign-in"), "/sign-in")
    used = {**fields_of(page, "/invitation"), "form_token": form["form_token"]}
    assert thief.post("/invitation", {**used, "password": PASSWORD}).status_code == 410
    assert not thief.is_signed_in()


def test_an_invitation_ends_after_a_week(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal
) -> None:
    link = invitation(registry, EMAIL)
    clock = Clock()
    browser = Browser(_service_at(clock, engine, tmp_path), portal)
    clock.advance(days=6)
    assert browser.get(link).status_code == 200
    clock.advance(days=2)
    assert browser.get(link).status_code == 410


def test_a_weak_password_is_refused_and_the_link_stays_good(
    registry: Registry, browser: Browser
) -> None:
    link = invitation(registry, EMAIL)
    refused = accepted(browser, link, password="robin robin robin")
    assert refused.status_code == 422
    assert "part of the e-mail" in text_of(refused)
    assert accepted(browser, link).status_code == 303


def test_signing_in_leads_to_what_was_asked_for(robin: Browser) -> None:
    visitor = another(robin)
    asked = visitor.get("/account")
    assert location_of(asked) == "/sign-in?next=%2Faccount"
    page = visitor.follow(asked)
    answer = visitor.fill_in(page, "/sign-in", email="ROBIN@Lakeside.example", password=PASSWORD)
    assert location_of(answer) == "/account"
    assert "Where you are signed in" in text_of(visitor.follow(answer))


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_service(robin: Browser, elsewhere: str) -> None:
    visitor = another(robin)
    assert location_of(visitor.sign_in(EMAIL, next=elsewhere)) == "/home"
    page = another(robin)
    form = {**fields_of(page.get("/sign-in"), "/sign-in"), "next": elsewhere}
    answer = page.post("/sign-in", {**form, "email": EMAIL, "password": PASSWORD})
    assert location_of(answer) == "/home"


def test_the_cookie_is_for_this_host_over_tls_and_no_script(robin: Browser) -> None:
    answer = another(robin).sign_in(EMAIL)
    [session] = [
        each
        for each in answer.headers.get_list("set-cookie")
        if each.startswith("__Host-nacor=") and "Max-Age=0" not in each
    ]
    flags = {part.strip().lower() for part in session.split(";")[1:]}
    assert flags == {"httponly", "path=/", "samesite=lax", "secure"}


def test_over_plain_http_the_operator_has_to_allow_it(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal
) -> None:
    app = create_service(engine, tmp_path, cookies_without_tls=True)
    browser = Browser(app, portal, address="http://127.0.0.1:8000")
    answer = accepted(browser, invitation(registry, EMAIL))
    cookies = " ".join(answer.headers.get_list("set-cookie"))
    assert "nacor=" in cookies
    assert "__Host-" not in cookies
    assert "secure" not in cookies.lower()
    assert browser.is_signed_in()


def test_a_page_of_a_person_is_kept_by_nobody_else(robin: Browser) -> None:
    home = robin.get("/home")
    assert home.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in home.headers["content-security-policy"]
    assert "<script>" not in home.text


def test_an_account_that_is_not_there_looks_like_a_wrong_password(robin: Browser) -> None:
    answers = {
        email: another(robin).sign_in(email, "some other password")
        for email in (EMAIL, "nobody@lakeside.example", "no address", "")
    }
    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({_without_what_was_typed(*answer) for answer in answers.items()}) == 1


def _without_what_was_typed(email: str, answer: Response) -> str:
    fields, page = fields_of(answer, "/sign-in"), answer.text
    for of_this_form in (fields["form_token"], fields["once"]):
        page = page.replace(of_this_form, "")
    return page.replace(f'value="{email}"', 'value=""')


def test_signing_out_ends_the_session_for_good(registry: Registry, robin: Browser) -> None:
    stolen = another(robin)
    stolen.cookies.update(robin.cookies)
    assert stolen.is_signed_in()
    answer = robin.fill_in(robin.get("/home"), "/sign-out")
    assert "You are signed out" in text_of(robin.follow(answer))
    assert not robin.is_signed_in()
    assert not stolen.is_signed_in()
    assert actions_of(registry, user_of(registry, EMAIL).id)[-1] == "user.session_ended"


def test_a_session_that_somebody_else_chose_is_never_taken_over(robin: Browser) -> None:
    """Session fixation: what the browser held before signing in is worth nothing after it."""
    visitor = another(robin)
    visitor.cookies.set("__Host-nacor", "chosen-by-somebody-else", domain="registry.example")
    visitor.sign_in(EMAIL)
    thief = another(robin)
    thief.cookies.set("__Host-nacor", "chosen-by-somebody-else", domain="registry.example")
    assert visitor.is_signed_in()
    assert not thief.is_signed_in()


def test_signing_in_anew_ends_the_session_before(robin: Browser) -> None:
    before = another(robin)
    before.cookies.update(robin.cookies)
    secret = robin.cookies["__Host-nacor"]
    visitor = another(robin)
    page = visitor.get("/sign-in")
    visitor.cookies.set("__Host-nacor", secret, domain="registry.example")
    visitor.fill_in(page, "/sign-in", email=EMAIL, password=PASSWORD)
    assert visitor.cookies["__Host-nacor"] != secret
    assert not before.is_signed_in()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://registry.example"},
    ],
)
def test_a_form_of_another_site_is_refused(robin: Browser, headers: dict[str, str]) -> None:
    form = fields_of(robin.get("/home"), "/sign-out")
    refused = robin.post("/sign-out", form, **headers)
    assert refused.status_code == 403
    assert "The form was not taken" in text_of(refused)
    assert robin.is_signed_in()


def test_a_browser_that_tells_only_the_origin_is_believed(robin: Browser) -> None:
    form = fields_of(robin.get("/home"), "/sign-out")
    for origin, status in (("https://evil.example", 403), ("null", 403), (robin.address, 303)):
        answer = robin.ask("POST", "/sign-out", data=form, headers={"Origin": origin})
        assert answer.status_code == status, origin


def test_a_form_without_its_token_or_with_that_of_another_session_is_refused(
    robin: Browser,
) -> None:
    other = another(robin)
    other.sign_in(EMAIL)
    token = fields_of(other.get("/home"), "/sign-out")["form_token"]
    for form in ({}, {"form_token": ""}, {"form_token": "ü"}, {"form_token": token}):
        assert robin.post("/sign-out", form).status_code == 403
    assert robin.is_signed_in()


def test_signing_somebody_else_in_takes_the_token_of_their_browser(robin: Browser) -> None:
    """Login CSRF: another site signs a visitor in as itself, to see what they do then."""
    visitor = another(robin)
    form = fields_of(another(robin).get("/sign-in"), "/sign-in")
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {**form, "email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 403
    assert not visitor.is_signed_in()


def test_the_api_takes_a_session_for_reading_and_its_token_for_changes(robin: Browser) -> None:
    counts = f"/v1/counts?practice_id={PRACTICE}&performance_year=2024"
    domain = f"/v1/practices/{PRACTICE}/mail-domains/lakeside.example"
    token = fields_of(robin.get("/home"), "/sign-out")["form_token"]
    assert robin.get(counts).json()["cases"] == 0
    here = {"Sec-Fetch-Site": "same-origin"}
    assert robin.ask("PUT", domain, headers=here).status_code == 403
    assert robin.ask("PUT", domain, headers={"X-CSRF-Token": token}).status_code == 403
    there = {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}
    assert robin.ask("PUT", domain, headers=there).status_code == 403
    assert robin.ask("PUT", domain, headers={**here, "X-CSRF-Token": token}).status_code < 300


def test_what_a_person_does_is_told_of_them(registry: Registry, robin: Browser) -> None:
    token = fields_of(robin.get("/home"), "/sign-out")["form_token"]
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": token}
    path = f"/v1/practices/{PRACTICE}/mail-domains/lakeside.example"
    robin.ask("PUT", path, headers=headers)
    trail = registry.practice().read("/v1/audit", practice_id=PRACTICE)["items"]
    actor = trail[0]["actor"]
    assert actor["kind"] == "user"
    assert actor["user_id"] == str(user_of(registry, EMAIL).id)
    assert (actor["key_id"], actor["label"], actor["role"]) == (None, "Robin Example", "practice")


def test_attempts_at_an_account_are_counted_wherever_they_come_from(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal
) -> None:
    app = create_service(engine, tmp_path, sign_in_rate=3)
    accepted(Browser(app, portal), invitation(registry, EMAIL))
    tries = [
        Browser(app, portal, host=f"192.0.2.{host}").sign_in(EMAIL, "some other password")
        for host in range(1, 5)
    ]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]
    nobody = [
        Browser(app, portal, host=f"192.0.2.{host}").sign_in("nobody@x.example").status_code
        for host in range(1, 5)
    ]
    assert nobody == [401, 401, 401, 429], "as if there were one"


def test_attempts_from_an_address_are_counted_whatever_account_they_are_at(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal
) -> None:
    app = create_service(engine, tmp_path, sign_in_rate=1)
    browser = Browser(app, portal, host="192.0.2.9")
    tries = [browser.sign_in(f"{number}@x.example").status_code for number in range(11)]
    assert tries == [401] * 10 + [429]


def test_a_password_that_is_changed_while_it_is_looked_at_lets_nobody_in(
    database_url: URL, robin: Browser
) -> None:
    """Else the session would come after the change, which ends all that were before it."""
    waiting = "SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connect(database_url) as change, ThreadPoolExecutor() as threads:
        change.execute("BEGIN")
        change.execute("UPDATE users SET password_hash = %s", (hash_password("another password"),))
        visitor = another(robin)
        signing_in = threads.submit(visitor.sign_in, EMAIL)
        wait_for(lambda: change.execute(waiting).rowcount)
        change.execute("COMMIT")
        assert signing_in.result().status_code == 401
    assert not visitor.is_signed_in()


def test_silence_ends_a_session_and_so_does_its_age(
    engine: Engine, tmp_path: Path, registry: Registry, portal: BlockingPortal
) -> None:
    clock = Clock()
    browser = Browser(_service_at(clock, engine, tmp_path), portal)
    accepted(browser, invitation(registry, EMAIL))
    clock.advance(minutes=29)
    assert browser.is_signed_in(), "and seen again"
    clock.advance(minutes=31)
    assert not browser.is_signed_in()
    browser.sign_in(EMAIL)
    for _ in range(24 * 2 - 1):
        clock.advance(minutes=15)
        assert browser.is_signed_in()
    clock.advance(minutes=15)
    assert not browser.is_signed_in(), "twelve hours are over"


def test_changing_the_password_ends_the_other_sessions(registry: Registry, robin: Browser) -> None:
    other = another(robin)
    other.sign_in(EMAIL)
    page = robin.get("/account")
    new = "ten green owls sing"
    wrong = robin.fill_in(page, "/account/password", old_password="some other one", password=new)
    assert wrong.status_code == 422
    robin.fill_in(page, "/account/password", old_password=PASSWORD, password=new)
    assert robin.is_signed_in()
    assert not other.is_signed_in()
    assert other.sign_in(EMAIL).status_code == 401
    assert other.sign_in(EMAIL, new).status_code == 303


def test_one_sees_where_one_is_signed_in_and_ends_it_there(robin: Browser) -> None:
    phone = another(robin, name="Safari of a phone", host="192.0.2.77")
    phone.sign_in(EMAIL)
    page = robin.get("/account")
    assert "Safari of a phone" in text_of(page)
    assert "192.0.2.77" in text_of(page)
    robin.fill_in(page, "/account/sessions/end")
    assert not phone.is_signed_in()
    assert robin.is_signed_in()


def test_nobody_ends_the_session_of_somebody_else(registry: Registry, robin: Browser) -> None:
    thief = another(robin)
    accepted(thief, invitation(registry, "mallory@lakeside.example"))
    [(session,)] = registry.ask_database(
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE email = :email",
        email=EMAIL,
    )
    token = fields_of(thief.get("/home"), "/sign-out")["form_token"]
    thief.post("/account/sessions/end", {"form_token": token, "session": str(session)})
    assert robin.is_signed_in()


def test_a_password_kept_by_older_parameters_is_hashed_anew(
    registry: Registry, robin: Browser
) -> None:
    user = user_of(registry, EMAIL)
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    assert is_outdated(older)
    with registry.open_work() as work:
        work.users.set_password(user.id, older)
        work.commit()
    assert another(robin).sign_in(EMAIL).status_code == 303
    [(kept,)] = registry.ask_database("SELECT password_hash FROM users")
    assert not is_outdated(kept)


def test_a_user_who_has_ended_is_out_at_once(registry: Registry, robin: Browser) -> None:
    user = user_of(registry, EMAIL)
    registry.admin().delete(f"/v1/users/{user.id}")
    assert not robin.is_signed_in()
    assert robin.sign_in(EMAIL).status_code == 401


def test_a_vendor_sees_what_practices_have_granted(registry: Registry, browser: Browser) -> None:
    accepted(browser, invitation(registry, "v@vendor.example", Role.VENDOR))
    home = text_of(browser.get("/home"))
    assert "Submissions" in home
    assert "Case counts" not in home


def _service_at(clock: Clock, engine: Engine, folder: Path) -> FastAPI:
    app = create_service(engine, folder)
    sessions = replace(app.state.sessions, now=clock)
    app.state.sessions = sessions
    app.state.local_accounts = replace(app.state.local_accounts, sessions=sessions)
    assert sessions.idle == timedelta(minutes=30)
    return app
