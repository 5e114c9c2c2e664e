"""API keys live: they are given out, get new secrets, expire, are revoked. And what is granted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response
from sqlalchemy import text

from tests.case_files import a_case_file, a_record
from tests.commands import Nacor
from tests.notices import ON, deliveries, end, hook
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry

VENDOR_KEY = {"role": "vendor", "practice_ids": [PRACTICE], "label": "Example EHR"}
GRANTS = f"/v1/practices/{PRACTICE}/grants"


def given_out(registry: Registry, **said: Any) -> Any:
    answer = registry.admin().ask("POST", "/v1/keys", json={**VENDOR_KEY, **said})
    assert answer.status_code == 201, answer.text
    return answer.json()


def sends(registry: Registry, key: str, practice_id: str = PRACTICE) -> Response:
    path = f"/v1/submissions?practice_id={practice_id}"
    return registry.anyone(key=key).get(path)


def test_an_admin_gives_out_a_key_that_is_shown_once(registry: Registry) -> None:
    admin = registry.admin()
    made = given_out(registry)
    assert sends(registry, made["key"]).status_code == 200
    shown = admin.read(f"/v1/keys/{made['id']}")
    assert shown["last_used_at"] is not None
    unshown = {name: value for name, value in made.items() if name not in ("key", "last_used_at")}
    assert {**shown, "last_used_at": None} == {**unshown, "last_used_at": None}
    by = [key["id"] for key in admin.read("/v1/keys")["items"] if key["role"] == "admin"]
    assert shown["state"] == "active"
    assert shown["created_by"] in by
    everything = json.dumps(admin.read("/v1/keys")) + json.dumps(admin.read("/v1/audit"))
    assert made["id"] in everything
    assert made["key"] not in everything


def test_a_request_sent_again_makes_one_key_and_shows_it_once(registry: Registry) -> None:
    admin, headers = registry.admin(), {"Idempotency-Key": "first"}
    first = admin.ask("POST", "/v1/keys", json=VENDOR_KEY, headers=headers)
    again = admin.ask("POST", "/v1/keys", json=VENDOR_KEY, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["id"], again.json()["key"]) == (first.json()["id"], None)
    other = admin.ask("POST", "/v1/keys", json={"role": "admin"}, headers=headers)
    assert problem(other, 409) == "idempotency-conflict"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"practice_ids": []}, 422),
        ({"practice_ids": ["1"]}, 422),
        ({"practice_ids": ["99999"]}, 404),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"expires_at": "2040-01-01T00:00:00"}, 422),
        ({"organization_id": str(uuid4())}, 404),
        ({"role": "surgeon"}, 422),
        ({"label": "a\u0000b"}, 422),
    ],
)
def test_a_key_that_makes_no_sense_is_not_given_out(
    registry: Registry, said: dict[str, Any], status: int
) -> None:
    answer = registry.admin().ask("POST", "/v1/keys", json={**VENDOR_KEY, **said})
    assert answer.status_code == status


def test_only_an_admin_manages_keys(registry: Registry) -> None:
    key_id = registry.vendor().read("/v1/keys/self")["id"]
    for caller in (registry.vendor(), registry.practice(), registry.internal()):
        for method, path, said in (
            ("GET", "/v1/keys", None),
            ("POST", "/v1/keys", VENDOR_KEY),
            ("GET", f"/v1/keys/{key_id}", None),
            ("POST", f"/v1/keys/{key_id}/rotate", {}),
            ("DELETE", f"/v1/keys/{key_id}", None),
            ("POST", "/v1/organizations", {"kind": "vendor", "name": "x"}),
        ):
            assert problem(caller.ask(method, path, json=said), 403) == "not-permitted"
    for path in (f"/v1/keys/{uuid4()}", f"/v1/keys/{uuid4()}/rotate"):
        method = "POST" if path.endswith("rotate") else "GET"
        assert problem(registry.admin().ask(method, path, json={}), 404) == "key-unknown"


def test_a_key_sees_itself_and_gives_itself_a_new_secret_with_overlap(registry: Registry) -> None:
    old = registry.vendor()
    itself = old.read("/v1/keys/self")
    assert (itself["role"], itself["practice_ids"]) == ("vendor", [PRACTICE])
    rotated = old.ask("POST", "/v1/keys/self/rotate", json={"overlap_hours": 2})
    new = registry.anyone(key=rotated.json()["key"])
    assert new.read("/v1/keys/self")["id"] == old.read("/v1/keys/self")["id"] == itself["id"]
    newest, before = new.read("/v1/keys/self")["secrets"]
    ends_at = datetime.fromisoformat(before["ends_at"])
    assert newest["ends_at"] is None
    assert timedelta(minutes=119) < ends_at - datetime.now(UTC) < timedelta(minutes=121)
    pass_time(registry, hours=3)
    assert problem(old.get("/v1/keys/self"), 401) == "not-authenticated"
    assert len(new.read("/v1/keys/self")["secrets"]) == 1


def test_a_secret_that_is_to_end_gives_the_key_no_other_one(registry: Registry) -> None:
    """Else whoever stole it would stay, however often its owner rotates the key."""
    stolen, path = registry.vendor(), "/v1/keys/self/rotate"
    owner = registry.anyone(key=stolen.ask("POST", path, json={}).json()["key"])
    assert problem(stolen.ask("POST", path, json={}), 403) == "not-permitted"
    assert stolen.get("/v1/keys/self").status_code == 200
    assert owner.ask("POST", path, json={}).status_code == 200


def pass_time(registry: Registry, *, hours: int) -> None:
    """Let the ends of secrets, keys and grants come nearer by some hours."""
    earlier = f"- interval '{hours} hours'"
    with registry.engine.begin() as connection:
        for table, column in (
            ("api_key_secrets", "ends_at"),
            ("api_keys", "expires_at"),
            ("grants", "valid_from"),
            ("grants", "valid_until"),
        ):
            connection.execute(text(f"UPDATE {table} SET {column} = {column} {earlier}"))


def test_a_secret_that_got_out_ends_at_once(registry: Registry) -> None:
    lost = registry.practice()
    key_id = lost.read("/v1/keys/self")["id"]
    rotated = registry.admin().ask("POST", f"/v1/keys/{key_id}/rotate", json={"overlap_hours": 0})
    assert problem(lost.get("/v1/keys/self"), 401) == "not-authenticated"
    assert registry.anyone(key=rotated.json()["key"]).get("/v1/keys/self").status_code == 200


def test_an_expired_or_revoked_key_looks_as_if_it_had_never_been(registry: Registry) -> None:
    in_an_hour = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    expiring, revoked = given_out(registry, expires_at=in_an_hour), given_out(registry)
    for made in (expiring, revoked):
        assert sends(registry, made["key"]).status_code == 200
    pass_time(registry, hours=2)
    registry.admin().delete(f"/v1/keys/{revoked['id']}", reason="staff left")
    unknown = sends(registry, "nacor_made-up").json()
    for made, state in ((expiring, "expired"), (revoked, "revoked")):
        answer = sends(registry, made["key"])
        assert problem(answer, 401) == "not-authenticated"
        assert answer.json()["detail"] == unknown["detail"]
        assert registry.admin().read(f"/v1/keys/{made['id']}")["state"] == state
        again = registry.admin().ask("POST", f"/v1/keys/{made['id']}/rotate", json={})
        assert problem(again, 404) == "key-unknown"


def test_what_happens_to_a_key_stands_in_the_trail_of_its_practices(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    made = given_out(registry, practice_ids=[OTHER_PRACTICE, PRACTICE])
    registry.admin().ask("POST", f"/v1/keys/{made['id']}/rotate", json={})
    for _ in range(2):
        registry.admin().delete(f"/v1/keys/{made['id']}", reason="staff left")
    found = registry.practice().read("/v1/audit", practice_id=PRACTICE)["items"]
    of_key = [entry for entry in found if entry["about_id"] == made["id"]]
    assert [entry["action"] for entry in of_key] == ["key.revoked", "key.rotated", "key.created"]
    assert (of_key[0]["reason"], of_key[0]["actor"]["role"]) == ("staff left", "admin")
    other = registry.practice(OTHER_PRACTICE).read("/v1/audit", practice_id=OTHER_PRACTICE)
    assert [entry["action"] for entry in other["items"]][:3] == [
        entry["action"] for entry in of_key
    ]
    assert OTHER_PRACTICE not in json.dumps(of_key)
    assert of_key[2]["details"] == {"role": "vendor", "sandbox": "no"}


def test_the_last_use_is_noted_once_a_minute(registry: Registry) -> None:
    vendor = registry.vendor()
    first = vendor.read("/v1/keys/self")["last_used_at"]
    assert vendor.read("/v1/keys/self")["last_used_at"] == first
    with registry.engine.begin() as connection:
        connection.execute(
            text("UPDATE api_keys SET last_used_at = last_used_at - interval '2 minutes'")
        )
    assert vendor.read("/v1/keys/self")["last_used_at"] > first


def test_a_revoked_key_is_told_nothing_more(registry: Registry) -> None:
    vendor = registry.with_settings(registry.vendor(), **ON)
    practice = registry.with_settings(registry.practice(), **ON)
    hook(vendor, "https://ehr.example/hook")
    end(registry, practice, a_case_file())
    registry.admin().delete(f"/v1/keys/{vendor.read('/v1/keys/self')['id']}")
    end(registry, practice, a_case_file(a_record("A-2")))
    assert registry.ask_database("SELECT count(*) FROM webhook_deliveries") == [(1,)]


def test_keys_by_the_command_line(registry: Registry, nacor: Nacor) -> None:
    words = ("--role", "practice", "--practice", PRACTICE, "--expires", "2999-12-31")
    first = nacor("key", "create", *words, "--label", "Quality office").stdout.strip()
    [listed] = [json.loads(line) for line in nacor("key", "list").stdout.splitlines()]
    assert (listed["label"], listed["expires_at"]) == ("Quality office", "2999-12-31T00:00:00Z")
    assert "@" in listed["created_by"]
    second = nacor("key", "rotate", listed["id"], "--overlap-hours", "0").stdout.strip()
    assert sends(registry, first).status_code == 401
    assert sends(registry, second).status_code == 200
    revoked = json.loads(nacor("key", "revoke", listed["id"], "--reason", "lost").stdout)
    assert revoked["state"] == "revoked"
    assert sends(registry, second).status_code == 401
    assert nacor("key", "rotate", listed["id"]).exit_code == 2
    [gone] = registry.practice().read("/v1/audit", practice_id=PRACTICE, action="key.revoked")[
        "items"
    ]
    assert (gone["actor"]["kind"], gone["reason"]) == ("operator", "lost")


@pytest.fixture
def ehr(registry: Registry, nacor: Nacor) -> tuple[str, Caller]:
    """A vendor's id, and a key of it that is for no practice by itself."""
    organization = json.loads(nacor("organization", "add", "Example EHR").stdout)
    assert organization["kind"] == "vendor"
    words = ("key", "create", "--role", "vendor", "--organization", organization["id"])
    return organization["id"], registry.anyone(key=nacor(*words).stdout.strip())


def granted(registry: Registry, vendor: str, *rights: str, **period: str) -> Any:
    said = {"organization_id": vendor, "rights": rights, **period}
    answer = registry.practice().ask("POST", GRANTS, json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_vendor_does_what_the_practice_grants_and_no_more(
    registry: Registry, ehr: tuple[str, Caller]
) -> None:
    vendor_id, vendor = ehr
    listed = {"practice_id": PRACTICE}
    assert problem(vendor.submit(a_case_file()), 403) == "not-permitted"
    granted(registry, vendor_id, "submit")
    receipt = vendor.send(a_case_file())
    assert problem(vendor.get("/v1/submissions", **listed), 403) == "not-permitted"
    assert problem(vendor.get(f"/v1/submissions/{receipt['id']}"), 404) == "submission-unknown"
    granted(registry, vendor_id, "see_submissions")
    assert [each["id"] for each in vendor.read("/v1/submissions", **listed)["items"]] == [
        receipt["id"]
    ]
    [record] = registry.practice().read(receipt["links"]["records"])["items"]
    deletion = f"/v1/cases/{record['case_id']}"
    assert problem(vendor.delete(deletion, reason="x"), 404) == "case-unknown"
    granted(registry, vendor_id, "delete_cases")
    assert vendor.delete(deletion, reason="sent twice").status_code == 200
    assert problem(vendor.get(deletion), 403) == "not-permitted"
    registry.register(OTHER_PRACTICE)
    other = vendor.submit(a_case_file(practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE)
    assert problem(other, 403) == "not-permitted"


def test_a_grant_ends_when_it_is_withdrawn(registry: Registry, ehr: tuple[str, Caller]) -> None:
    vendor_id, vendor = ehr
    grant = granted(registry, vendor_id, "submit", "see_submissions")
    receipt = vendor.send(a_case_file())
    practice = registry.practice()
    assert [each["state"] for each in practice.read(GRANTS)["items"]] == ["in_force"]
    for _ in range(2):
        assert practice.delete(f"{GRANTS}/{grant['id']}").json()["state"] == "withdrawn"
    assert problem(vendor.submit(a_case_file(a_record("A-2"))), 403) == "not-permitted"
    assert problem(vendor.get(receipt["links"]["self"]), 404) == "submission-unknown"
    assert practice.read(receipt["links"]["self"])["status"] == "accepted"
    found = practice.read("/v1/audit", practice_id=PRACTICE)["items"]
    about = [entry["action"] for entry in found if entry["about_id"] == grant["id"]]
    assert about == ["rights.withdrawn", "rights.granted"]
    assert problem(practice.delete(f"{GRANTS}/{uuid4()}"), 404) == "grant-unknown"


def test_what_a_stolen_key_granted_is_told_when_it_is_revoked_and_ends_if_asked_to(
    registry: Registry, ehr: tuple[str, Caller]
) -> None:
    vendor_id, vendor = ehr
    office = registry.practice()
    said = {"organization_id": vendor_id, "rights": ["submit"]}
    kept = office.ask("POST", GRANTS, json=said).json()
    stolen = registry.practice()
    made = [stolen.ask("POST", GRANTS, json=said).json()["id"] for _ in range(3)]
    office.delete(f"{GRANTS}/{made.pop(0)}")
    path = f"/v1/keys/{stolen.read('/v1/keys/self')['id']}"

    revoked = registry.admin().delete(path, reason="stolen").json()
    assert revoked["state"] == "revoked"
    assert [grant["id"] for grant in revoked["grants"]] == made[::-1]
    assert {grant["state"] for grant in revoked["grants"]} == {"in_force"}
    again = registry.admin().delete(path, reason="stolen", with_grants="true").json()
    assert [grant["state"] for grant in again["grants"]] == ["withdrawn", "withdrawn"]
    assert registry.admin().delete(path, with_grants="true").json()["grants"] == []

    in_force = [each for each in office.read(GRANTS)["items"] if each["state"] == "in_force"]
    assert [each["id"] for each in in_force] == [kept["id"]]
    trail = office.read("/v1/audit", practice_id=PRACTICE, action="rights.withdrawn")["items"]
    ended = [entry["about_id"] for entry in trail if entry["reason"] == "stolen"]
    assert sorted(ended) == sorted(made)
    assert vendor.submit(a_case_file()).status_code == 201


def test_a_key_is_revoked_with_its_grants_by_the_command_line(
    registry: Registry, nacor: Nacor, ehr: tuple[str, Caller]
) -> None:
    vendor_id, vendor = ehr
    stolen = registry.practice()
    grant = stolen.ask(
        "POST", GRANTS, json={"organization_id": vendor_id, "rights": ["submit"]}
    ).json()
    key_id = stolen.read("/v1/keys/self")["id"]
    revoked = json.loads(nacor("key", "revoke", key_id, "--with-grants").stdout)
    told = [(each["id"], each["state"], each["withdrawn_by"]) for each in revoked["grants"]]
    assert told == [(grant["id"], "withdrawn", None)]
    assert problem(vendor.submit(a_case_file()), 403) == "not-permitted"


def test_what_a_grant_let_a_vendor_do_is_not_told_again_when_it_is_withdrawn(
    registry: Registry, ehr: tuple[str, Caller]
) -> None:
    vendor_id, vendor = ehr
    grant = granted(registry, vendor_id, "submit", "see_submissions", "delete_cases")
    vendor.send(a_case_file(a_record("A-1"), a_record("A-2")))
    receipt = vendor.submit(a_case_file(a_record("A-1")), replace_period="2024-03").json()
    registry.intake.process(UUID(receipt["id"]))
    path, once = f"/v1/submissions/{receipt['id']}/withdraw", {"Idempotency-Key": "friday"}
    assert vendor.ask("POST", path, headers=once).json()["status"] == "rejected"
    assert vendor.ask("POST", path, headers=once).headers["Idempotent-Replay"] == "true"
    registry.practice().delete(f"{GRANTS}/{grant['id']}")
    assert problem(vendor.ask("POST", path, headers=once), 403) == "not-permitted"


def test_a_practice_sees_the_vendors_and_not_who_else_is_here(
    registry: Registry, ehr: tuple[str, Caller]
) -> None:
    admin, path = registry.admin(), "/v1/organizations"
    admin.ask("POST", path, json={"kind": "practice", "name": "Harbor Anesthesia"})
    listed = {
        who: [each["name"] for each in caller.read(path)["items"]]
        for who, caller in (("practice", registry.practice()), ("admin", admin))
    }
    assert listed == {"practice": ["Example EHR"], "admin": ["Example EHR", "Harbor Anesthesia"]}


def test_a_grant_holds_for_its_period(registry: Registry, ehr: tuple[str, Caller]) -> None:
    vendor_id, vendor = ehr
    now = datetime.now(UTC)
    granted(
        registry,
        vendor_id,
        "see_submissions",
        valid_from=(now + timedelta(hours=1)).isoformat(),
        valid_until=(now + timedelta(hours=3)).isoformat(),
    )
    for hours, state, status in ((0, "coming", 403), (2, "in_force", 200), (2, "ended", 403)):
        pass_time(registry, hours=hours)
        assert registry.practice().read(GRANTS)["items"][0]["state"] == state
        assert vendor.get("/v1/submissions", practice_id=PRACTICE).status_code == status


def test_webhooks_follow_what_is_granted(registry: Registry, ehr: tuple[str, Caller]) -> None:
    vendor_id, key = ehr
    vendor = registry.with_settings(key, **ON)
    practice = registry.with_settings(registry.practice(), **ON)
    webhook = hook(vendor, "https://ehr.example/hook")
    told = []
    for right in ("submit", "see_submissions"):
        granted(registry, vendor_id, right)
        told.append(end(registry, practice, a_case_file(a_record(f"A-{right}")))["id"])
    assert [each["submission_id"] for each in deliveries(vendor, webhook)] == told[1:]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"rights": []}, 422),
        ({"rights": ["see_cases"]}, 422),
        ({"valid_until": "2020-01-01T00:00:00Z"}, 422),
        ({"organization_id": str(uuid4())}, 404),
    ],
)
def test_what_cannot_be_granted_is_not(
    registry: Registry, ehr: tuple[str, Caller], said: dict[str, Any], status: int
) -> None:
    asked = {"organization_id": ehr[0], "rights": ["submit"], **said}
    assert registry.practice().ask("POST", GRANTS, json=asked).status_code == status


def test_nobody_but_the_practice_and_the_registry_grants(
    registry: Registry, ehr: tuple[str, Caller]
) -> None:
    registry.register(OTHER_PRACTICE)
    said = {"organization_id": ehr[0], "rights": ["submit"]}
    for caller in (
        ehr[1],
        registry.vendor(),
        registry.practice(OTHER_PRACTICE),
        registry.practice(sandbox=True),
    ):
        assert problem(caller.ask("POST", GRANTS, json=said), 403) == "not-permitted"
    headers = {"Idempotency-Key": "first"}
    answers = [registry.admin().ask("POST", GRANTS, json=said) for _ in range(2)]
    admin = registry.admin()
    answers += [admin.ask("POST", GRANTS, json=said, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 200]
    assert answers[2].json() == answers[3].json()
