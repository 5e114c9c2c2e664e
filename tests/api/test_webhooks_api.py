"""A vendor says where its systems are told, and a practice where its people are."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Response

from tests.notices import MASTER_KEY, ON, deliveries, do_jobs, hook
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry

URL = "https://ehr.example/hooks/nacor"
DOMAINS = f"/v1/practices/{PRACTICE}/mail-domains"


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.with_settings(registry.vendor(), **ON)


def post(caller: Caller, path: str, body: Any = None, **headers: str) -> Response:
    return caller.ask("POST", path, json=body, headers=headers)


def test_the_secret_is_shown_when_a_webhook_is_registered_and_never_again(vendor: Caller) -> None:
    made = hook(vendor, URL, description="Receipts for the import queue")
    assert made["secret"].startswith("whsec_")
    shown = vendor.read(f"/v1/webhooks/{made['id']}")
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert (shown["url"], shown["events"]) == (URL, ["submission.finished"])
    assert (shown["enabled"], shown["switched_off"]) == (True, None)
    assert [secret["ends_at"] for secret in shown["secrets"]] == [None]
    assert vendor.read("/v1/webhooks")["items"] == [shown]


def test_a_request_sent_again_makes_one_webhook(vendor: Caller) -> None:
    key = {"Idempotency-Key": "first"}
    first = post(vendor, "/v1/webhooks", {"url": URL}, **key)
    again = post(vendor, "/v1/webhooks", {"url": URL}, **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    described = vendor.read("/openapi.json")["paths"]["/v1/webhooks"]["post"]["responses"]
    assert str(again.status_code) in described
    assert again.json() == first.json()
    other = post(vendor, "/v1/webhooks", {"url": f"{URL}/other"}, **key)
    assert problem(other, 409) == "idempotency-conflict"


def test_a_secret_whose_master_key_was_taken_away_is_not_shown_again(
    registry: Registry, vendor: Caller
) -> None:
    key = {"Idempotency-Key": "first"}
    assert post(vendor, "/v1/webhooks", {"url": URL}, **key).status_code == 201
    without = registry.with_settings(vendor, secret_key="another master key of 32 characters")
    refused = post(without, "/v1/webhooks", {"url": URL}, **key)
    assert problem(refused, 501) == "webhooks-not-configured"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "http://ehr.example/"},
        {"url": "https://169.254.169.254/latest/meta-data"},
        {"url": "https://10.0.0.7/s3cret"},
        {"url": URL, "events": []},
        {"url": URL, "events": ["webhook.ping"]},
        {"url": URL, "events": ["case.stored"]},
        {"url": URL, "secret": "mine"},
        {"url": URL, "description": "two\nlines"},
    ],
)
def test_what_is_no_webhook_is_refused_without_quoting_it(vendor: Caller, body: Any) -> None:
    refused = post(vendor, "/v1/webhooks", body)
    assert problem(refused, 422) == "invalid-request"
    assert "s3cret" not in refused.text
    assert "latest" not in refused.text


def test_a_key_has_ten_webhooks_at_most(vendor: Caller) -> None:
    for number in range(10):
        hook(vendor, f"{URL}/{number}")
    refused = post(vendor, "/v1/webhooks", {"url": URL})
    assert problem(refused, 409) == "too-many-webhooks"
    assert refused.json()["limit"] == 10
    pages = vendor.pages("/v1/webhooks", limit=4)
    assert [len(page) for page in pages] == [4, 4, 2]
    assert pages[0][0]["url"] == f"{URL}/9"


def test_webhooks_of_another_key_look_as_if_there_were_none(
    registry: Registry, vendor: Caller
) -> None:
    made = hook(vendor, URL)
    other = registry.with_settings(registry.vendor(), **ON)
    for id_ in (made["id"], str(uuid4())):
        here = f"/v1/webhooks/{id_}"
        for answer in (
            other.get(here),
            other.ask("PATCH", here, json={"enabled": False}),
            other.delete(here),
            post(other, f"{here}/rotate-secret", {}),
            post(other, f"{here}/ping"),
            other.get(f"{here}/deliveries"),
            post(other, f"{here}/deliveries/{uuid4()}/redeliver"),
        ):
            assert problem(answer, 404) == "webhook-unknown"
    assert other.read("/v1/webhooks")["items"] == []
    assert vendor.read(f"/v1/webhooks/{made['id']}")["enabled"] is True


@pytest.mark.parametrize("role", ["internal", "admin"])
def test_only_vendors_and_practices_have_webhooks(registry: Registry, role: str) -> None:
    caller = registry.with_settings(getattr(registry, role)(), **ON)
    assert problem(post(caller, "/v1/webhooks", {"url": URL}), 403) == "not-permitted"
    assert problem(caller.get("/v1/webhooks"), 403) == "not-permitted"


def test_nobody_without_a_key_gets_at_webhooks_or_mail_domains(registry: Registry) -> None:
    here = f"/v1/webhooks/{uuid4()}"
    for method, path in (
        ("GET", "/v1/webhooks"),
        ("POST", "/v1/webhooks"),
        ("GET", here),
        ("PATCH", here),
        ("DELETE", here),
        ("POST", f"{here}/rotate-secret"),
        ("POST", f"{here}/ping"),
        ("GET", f"{here}/deliveries"),
        ("POST", f"{here}/deliveries/{uuid4()}/redeliver"),
        ("GET", DOMAINS),
        ("PUT", f"{DOMAINS}/example.org"),
        ("DELETE", f"{DOMAINS}/example.org"),
    ):
        assert problem(registry.anyone().ask(method, path), 401) == "not-authenticated", path


def test_a_webhook_is_changed_in_what_is_named(vendor: Caller) -> None:
    made = hook(vendor, URL, description="Receipts")
    here = f"/v1/webhooks/{made['id']}"
    changed = vendor.ask("PATCH", here, json={"url": f"{URL}/2", "enabled": False}).json()
    assert (changed["url"], changed["description"]) == (f"{URL}/2", "Receipts")
    assert (changed["enabled"], changed["switched_off"]) == (False, "by_request")
    on_again = vendor.ask("PATCH", here, json={"enabled": True, "description": None}).json()
    assert (on_again["enabled"], on_again["description"]) == (True, None)
    refused = vendor.ask("PATCH", here, json={"url": "http://ehr.example/"})
    assert problem(refused, 422) == "invalid-request"
    for body in ({"url": None}, {"enabled": None}, {"events": None}, {"other": 1}):
        assert problem(vendor.ask("PATCH", here, json=body), 422) == "invalid-request"
    assert vendor.read(here) == on_again


def test_a_webhook_that_is_removed_is_gone_with_all_that_was_on_its_way(
    registry: Registry, vendor: Caller
) -> None:
    made = hook(vendor, URL)
    here = f"/v1/webhooks/{made['id']}"
    assert post(vendor, f"{here}/ping").status_code == 202
    assert vendor.delete(here).status_code == 204
    assert problem(vendor.get(here), 404) == "webhook-unknown"
    assert do_jobs(registry, vendor.app.state.notices) == 1
    assert registry.ask_database("SELECT id FROM webhook_deliveries") == []


def test_a_new_secret_overlaps_with_the_one_before(vendor: Caller) -> None:
    made = hook(vendor, URL)
    here = f"/v1/webhooks/{made['id']}/rotate-secret"
    rotated = post(vendor, here, {"overlap_hours": 2}, **{"Idempotency-Key": "r"}).json()
    assert rotated["secret"] != made["secret"]
    new, old = rotated["secrets"]
    assert new["ends_at"] is None
    assert old["id"] == made["secrets"][0]["id"]
    assert old["ends_at"] is not None
    replayed = post(vendor, here, {"overlap_hours": 2}, **{"Idempotency-Key": "r"})
    assert replayed.headers["Idempotent-Replay"] == "true"
    assert replayed.json() == rotated
    at_once = post(vendor, here, {"overlap_hours": 0}).json()
    assert [secret["ends_at"] for secret in at_once["secrets"]] == [None]
    for wrong in (-1, 169, None, "day"):
        assert problem(post(vendor, here, {"overlap_hours": wrong}), 422) == "invalid-request"


def test_no_secret_is_stored(registry: Registry, vendor: Caller) -> None:
    made = hook(vendor, URL)
    (stored,) = registry.ask_database("SELECT webhook_secrets::text FROM webhook_secrets")
    assert made["secret"].removeprefix("whsec_") not in stored[0]
    assert MASTER_KEY not in stored[0]


def test_what_is_on_its_way_is_not_sent_once_more(vendor: Caller) -> None:
    made = hook(vendor, URL)
    here = f"/v1/webhooks/{made['id']}"
    ping = post(vendor, f"{here}/ping", **{"Idempotency-Key": "p"}).json()
    assert (ping["event"], ping["state"], ping["tries"]) == ("webhook.ping", "pending", 0)
    assert (ping["practice_id"], ping["submission_id"]) == (None, None)
    assert post(vendor, f"{here}/ping", **{"Idempotency-Key": "p"}).json()["id"] == ping["id"]
    assert deliveries(vendor, made) == [ping]
    assert deliveries(vendor, made, state="dead") == []
    refused = post(vendor, f"{here}/deliveries/{ping['id']}/redeliver")
    assert problem(refused, 409) == "delivery-under-way"
    unknown = post(vendor, f"{here}/deliveries/{uuid4()}/redeliver")
    assert problem(unknown, 404) == "delivery-unknown"


def test_a_practice_says_at_which_domains_its_people_are_written_to(registry: Registry) -> None:
    practice = registry.practice()
    first = practice.ask("PUT", f"{DOMAINS}/Lakeside.Example")
    again = practice.ask("PUT", f"{DOMAINS}/lakeside.example")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["domain"] == "lakeside.example"
    assert first.json()["mail_is_sent"] is False  # no mail server is set here
    assert practice.read(DOMAINS) == {"items": [first.json()], "next_cursor": None}
    assert practice.delete(f"{DOMAINS}/lakeside.example").status_code == 204
    assert practice.delete(f"{DOMAINS}/lakeside.example").status_code == 204
    assert practice.read(DOMAINS)["items"] == []


def test_the_sandbox_has_mail_domains_of_its_own(registry: Registry) -> None:
    registry.practice(sandbox=True).ask("PUT", f"{DOMAINS}/try-out.example")
    registry.practice().ask("PUT", f"{DOMAINS}/real.example")
    (real,) = registry.practice().read(DOMAINS)["items"]
    assert (real["domain"], real["sandbox"]) == ("real.example", False)


MAY = {  #   list, allow, remove
    "vendor": (403, 403, 403),
    "practice": (200, 201, 204),
    "internal": (200, 403, 403),
    "admin": (200, 201, 204),
}


@pytest.mark.parametrize(("role", "expected"), MAY.items(), ids=list(MAY))
def test_who_may_say_so(registry: Registry, role: str, expected: tuple[int, ...]) -> None:
    caller: Caller = getattr(registry, role)()
    answers = (
        caller.get(DOMAINS),
        caller.ask("PUT", f"{DOMAINS}/example.org"),
        caller.delete(f"{DOMAINS}/example.org"),
    )
    assert tuple(answer.status_code for answer in answers) == expected


def test_a_practice_says_so_for_itself_only(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    other = registry.practice(OTHER_PRACTICE)
    for answer in (other.get(DOMAINS), other.ask("PUT", f"{DOMAINS}/example.org")):
        assert problem(answer, 403) == "not-permitted"
    unregistered = registry.admin().ask("PUT", "/v1/practices/99999/mail-domains/example.org")
    assert problem(unregistered, 404) == "practice-unknown"


@pytest.mark.parametrize("domain", ["example", "a_b.example", "robin@example.org", "-x.example"])
def test_a_domain_that_is_none_is_refused(registry: Registry, domain: str) -> None:
    refused = registry.practice().ask("PUT", f"{DOMAINS}/{domain}")
    assert problem(refused, 422) == "invalid-request"
    assert domain not in refused.json()["detail"].replace("example.org", "")


def test_a_practice_allows_fifty_domains_at_most(registry: Registry) -> None:
    practice = registry.practice()
    for number in range(50):
        assert practice.ask("PUT", f"{DOMAINS}/d{number}.example").status_code == 201
    refused = practice.ask("PUT", f"{DOMAINS}/one-more.example")
    assert problem(refused, 409) == "too-many-mail-domains"
    assert practice.ask("PUT", f"{DOMAINS}/d7.example").status_code == 200
