"""Signing in through an OpenID provider that runs as a process of its own."""

import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from httpx import Response
from lxml import html
from sqlalchemy import URL

from tests.clear_http import ask_in_clear, client_in_clear
from tests.databases import connect
from tests.oidc_provider import Provider, running_provider
from tests.people import (
    SECURE_ADDRESS,
    Browser,
    actions_of,
    fields_of,
    invitation,
    location_of,
    text_of,
    user_of,
)
from tests.registry import Registry, create_service
from tests.waiting import wait_for

EMAIL = "robin@lakeside.example"
CALLBACK = f"{SECURE_ADDRESS}/sign-in/provider/callback"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@dataclass(frozen=True)
class Scene:
    """The registry behind a provider where Robin has an account, and somebody invited Robin."""

    registry: Registry
    provider: Provider
    app: FastAPI
    portal: BlockingPortal

    def browser(self, app: FastAPI | None = None) -> Browser:
        return Browser(app or self.app, self.portal)

    def service(self, **settings: Any) -> FastAPI:
        told = {
            "oidc_issuer": self.provider.address,
            "oidc_client_id": "registry",
            "oidc_client_secret": "a secret/with%signs",
            "oidc_name": "Example Health",
        }
        return create_service(self.registry.engine, self.registry.folder, **{**told, **settings})


@pytest.fixture
def scene(registry: Registry, provider: Provider, portal: BlockingPortal) -> Scene:
    provider.mistakes()
    provider.knows("robin-there", email=EMAIL, email_verified=True)
    invitation(registry, EMAIL)
    scene = Scene(registry, provider, registry.app, portal)
    return replace(scene, app=scene.service())


def asked(browser: Browser, **query: str) -> str:
    """Where the button on the page for signing in leads to, at the provider."""
    answer = browser.get("/sign-in/provider", params=query)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def logged_in_at(question: str, subject: str) -> str:
    """Log in at the provider as people do there; return where it sends the browser back to."""
    with client_in_clear() as there:
        form = html.fromstring(there.get(question).text).forms[0]
        answer = there.post(question, data={**dict(form.form_values()), "sub": subject})
    return answer.headers["location"]


def come_back(browser: Browser, address: str) -> Response:
    assert address.startswith(CALLBACK)
    return browser.get(address)


def signed_in(browser: Browser, subject: str = "robin-there", **query: str) -> Response:
    return come_back(browser, logged_in_at(asked(browser, **query), subject))


def bent(address: str, **parameters: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return parts._replace(query=urlencode({**query, **parameters})).geturl()


def test_there_and_back_and_out_again(scene: Scene) -> None:
    browser = scene.browser()
    page = browser.get("/sign-in", params={"next": "/account"})
    [button] = html.fromstring(page.text).xpath("//a[@class='button']")
    assert button.text == "Sign in with Example Health"
    question = browser.get(button.get("href")).headers["location"]
    answer = come_back(browser, logged_in_at(question, "robin-there"))
    assert location_of(answer) == "/account"
    account = text_of(browser.follow(answer))
    assert EMAIL in account
    assert "New password" not in account, "the provider keeps it"

    out = browser.fill_in(browser.get("/home"), "/sign-out")
    page = browser.follow(out)
    [link] = html.fromstring(page.text).xpath("//main//a[contains(., 'Example Health')]/@href")
    assert not browser.is_signed_in()
    assert ask_in_clear("GET", link).status_code == 200
    assert parse_qs(urlsplit(link).query) == {
        "client_id": ["registry"],
        "post_logout_redirect_uri": [f"{SECURE_ADDRESS}/signed-out"],
    }


def test_what_is_asked_of_the_provider(scene: Scene) -> None:
    question = parse_qs(urlsplit(asked(scene.browser())).query)
    assert question["response_type"] == ["code"]
    assert question["redirect_uri"] == [CALLBACK]
    assert question["code_challenge_method"] == ["S256"]
    secrets = [question[name][0] for name in ("state", "nonce", "code_challenge")]
    assert len(set(secrets)) == 3
    assert min(map(len, secrets)) >= 43, "256 bits"


def test_the_first_time_by_the_verified_address_and_then_by_the_subject(scene: Scene) -> None:
    signed_in(scene.browser())
    user = user_of(scene.registry, EMAIL)
    assert actions_of(scene.registry, user.id) == [
        *("user.added", "user.recognized", "user.signed_in"),
    ]
    scene.provider.knows("robin-there", email="robin.married@lakeside.example")
    browser = scene.browser()
    signed_in(browser)
    assert browser.is_signed_in(), "the address there may change"


def test_of_two_who_come_at_once_with_an_address_one_is_taken_for_its_user(
    scene: Scene, database_url: URL
) -> None:
    scene.provider.knows("mallory-there", email=EMAIL, email_verified=True)
    waiting = "SELECT FROM pg_locks WHERE NOT granted"
    with connect(database_url) as busy, ThreadPoolExecutor() as threads:
        busy.execute("BEGIN")
        busy.execute("SELECT FROM users FOR UPDATE")
        coming = [
            threads.submit(signed_in, scene.browser(), who)
            for who in ("robin-there", "mallory-there")
        ]
        wait_for(lambda: busy.execute(waiting).rowcount == 2)
        busy.execute("COMMIT")
        answers = [each.result().status_code for each in coming]
    assert sorted(answers) == [303, 403]


def test_nobody_else_with_that_address_is_taken_for_them(scene: Scene) -> None:
    signed_in(scene.browser())
    scene.provider.knows("mallory-there", email=EMAIL, email_verified=True)
    answer = signed_in(scene.browser(), "mallory-there")
    assert answer.status_code == 403
    assert "You have no account here" in text_of(answer)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": EMAIL},
        {"email": "nobody@x.example", "email_verified": True},
        {"email": "no address", "email_verified": True},
        {},
    ],
)
def test_who_was_not_invited_gets_a_page_and_no_account(
    scene: Scene, claims: dict[str, object]
) -> None:
    scene.provider.knows("stranger", **claims)
    browser = scene.browser()
    answer = signed_in(browser, "stranger")
    assert answer.status_code == 403
    assert "You have no account here" in text_of(answer)
    assert not browser.is_signed_in()
    assert scene.registry.ask_database("SELECT count(*) FROM users") == [(1,)]


def test_an_answer_to_another_browser_is_refused(scene: Scene) -> None:
    browser, thief = scene.browser(), scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    asked(thief)
    assert come_back(thief, back).status_code == 403
    assert not thief.is_signed_in()


def test_an_answer_counts_once(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    assert come_back(browser, back).status_code == 303
    assert come_back(scene.browser(), back).status_code == 403


def test_another_state_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    assert come_back(browser, bent(back, state="another")).status_code == 403
    assert not browser.is_signed_in()


def test_a_token_with_another_nonce_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(bent(asked(browser), nonce="another"), "robin-there")
    refused = come_back(browser, back)
    assert refused.status_code == 403
    assert "You are not signed in" in text_of(refused)
    assert not browser.is_signed_in()


def test_a_code_that_was_asked_for_with_another_challenge_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(bent(asked(browser), code_challenge="x" * 43), "robin-there")
    assert come_back(browser, back).status_code == 403


def test_the_code_of_somebody_else_is_refused(scene: Scene) -> None:
    """Code injection: the victim's browser is sent back with the code of the attacker."""
    victim, attacker = scene.browser(), scene.browser()
    theirs = parse_qs(urlsplit(logged_in_at(asked(attacker), "robin-there")).query)["code"][0]
    back = logged_in_at(asked(victim), "robin-there")
    assert come_back(victim, bent(back, code=theirs)).status_code == 403
    assert not victim.is_signed_in()


def test_a_provider_that_calls_itself_otherwise_is_not_asked(scene: Scene) -> None:
    other_name = scene.provider.address.replace("127.0.0.1", "localhost") + "/"
    browser = scene.browser(scene.service(oidc_issuer=other_name))
    assert browser.get("/sign-in/provider").status_code == 502


def test_a_token_of_another_issuer_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    scene.provider.mistakes(host="another-issuer.example")
    assert come_back(browser, back).status_code == 403
    assert not browser.is_signed_in()


def test_a_token_for_another_service_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(bent(asked(browser), client_id="another-service"), "robin-there")
    name_and_secret = b64encode(b"another-service:x").decode()
    scene.provider.mistakes(authorization=f"Basic {name_and_secret}")
    assert come_back(browser, back).status_code == 403
    assert not browser.is_signed_in()


def test_a_token_that_has_expired_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    _bend(scene.app, clock=lambda: time.time() + 2 * 3_600)
    assert come_back(browser, back).status_code == 403
    assert not browser.is_signed_in()


def test_a_sign_in_that_took_too_long_is_refused(scene: Scene) -> None:
    browser = scene.browser()
    back = logged_in_at(asked(browser), "robin-there")
    with scene.registry.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sign_ins SET expires_at = now()")
    assert come_back(browser, back).status_code == 403


def test_what_a_link_says_in_the_name_of_the_provider_is_not_shown(scene: Scene) -> None:
    answer = scene.browser().get(
        f"{CALLBACK}?error=access_denied&error_description=Call+0900+to+unlock"
    )
    assert answer.status_code == 403
    assert "0900" not in answer.text


def test_a_provider_that_is_away_is_told_in_words(scene: Scene) -> None:
    browser = scene.browser(scene.service(oidc_issuer="http://127.0.0.1:9"))
    answer = browser.get("/sign-in/provider")
    assert answer.status_code == 502
    assert "Nothing was changed" in text_of(answer)


def test_beside_a_provider_there_are_no_passwords_unless_said(scene: Scene) -> None:
    page = scene.browser().get("/sign-in")
    assert "Password" not in text_of(page)
    assert scene.browser().get("/invitation?token=x").status_code == 404
    both = scene.browser(scene.service(local_accounts=True)).get("/sign-in")
    assert "Sign in with Example Health" in text_of(both)
    assert "form_token" in fields_of(both, "/sign-in")


def test_where_to_go_then_is_here(scene: Scene) -> None:
    assert location_of(signed_in(scene.browser(), next="//evil.example")) == "/home"


def _bend(app: FastAPI, **differs: Any) -> None:
    accounts = app.state.provider_accounts
    app.state.provider_accounts = replace(accounts, provider=replace(accounts.provider, **differs))
