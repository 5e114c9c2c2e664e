"""Examples for the shapes of an OpenAPI description."""

from collections.abc import Mapping
from typing import Any, Final

Description = Mapping[str, Any]

_REFERENCE: Final = "#/components/schemas/"
_DEEPEST: Final = 5


def example_of(schema: Description, shapes: Description, depth: int = 0) -> object:
    """Return the example that a shape gives, or one put together from its parts."""
    if depth > _DEEPEST:
        return {}
    if "example" in schema or schema.get("examples"):
        return schema.get("example") or schema["examples"][0]
    if "$ref" in schema:
        return example_of(shapes[schema["$ref"].removeprefix(_REFERENCE)], shapes, depth + 1)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return example_of(schema[key][0], shapes, depth + 1)
    if "properties" in schema:
        return {
            name: example_of(of, shapes, depth + 1) for name, of in schema["properties"].items()
        }
    return _example_value(schema, shapes, depth)


_VALUES: Final[Mapping[str, object]] = {
    "date": "2024-03-01",
    "date-time": "2024-03-01T10:00:00Z",
    "uuid": "0198c0de-0000-7000-8000-000000000000",
    "uri": "https://registry.example/…",
    "string": "…",
    "integer": 0,
    "number": 0.0,
    "boolean": True,
    "object": {},
    "null": None,
}


def _example_value(schema: Description, shapes: Description, depth: int) -> object:
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example_of(schema.get("items", {}), shapes, depth + 1)]
    return _VALUES.get(schema.get("format", ""), _VALUES.get(schema.get("type", ""), "…"))
