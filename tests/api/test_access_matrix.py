"""Every call of the API, asked in every role for one's own practice and for another's.

What is expected follows from two tables: which right a call needs (`app.access.calls`), and which
roles have it (`app.access.rights`); docs/reference/access.md is written from them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from sqlalchemy import Engine

from app.access.calls import CALLS, Open
from app.access.rights import (
    NOT_BY_KEYS_OF_PRACTICES,
    NOT_IN_THE_SANDBOX,
    OF_KEYS_ONLY,
    OF_PAGES_ONLY,
    ROLES,
    Right,
)
from app.domain.principals import Role
from tests.case_files import a_case_file
from tests.databases import emptied
from tests.notices import ON
from tests.people import somebody_signed_in
from tests.registry import OTHER_PRACTICE, PRACTICE, XML, Caller, Registry
from tests.sealing import execute
from tests.watched import Watch, watched_engine

_REACH_EVERYTHING: Final = (Role.INTERNAL, Role.ADMIN)
_HIDDEN_BY_ID: Final = re.compile(r"\{(submission|case)_id\}")
_NOT_JSON: Final = {
    "POST /v1/validate": (XML, a_case_file()),
    "POST /v1/submissions": (XML, a_case_file()),
    "POST /v1/practices/{practice_id}/clinicians/import": ({"Content-Type": "text/csv"}, b"x"),
}
_NAMED: Final = {
    "version": "2020V1.0",
    "since": "2020V1.0",
    "performance_year": "2024",
    "year": "2025",
    "measure_id": "404",
    "domain": "lakeside.example",
    "reason": "looked at",
    "period": "2024",
    "number": "2024-000001",
}
_A_CALL_OF_EACH_RIGHT: Final = [
    next(call for call, right in CALLS.items() if right is each)
    for each in (*(right for right in Right if right not in OF_PAGES_ONLY), *Open)
]
_YEARS: Final = {"GET /v1/measures/changes": {"since": "2023", "until": "2024"}}
_ROTATION: Final = "POST /v1/keys/self/rotate"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Two practices with the same in them, and somebody in every role of the first."""

    registry: Registry
    watch: Watch
    callers: dict[str, Caller]
    people: dict[Role, Caller]
    things: dict[str, dict[str, str]]
    described: Any

    def ask(self, call: str, caller: Caller, practice: str) -> Response:
        method, template = call.split(" ")
        if call == _ROTATION:  # which only the newest secret may ask for: that of the caller is it
            execute(self.registry, "UPDATE api_key_secrets SET ends_at = NULL")
        operation = self.described["paths"][template][method.lower()]
        names = {**_NAMED, **self.things[practice], **_YEARS.get(call, {})}
        path = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], str(uuid4())), template)
        query = {
            parameter["name"]: names[parameter["name"]]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
            and (parameter["required"] or parameter["name"] == "practice_id")
        }
        headers, body = _body(call, operation)
        seen = {"If-Match": '"1"'} if method == "PUT" else {}
        return caller.ask(method, path, params=query, headers={**headers, **seen}, **body)


def _body(call: str, operation: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """The headers and the body that are described as an example."""
    if call in _NOT_JSON:
        headers, content = _NOT_JSON[call]
        return headers, {"content": content}
    if "requestBody" not in operation:
        return {}, {}
    described = operation["requestBody"]["content"]["application/json"]["schema"]
    return {}, {"json": described["example"]}


@pytest.fixture(scope="module")
def scene(
    connections: Engine, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    engine, watch = watched_engine(emptied(connections).url)
    registry = Registry(engine, tmp_path_factory.mktemp("matrix"), portal)
    registry.register(OTHER_PRACTICE)
    callers = {
        "none": registry.anyone(),
        "vendor": registry.vendor(),
        "practice": registry.practice(),
        "internal": registry.internal(),
        "admin": registry.admin(),
        "sandbox": registry.practice(sandbox=True),
    }
    with_webhooks = registry.anyone(**ON).app
    yield Scene(
        registry=registry,
        watch=watch,
        callers={role: replace(each, app=with_webhooks) for role, each in callers.items()},
        people={
            role: replace(somebody_signed_in(registry, role), app=with_webhooks) for role in Role
        },
        things={practice: _things(registry, practice) for practice in (PRACTICE, OTHER_PRACTICE)},
        described=registry.app.openapi(),
    )
    engine.dispose()


def _things(registry: Registry, practice: str) -> dict[str, str]:
    vendor = registry.vendor(practice)
    receipt = vendor.send(a_case_file(practice_id=practice), practice_id=practice)
    [record] = vendor.read(receipt["links"]["records"])["items"]
    return {
        "practice_id": practice,
        "submission_id": receipt["id"],
        "case_id": record["case_id"],
        "key_id": vendor.read("/v1/keys/self")["id"],
    }


def test_every_call_is_in_the_published_table(scene: Scene) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in scene.described["paths"].items()
        for method in methods
    }
    assert set(CALLS) == described


@pytest.mark.parametrize("call", CALLS)
def test_who_may_ask(scene: Scene, call: str) -> None:
    """And every statement of a request is bound to its caller, but for those of `DOORS`."""
    found, expected = {}, {}
    scene.watch.escaped()
    for role, caller in scene.callers.items():
        for practice in (PRACTICE, OTHER_PRACTICE):
            answer = scene.ask(call, caller, practice)
            found[role, practice] = _outcome(answer, call)
            is_allowed = not (role == "practice" and CALLS[call] in NOT_BY_KEYS_OF_PRACTICES)
            for_role = _expected(call, role, is_own=practice == PRACTICE)
            expected[role, practice] = for_role if is_allowed else "refused"
    assert found == expected
    if CALLS[call] is not Open.ANYONE:
        assert scene.watch.escaped() == []


@pytest.mark.parametrize(
    "call", [call for call, needed in CALLS.items() if needed is not Open.ANYONE]
)
def test_every_statement_for_somebody_signed_in_is_bound_to_them(scene: Scene, call: str) -> None:
    scene.watch.escaped()
    for person in scene.people.values():
        scene.ask(call, person, PRACTICE)
    assert scene.watch.escaped() == []


@pytest.mark.parametrize("call", _A_CALL_OF_EACH_RIGHT)
def test_whoever_is_signed_in_may_what_a_key_of_the_role_may(scene: Scene, call: str) -> None:
    """All but what belongs to a key, and what a practice's keys may not: one code asks of both."""
    of_keys_only = CALLS[call] is Open.ANY_KEY or CALLS[call] in OF_KEYS_ONLY
    found, expected = {}, {}
    for role, caller in scene.people.items():
        for practice in (PRACTICE, OTHER_PRACTICE):
            found[role, practice] = _outcome(scene.ask(call, caller, practice), call)
            as_a_key = _expected(call, role, is_own=practice == PRACTICE)
            expected[role, practice] = "refused" if of_keys_only else as_a_key
    assert found == expected


def _outcome(answer: Response, call: str) -> str:
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    match answer.status_code:
        case 401:
            return "key needed"
        case 403:
            return "refused"
        case 404 if _HIDDEN_BY_ID.search(call):
            return "hidden"
        case _:
            return "answered"


def _expected(call: str, role: str, *, is_own: bool) -> str:
    needed = CALLS[call]
    if needed is Open.ANYONE:
        return "answered"
    if role == "none":
        return "key needed"
    if needed is Open.ANY_KEY:
        return "answered"
    assert isinstance(needed, Right)
    return _for_right(needed, call, role, is_own=is_own)


def _for_right(needed: Right, call: str, role: str, *, is_own: bool) -> str:
    is_sandbox = role == "sandbox"
    chosen = Role.PRACTICE if is_sandbox else Role(role)
    by_id = _HIDDEN_BY_ID.search(call) is not None
    sees = Right.SEE_SUBMISSIONS if "{submission_id}" in call else needed
    if by_id and chosen in ROLES[sees] and (is_sandbox or not _reaches(chosen, is_own=is_own)):
        return "hidden"
    if chosen not in ROLES[needed] or (is_sandbox and needed in NOT_IN_THE_SANDBOX):
        return "refused"
    if "{practice_id}" in call or call in _OF_ASKED_PRACTICE:
        return "answered" if _reaches(chosen, is_own=is_own) else "refused"
    return "answered"


def _reaches(role: Role, *, is_own: bool) -> bool:
    return is_own or role in _REACH_EVERYTHING


_OF_ASKED_PRACTICE: Final = {
    "POST /v1/submissions",
    "GET /v1/submissions",
    "GET /v1/cases",
    "GET /v1/counts",
    "GET /v1/measures/results",
    "GET /v1/measures/results/cases",
    "GET /v1/asc-measures/results",
    "GET /v1/asc-measures/results/cases",
    "GET /v1/asc-measures/file",
    "GET /v1/measures/scores",
    "GET /v1/measures/peers",
    "GET /v1/feedback-reports",
    "POST /v1/feedback-reports",
    "GET /v1/feedback-reminders",
    "GET /v1/backfills",
    "GET /v1/cms-submissions",
    "POST /v1/cms-submissions",
    "GET /v1/audit",
}
