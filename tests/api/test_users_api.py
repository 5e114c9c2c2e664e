"""Users as they are managed over HTTP: by the registry, and by practices for their own people."""

from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html

from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, TIN, a_case_file, a_record
from tests.people import (
    Browser,
    accepted,
    browser_of,
    somebody_signed_in,
    text_of,
    user_of,
)
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry

ROBIN = {
    "email": "Robin@Lakeside.example",
    "name": "Robin Example",
    "role": "practice",
    "practice_ids": [PRACTICE],
}


def add(caller: Caller, **differs: Any) -> Response:
    return caller.ask("POST", "/v1/users", json={**ROBIN, **differs})


def a_manager(registry: Registry) -> Caller:
    """Somebody of the practice who is signed in."""
    return somebody_signed_in(registry, Role.PRACTICE)


def test_a_key_of_a_practice_makes_nobody(registry: Registry) -> None:
    """Who got hold of one has nothing left of it when it is revoked."""
    known = add(registry.admin()).json()
    stolen, path = registry.practice(), f"/v1/users/{known['id']}"
    for answer in (
        add(stolen, email="thief@x.example"),
        stolen.get("/v1/users"),
        stolen.get(path),
        stolen.delete(path),
        stolen.ask("POST", f"{path}/invite"),
        stolen.ask("POST", f"{path}/reset-second-step"),
    ):
        assert problem(answer, 403) == "not-permitted"
    assert [user["id"] for user in registry.admin().read("/v1/users")["items"]] == [known["id"]]


def test_a_user_is_added_shown_and_ended(registry: Registry) -> None:
    admin = registry.admin()
    answer = add(admin)
    added = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert added["invitation"].startswith("http://registry.example/invitation?token=")
    assert (added["email"], added["state"]) == ("robin@lakeside.example", "invited")
    shown = admin.read(f"/v1/users/{added['id']}")
    assert shown == {name: value for name, value in added.items() if name != "invitation"}
    assert admin.read("/v1/users")["items"] == [shown]
    assert admin.delete(f"/v1/users/{added['id']}").json()["state"] == "ended"
    trail = registry.practice().read("/v1/audit", practice_id=PRACTICE)["items"]
    assert [entry["action"] for entry in trail[:2]] == ["user.ended", "user.added"]


def test_an_address_is_that_of_one_user_until_they_end(registry: Registry) -> None:
    admin = registry.admin()
    first = add(admin).json()
    assert problem(add(admin, email="ROBIN@lakeside.EXAMPLE"), 409) == "user-conflict"
    admin.delete(f"/v1/users/{first['id']}")
    assert add(admin).status_code == 201


def test_the_same_request_again_shows_no_link(registry: Registry) -> None:
    admin = registry.admin()
    headers = {"Idempotency-Key": "one"}
    first = admin.ask("POST", "/v1/users", json=ROBIN, headers=headers)
    again = admin.ask("POST", "/v1/users", json=ROBIN, headers=headers)
    assert again.status_code == 200
    assert again.headers["idempotent-replay"] == "true"
    assert again.json() == {**first.json(), "invitation": None}


REFUSED = [
    ({"role": "clinician"}, 422),
    ({"role": "clinician", "npi": "1234567890"}, 422),
    ({"npi": NPI}, 422),
    ({"practice_ids": []}, 422),
    ({"role": "admin"}, 422),
    ({"practice_ids": ["999"]}, 404),
    ({"email": "no address"}, 422),
    ({"email": "robin@lakeside.example\x00"}, 422),
    ({"name": ""}, 422),
    ({"role": "owner"}, 422),
    ({"organization_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25"}, 404),
]


@pytest.mark.parametrize(("differs", "status"), REFUSED)
def test_what_makes_no_sense_is_refused(
    registry: Registry, differs: dict[str, Any], status: int
) -> None:
    assert add(registry.admin(), **differs).status_code == status


def test_a_practice_manages_its_own_people_and_no_others(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    admin, practice = registry.admin(), a_manager(registry)
    own = add(practice).json()
    of_both = add(admin, email="b@x.example", practice_ids=[PRACTICE, OTHER_PRACTICE]).json()
    other = add(admin, email="o@x.example", practice_ids=[OTHER_PRACTICE]).json()
    staff = add(admin, email="a@x.example", role="admin", practice_ids=[]).json()
    assert [user["id"] for user in practice.read("/v1/users")["items"]][:-1] == [own["id"]]
    assert len(admin.read("/v1/users")["items"]) == 5
    for user in (of_both, other, staff):
        path = f"/v1/users/{user['id']}"
        for method, call in (
            *(("GET", path), ("DELETE", path)),
            *(("POST", f"{path}/invite"), ("POST", f"{path}/reset-second-step")),
        ):
            assert problem(practice.ask(method, call), 404) == "user-unknown"


@pytest.mark.parametrize(
    "differs",
    [
        {"role": "admin", "practice_ids": []},
        {"role": "internal", "practice_ids": []},
        {"role": "vendor"},
        {"practice_ids": [OTHER_PRACTICE]},
        {"practice_ids": [PRACTICE, OTHER_PRACTICE]},
        {"practice_ids": []},
    ],
)
def test_a_practice_makes_nobody_who_may_more_than_itself(
    registry: Registry, differs: dict[str, Any]
) -> None:
    registry.register(OTHER_PRACTICE)
    assert problem(add(a_manager(registry), **differs), 403) == "not-permitted"


def test_a_practice_adds_clinicians(registry: Registry) -> None:
    added = add(a_manager(registry), role="clinician", npi=NPI)
    assert added.status_code == 201
    assert added.json()["npi"] == NPI


def test_a_new_link_ends_the_one_before(registry: Registry) -> None:
    admin = registry.admin()
    first = add(admin).json()
    second = admin.ask("POST", f"/v1/users/{first['id']}/invite").json()
    opened = [
        registry.anyone().get(each["invitation"].removeprefix("http://registry.example"))
        for each in (first, second)
    ]
    assert [page.status_code for page in opened] == [410, 200]


def test_a_request_for_a_link_that_comes_again_leaves_the_link_good(registry: Registry) -> None:
    admin = registry.admin()
    path = f"/v1/users/{add(admin).json()['id']}/invite"
    headers = {"Idempotency-Key": "one"}
    link = admin.ask("POST", path, headers=headers).json()["invitation"]
    again = admin.ask("POST", path, headers=headers)
    assert again.headers["idempotent-replay"] == "true"
    assert again.json()["invitation"] is None
    assert registry.anyone().get(link.removeprefix("http://registry.example")).status_code == 200


def test_whoever_has_ended_gets_no_link(registry: Registry) -> None:
    admin = registry.admin()
    user = add(admin).json()
    admin.delete(f"/v1/users/{user['id']}")
    again = admin.ask("POST", f"/v1/users/{user['id']}/invite")
    assert problem(again, 404) == "user-unknown"


def test_there_are_no_keys_for_clinicians(registry: Registry) -> None:
    asked = {"role": "clinician", "practice_ids": [PRACTICE]}
    assert registry.admin().ask("POST", "/v1/keys", json=asked).status_code == 422


def test_a_clinician_sees_the_figures_of_their_own_npi(registry: Registry) -> None:
    together = a_record("A-1", staff=[(TIN, NPI), (TIN, OTHER_NPI)])
    alone = a_record("A-2", staff=[(TIN, OTHER_NPI)])
    registry.vendor().send(a_case_file(together, alone))
    clinician = somebody_signed_in(registry, Role.CLINICIAN)
    counts = clinician.read(
        "/v1/counts", practice_id=PRACTICE, performance_year=2024, group_by="tin,npi"
    )
    assert counts["cases"] == 1
    assert counts["groups"] == [{"tin": TIN, "npi": NPI, "cases": 1}]
    assert clinician.count(npi=NPI) == 1
    asked = {"practice_id": PRACTICE, "performance_year": 2024}
    results = clinician.read("/v1/measures/results", **asked, level="individual")["results"]
    assert {result["npi"] for result in results} == {NPI}
    for path in ("/v1/counts", "/v1/measures/results"):
        other = clinician.get(path, **asked, npi=OTHER_NPI, level="individual")
        assert problem(other, 403) == "not-permitted"
    group = clinician.get("/v1/measures/results", **asked, level="group")
    assert group.status_code == 422
    assert clinician.get("/v1/cases", practice_id=PRACTICE).status_code == 403


def test_a_clinician_lists_the_cases_behind_their_own_numbers(registry: Registry) -> None:
    mine = a_record("A-1", staff=[(TIN, NPI)])
    registry.vendor().send(a_case_file(mine, a_record("A-2", staff=[(TIN, OTHER_NPI)])))
    clinician = somebody_signed_in(registry, Role.CLINICIAN)
    asked = {"practice_id": PRACTICE, "performance_year": 2024}
    measures = registry.practice().read("/v1/measures/results", **asked, level="individual")
    [measure_id, *_] = [each["measure_id"] for each in measures["results"]]
    behind = "/v1/measures/results/cases"
    everything = registry.practice().read(behind, **asked, measure_id=measure_id)["items"]
    own = clinician.read(behind, **asked, measure_id=measure_id)["items"]
    assert {case["anesthesia_record_id"] for case in everything} == {"A-1", "A-2"}
    assert {case["anesthesia_record_id"] for case in own} == {"A-1"}
    other = clinician.get(behind, **asked, measure_id=measure_id, npi=OTHER_NPI)
    assert problem(other, 403) == "not-permitted"


# On a page


def test_somebody_of_a_practice_lets_a_colleague_in_on_a_page(
    registry: Registry, portal: BlockingPortal
) -> None:
    registry.register(OTHER_PRACTICE)
    robin = browser_of(registry, portal, Role.PRACTICE)
    assert "/users" in robin.get("/home").text
    page = robin.get("/users")
    kim = {"email": "kim@lakeside.example", "name": "Kim Sample", "role": "clinician"}
    assert robin.post("/users", kim).status_code == 403, "no form of ours"
    without_npi = robin.fill_in(page, "/users", **kim)
    assert without_npi.status_code == 422
    assert "a clinician has one" in text_of(without_npi)
    elsewhere = robin.fill_in(page, "/users", **kim, npi=NPI, practice_ids=OTHER_PRACTICE)
    assert (elsewhere.status_code, "of your own practices" in text_of(elsewhere)) == (403, True)

    added = robin.fill_in(without_npi, "/users", npi=NPI)
    [link] = html.fromstring(added.text).xpath("//code/text()")
    visitor = Browser(registry.app, portal)
    accepted(visitor, str(link).removeprefix("http://registry.example"))
    assert visitor.is_signed_in()
    assert "invitation?token=" not in robin.get("/users").text, "it is shown once"

    user_id = str(user_of(registry, "kim@lakeside.example").id)
    again = robin.fill_in(robin.get("/users"), f"/users/{user_id}/invite")
    assert "invitation?token=" in again.text
    ended = robin.follow(robin.fill_in(robin.get("/users"), f"/users/{user_id}/end"))
    assert "every session of theirs has ended" in text_of(ended)
    assert not visitor.is_signed_in()
    assert browser_of(registry, portal, Role.INTERNAL).get("/users").status_code == 403
