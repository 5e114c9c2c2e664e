"""Idempotency-Key: whatever is posted is done once, however often it is sent."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from httpx import Response
from sqlalchemy import text

from app.domain.principals import Role
from app.jobs.housekeeping import tidy
from tests.case_files import NPI, TIN, a_case_file, a_record
from tests.people import somebody_signed_in
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, XML, Caller, Registry
from tests.rosters import CSV, ROBIN, ROSTER
from tests.sealing import execute

KEY: Final = {"Idempotency-Key": "monday-1"}
REASON: Final = "Results go to CMS this month."
_LIST: Final = (
    "npi,name,credentials,asa_member_years,tin,starts_on,ends_on\n"
    f"{NPI},Robin Example,Anesthesiologist,,{TIN},2024-01-01,\n"
)


def test_every_post_that_stores_something_takes_a_key(registry: Registry) -> None:
    """What stores nothing may be sent again anyway."""
    described = registry.app.openapi()["paths"]
    without = {
        path
        for path, methods in described.items()
        if "post" in methods
        and not any(
            parameter["name"].lower() == "idempotency-key"
            for parameter in methods["post"].get("parameters", [])
        )
    }
    assert without == {"/v1/validate", "/v1/cases/{case_id}/asc-measures"}


REQUESTS: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "a practice": (
        "/v1/practices",
        {"json": {"id": OTHER_PRACTICE, "name": "Harbor Anesthesia"}},
        {"json": {"id": OTHER_PRACTICE, "name": "Harbor"}},
    ),
    "a provider list": (
        f"{ROSTER}/clinicians/import",
        {"content": _LIST.encode(), "headers": CSV},
        {"content": _LIST.replace("Robin", "Kim").encode(), "headers": CSV},
    ),
    "a lock": (
        "/v1/provider-lists/2024/lock",
        {"json": {"reason": REASON}},
        {"json": {"reason": f"{REASON}."}},
    ),
    "a decision": (
        f"{ROSTER}/reconciliation",
        {
            "json": {
                "performance_year": 2024,
                "decisions": [
                    {"kind": "not_on_list", "tin": TIN, "npi": NPI, "decision": "confirm"}
                ],
            }
        },
        {
            "json": {
                "performance_year": 2024,
                "decisions": [
                    {"kind": "not_on_list", "tin": TIN, "npi": NPI, "decision": "reject"}
                ],
            }
        },
    ),
    "a clinician": (
        f"{ROSTER}/clinicians",
        {"json": ROBIN},
        {"json": {**ROBIN, "name": "Robin Sample"}},
    ),
}


def post(caller: Caller, path: str, **request: Any) -> Response:
    headers = {**KEY, **request.pop("headers", {})}
    return caller.ask("POST", path, headers=headers, **request)


@pytest.mark.parametrize("what", REQUESTS)
def test_the_same_request_again_gets_its_first_answer(registry: Registry, what: str) -> None:
    path, asked, other = REQUESTS[what]
    registry.vendor().send(a_case_file(a_record("A-1", staff=[(TIN, NPI)])))
    caller = registry.internal()
    first = post(caller, path, **asked)
    assert first.is_success, first.text
    again = post(caller, path, **asked)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotent-Replay"] == "true"
    for header in ("Location", "ETag"):
        assert again.headers.get(header) == first.headers.get(header)
    assert problem(post(caller, path, **other), 409) == "idempotency-conflict"


def test_another_sender_may_use_the_same_key(registry: Registry) -> None:
    path, asked, other = REQUESTS["a lock"]
    assert post(registry.internal(), path, **asked).status_code == 200
    assert post(registry.admin(), path, **other).status_code == 200


def test_what_was_refused_may_be_sent_again_in_better_words(registry: Registry) -> None:
    internal = registry.internal()
    path, asked, _ = REQUESTS["a lock"]
    assert problem(post(internal, path, json={"reason": "so"}), 422) == "invalid-request"
    assert post(internal, path, **asked).status_code == 200


def test_a_key_does_not_open_what_its_sender_may_not_do(registry: Registry) -> None:
    path, asked, _ = REQUESTS["a lock"]
    assert problem(post(registry.anyone(), path, **asked), 401) == "not-authenticated"
    assert problem(post(registry.practice(), path, **asked), 403) == "not-permitted"


@pytest.mark.parametrize("key", ["", "k" * 256], ids=["empty", "too long"])
def test_a_key_has_1_to_255_characters(registry: Registry, key: str) -> None:
    """An empty one, of a variable that was never set, would refuse all files after the first."""
    named = {"headers": {"Idempotency-Key": key}}
    path, asked, _ = REQUESTS["a lock"]
    assert problem(registry.internal().ask("POST", path, **named, **asked), 422)
    files = f"/v1/submissions?practice_id={PRACTICE}"
    named["headers"] |= XML
    sent = registry.vendor().ask("POST", files, content=a_case_file(), **named)
    assert problem(sent, 422) == "invalid-request"


def test_while_a_request_is_under_way_its_double_waits_and_takes_over_when_nobody_answers(
    registry: Registry,
) -> None:
    """As a process leaves it that dies before it has answered."""
    internal = registry.internal()
    path, asked, _ = REQUESTS["a lock"]
    post(internal, path, **asked)
    begun = datetime.now(UTC)
    for seconds, status in ((5, 503), (61, 200)):
        with registry.engine.begin() as connection:
            connection.execute(
                text("UPDATE idempotency_keys SET answer = NULL, created_at = :at"),
                {"at": begun - timedelta(seconds=seconds)},
            )
        answer = post(internal, path, **asked)
        assert answer.status_code == status, answer.text
        assert ("Retry-After" in answer.headers) == (status == 503)
    assert internal.read("/v1/provider-lists/2024")["state"] == "locked"


def test_after_thirty_days_a_key_stands_for_nothing_any_more(registry: Registry) -> None:
    """Kept answers hold what people entered, and nobody sends a request again so late."""
    internal = registry.internal()
    path, asked, other = REQUESTS["a lock"]
    for days, is_kept in ((29, True), (2, False)):
        post(internal, path, **asked)
        execute(
            registry,
            "UPDATE idempotency_keys SET created_at = created_at - make_interval(days => %s)",
            days,
        )
        tidy(registry.intake)
        status = post(internal, path, **other).status_code
        assert (status == 409) == is_kept


def test_somebody_who_is_signed_in_gets_the_first_answer_too(registry: Registry) -> None:
    staff = somebody_signed_in(registry, Role.INTERNAL)
    holds = f"/v1/practices/{PRACTICE}/legal-holds"
    first, again = (post(staff, holds, json={"reason": "Doe v. Lakeside"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert [hold["id"] for hold in staff.read(holds)["items"]] == [again.json()["id"]]
    forged = post(staff, holds, json={"reason": "Doe v. Lakeside"}, headers={"X-CSRF-Token": ""})
    assert problem(forged, 403) == "not-permitted"
