"""Whatever is asked, and by whom: the answer is one of those described, never a fault of ours.

Requests are made from the OpenAPI description by schemathesis, as it allows them and with something
in them that it does not; half of them name what there is. The checks are schemathesis's own.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
import requests
import schemathesis
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from app.access.calls import CALLS
from tests.case_files import a_case_file
from tests.databases import emptied
from tests.notices import ON
from tests.registry import ADDRESS, PRACTICE, Caller, Registry

_CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_KNOWN: Final = {
    "practice_id": PRACTICE,
    "performance_year": 2024,
    "version": "2023V1.0",
    "since": "2020V1.0",
    "measure_id": "404",
    "domain": "lakeside.example",
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A practice with something of every kind in it; `described` is what requests are made from."""

    registry: Registry
    app: FastAPI
    described: Any

    def operation(self, call: str) -> APIOperation:
        method, template = call.split(" ")
        return self.described[template][method]

    def callers(self) -> dict[str, Caller]:
        """New ones each time: some requests end the key that they come with."""
        registry = self.registry
        keys = {
            "vendor": registry.vendor(),
            "practice": registry.practice(),
            "internal": registry.internal(),
            "admin": registry.admin(),
            "sandbox": registry.practice(sandbox=True),
            "none": registry.anyone(),
        }
        return {role: replace(caller, app=self.app) for role, caller in keys.items()}


@pytest.fixture(scope="module")
def scene(
    connections: Engine, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    registry = Registry(emptied(connections), tmp_path_factory.mktemp("described"), portal)
    description = registry.app.openapi()
    scene = Scene(
        registry=registry,
        app=registry.anyone(**ON).app,
        described=schemathesis.openapi.from_dict(description),
    )
    _fill(scene, description)
    return scene


def _fill(scene: Scene, description: Any) -> None:
    """Send a file, then every body that is described as an example, to whoever takes it."""
    scene.registry.vendor().send(a_case_file())
    for template, methods in description["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        example = content.get("application/json", {}).get("schema", {}).get("example")
        if example is not None:
            path = template.format_map(_Known(_KNOWN))
            for role in ("practice", "admin"):
                scene.callers()[role].ask("POST", path, json=example)


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"no-{name}"


def known_names(operation: APIOperation, asker: Caller) -> dict[str, Any]:
    """What the parameters of a call can name: ids are those that whoever lists them finds."""
    names = dict(_KNOWN)
    before = ""
    for part in operation.path.removeprefix("/").split("/"):
        if part.startswith("{") and part.endswith("}") and part[1:-1] not in names:
            found = asker.get(
                before, **{k: v for k, v in _KNOWN.items() if "year" in k or "prac" in k}
            )
            items = found.json().get("items", []) if found.status_code == 200 else []
            if not items or "id" not in items[0]:
                break
            names[part[1:-1]] = items[0]["id"]
        before += f"/{names.get(part[1:-1], part) if part.startswith('{') else part}"
    return names


def ask(case: Case, caller: Caller) -> Any:
    kwargs = case.as_transport_kwargs(base_url=ADDRESS)
    made = requests.Request(**kwargs).prepare()
    return caller.ask(made.method, made.path_url, content=made.body, headers=dict(made.headers))


def check_answers(scene: Scene, call: str, examples: int, **chosen: Any) -> None:
    operation = scene.operation(call)
    callers = scene.callers()
    known = known_names(operation, callers["admin"])
    requests_made = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        **chosen,
    )
    @given(case=requests_made, named=st.data())
    def asked(case: Case, named: Any) -> None:
        for values in (case.path_parameters, case.query):
            for name in values:
                if name in known and named.draw(st.booleans()):
                    values[name] = known[name]
        for caller in callers.values():
            case.validate_response(ask(case, caller), checks=_CHECKS)

    asked()


@pytest.mark.parametrize("call", CALLS)
def test_every_answer_is_one_of_those_described(scene: Scene, call: str) -> None:
    check_answers(scene, call, examples=2, derandomize=True)


@pytest.mark.soak
@pytest.mark.parametrize("call", CALLS)
def test_every_answer_to_many_more_requests_is(scene: Scene, call: str) -> None:
    check_answers(scene, call, examples=200)


def test_what_is_kept_is_whole_after_all_of_it(scene: Scene) -> None:
    scene.registry.check_invariants()
