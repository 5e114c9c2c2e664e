"""Lists: whoever reads one page by page needs no exception for those that are whole."""

import json
import re
from typing import Any, Final

from tests.registry import Registry

_SHAPE: Final = re.compile(r"#/components/schemas/(\w+)")
_NO_LIST: Final = {"/v1/practices/{practice_id}/billing/{performance_year}"}  # lines of a bill


def test_every_list_says_whether_more_follows(registry: Registry) -> None:
    described = registry.app.openapi()
    lists = {
        path: "next_cursor" in fields
        for path, calls in described["paths"].items()
        if "items" in (fields := _fields_of_answer(calls.get("get", {}), described))
    }
    assert {"/v1/schemas", "/v1/submissions", "/v1/measures"} <= set(lists)
    assert {path for path, says in lists.items() if not says} == _NO_LIST


def test_after_a_list_that_is_whole_nothing_follows(registry: Registry) -> None:
    visitor = registry.anyone()
    assert visitor.read("/v1/schemas")["next_cursor"] is None
    changes = visitor.read("/v1/schemas/2023V1.0/changes", since="2020V1.0")
    assert changes["next_cursor"] is None


def _fields_of_answer(call: dict[str, Any], described: dict[str, Any]) -> set[str]:
    answer = json.dumps(call.get("responses", {}).get("200", {}))
    shapes = described["components"]["schemas"]
    return {
        field for name in _SHAPE.findall(answer) for field in shapes[name].get("properties", ())
    }
