"""`nacor user`: the first administrator, and help for who is locked out."""

import json

import pytest
from anyio.from_thread import BlockingPortal

from tests.commands import Nacor, nacor_on
from tests.people import Browser, accepted
from tests.registry import PRACTICE, Registry

EMAIL = "robin@registry.example"
ADD = ("user", "add", EMAIL, "--role", "admin", "--name", "Robin Example")


@pytest.fixture
def nacor(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Nacor:
    monkeypatch.setenv("NACOR_PUBLIC_URL", "https://registry.example")
    return nacor_on(registry.engine, monkeypatch)


def test_the_first_administrator_begins_at_the_command_line(
    registry: Registry, nacor: Nacor, portal: BlockingPortal
) -> None:
    added = json.loads(nacor(*ADD).stdout)
    assert (added["email"], added["role"], added["state"]) == (EMAIL, "admin", "invited")
    assert "@" in added["created_by"], "the account and the machine"
    browser = Browser(registry.app, portal)
    accepted(browser, added["invitation"])
    assert browser.get("/v1/users").json()["items"][0]["state"] == "active"

    link = nacor("user", "password", EMAIL).stdout.strip()
    accepted(browser, link, password="ten green owls sing")
    [listed] = nacor("user", "list").stdout.splitlines()
    assert json.loads(listed)["id"] == added["id"]
    assert json.loads(nacor("user", "reset-totp", added["id"]).stdout)["state"] == "active"
    assert json.loads(nacor("user", "end", EMAIL).stdout)["state"] == "ended"
    assert not browser.is_signed_in()


REFUSED = [
    (("user", "add", "no address", "--role", "admin", "--name", "x"), "like robin@example.org"),
    (
        ("user", "add", EMAIL, "--role", "owner", "--name", "x"),
        "the role must be one of vendor, practice,",
    ),
    (("user", "add", EMAIL, "--role", "clinician", "--name", "x"), "one practice or more"),
    (
        *(("user", "add", EMAIL, "--role", "clinician", "--name", "x", "--practice", PRACTICE),),
        "npi: a clinician has one",
    ),
    (("user", "end", "nobody@x.example"), "There is no user of this id"),
]


@pytest.mark.parametrize(("words", "reason"), REFUSED)
def test_what_cannot_be_is_said_in_a_line(
    nacor: Nacor, words: tuple[str, ...], reason: str
) -> None:
    refused = nacor(*words)
    assert refused.exit_code == 2
    assert reason in refused.stderr


def test_an_address_is_taken_once(nacor: Nacor) -> None:
    assert nacor(*ADD).exit_code == 0
    again = nacor(*ADD)
    assert again.exit_code == 2
    assert "signs in by this address already" in again.stderr
