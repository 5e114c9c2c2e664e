"""An OpenAPI description as a page shows it: calls under their tags, and the shapes they use."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from app.portal.api_examples import example_of

Description = Mapping[str, Any]

_REFERENCE: Final = "#/components/schemas/"
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_FORMATS: Final = {
    "date": "date",
    "date-time": "time",
    "uuid": "UUID",
    "uri": "address",
    "binary": "file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """A type in words; `shape` is the name of the shape that it refers to."""

    before: str = ""
    shape: str | None = None
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter or a property. `place` is "query", "path", "header" or "" for a property."""

    name: str
    place: str
    type: TypeWords
    required: bool
    about: str
    bounds: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    media_type: str
    type: TypeWords
    example: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: str
    about: str
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    id: str
    method: str
    path: str
    title: str
    paragraphs: tuple[str, ...]
    needs_key: bool
    fields: tuple[Field, ...]
    body_about: str
    bodies: tuple[Body, ...]
    answers: tuple[Answer, ...]
    curl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An object or a list of choices that calls refer to by `name`; `title` is for people."""

    name: str
    title: str
    about: str
    fields: tuple[Field, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    tags: Mapping[str, tuple[Call, ...]]
    shapes: tuple[Shape, ...]


def reference_of(openapi: Description, service_url: str) -> Reference:
    """`service_url` is where the calls are made, without a slash at the end."""
    shapes: Description = openapi.get("components", {}).get("schemas", {})
    tags: dict[str, list[Call]] = {}
    for path, operations in openapi["paths"].items():
        for method in _METHODS:
            if method in operations:
                call = _call(method, path, operations[method], shapes, service_url)
                tags.setdefault(operations[method].get("tags", ["other"])[0], []).append(call)
    return Reference(
        tags={tag: tuple(calls) for tag, calls in tags.items()},
        shapes=tuple(_shape(name, shapes[name]) for name in sorted(shapes, key=_title_of)),
    )


def _call(
    method: str, path: str, operation: Description, shapes: Description, service_url: str
) -> Call:
    fields = tuple(_parameter(each) for each in operation.get("parameters", ()))
    body: Description = operation.get("requestBody", {})
    bodies = tuple(_bodies(body.get("content", {}), shapes))
    needs_key = bool(operation.get("security"))
    return Call(
        id=f"{method}-{path.strip('/').replace('/', '-')}",
        method=method.upper(),
        path=path,
        title=_sentence(operation.get("summary", path)),
        paragraphs=tuple(_paragraphs(operation.get("description", ""))),
        needs_key=needs_key,
        fields=fields,
        body_about=body.get("description", ""),
        bodies=bodies,
        answers=tuple(
            Answer(
                status=status,
                about=_about(status, answer.get("description", "")),
                bodies=tuple(_bodies(answer.get("content", {}), shapes)),
            )
            for status, answer in sorted(operation.get("responses", {}).items())
            if status != "default"  # a problem, which every call may be answered with
        ),
        curl=_curl(method, f"{service_url}{path}", fields, bodies, needs_key=needs_key),
    )


def _sentence(summary: str) -> str:
    """FastAPI makes a title of the name of a function, every word with a capital."""
    first, _, rest = summary.partition(" ")
    return f"{first} {rest.lower()}".strip()


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]


def _about(status: str, description: str) -> str:
    if description == "Successful Response" and status.isdecimal():
        return HTTPStatus(int(status)).phrase
    return description


def _parameter(parameter: Description) -> Field:
    schema: Description = parameter.get("schema", {})
    about = parameter.get("description") or schema.get("description", "")
    return _field(
        parameter["name"], schema, parameter["in"], about, required=parameter.get("required", False)
    )


def _field(name: str, schema: Description, place: str, about: str, *, required: bool) -> Field:
    return Field(
        name=name,
        place=place,
        type=_type(schema),
        required=required,
        about=about,
        bounds=tuple(_bounds(schema)),
        choices=tuple(str(each) for each in schema.get("enum", ())),
    )


def _bounds(schema: Description) -> Iterator[str]:
    if "default" in schema and schema["default"] is not None:
        yield f"default {schema['default']}"
    for key, words in (
        ("minimum", "from"),
        ("maximum", "up to"),
        ("maxLength", "at most characters:"),
        ("maxItems", "at most items:"),
    ):
        if key in schema:
            yield f"{words} {schema[key]}"
    for each in schema.get("anyOf", ()):
        yield from _bounds(each)


def _type(schema: Description) -> TypeWords:
    if "$ref" in schema:
        return TypeWords(shape=schema["$ref"].removeprefix(_REFERENCE))
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _one_of(schema[key])
    if schema.get("type") == "array":
        items = _type(schema.get("items", {}))
        return TypeWords(before=f"list of {items.before}", shape=items.shape, after=items.after)
    return TypeWords(before=_plain_type(schema))


def _plain_type(schema: Description) -> str:
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("contentMediaType") or schema.get("format") in _FORMATS:
        return _FORMATS.get(schema.get("format", ""), "text")
    of_json = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    named = str(schema.get("type", "anything"))
    return of_json.get(named, named)


def _one_of(members: list[Description]) -> TypeWords:
    """The last member that has a shape is linked, the others are named."""
    words = [_type(each) for each in members if each.get("type") != "null"]
    null = " or null" if any(each.get("type") == "null" for each in members) else ""
    if len(words) == 1:
        (only,) = words
        return TypeWords(before=only.before, shape=only.shape, after=only.after + null)
    named = [each.before or str(each.shape) for each in words]
    return TypeWords(before=" or ".join(dict.fromkeys(named)) + null)


def _shape(name: str, schema: Description) -> Shape:
    required = schema.get("required", ())
    return Shape(
        name=name,
        title=_title_of(name),
        about=" ".join(schema.get("description", "").split()),
        fields=tuple(
            _field(each, of, "", of.get("description", ""), required=each in required)
            for each, of in schema.get("properties", {}).items()
        ),
        choices=tuple(str(each) for each in schema.get("enum", ())),
    )


def _title_of(name: str) -> str:
    """Pydantic puts the module in front where two shapes have one name, and names a page
    "Page_Receipt_".
    """
    short = name.rpartition("__")[2] if "__" in name else name
    kind, _, of = short.strip("_").partition("_")
    return f"{kind} of {of}" if of else short.removesuffix("Out")


def _bodies(content: Description, shapes: Description) -> Iterator[Body]:
    for media_type, of in content.items():
        schema: Description = of.get("schema", {})
        example = of.get("example", example_of(schema, shapes)) if "json" in media_type else None
        yield Body(
            media_type=media_type,
            type=_type(schema),
            example=None if example is None else json.dumps(example, indent=2, ensure_ascii=False),
        )


def _curl(
    method: str, url: str, fields: tuple[Field, ...], bodies: tuple[Body, ...], *, needs_key: bool
) -> str:
    query = "&".join(
        f"{each.name}={{{each.name}}}" for each in fields if each.place == "query" and each.required
    )
    asked = f'"{url}?{query}"' if query else f'"{url}"'
    parts = [f"curl {asked}" if method == "get" else f"curl -X {method.upper()} {asked}"]
    if needs_key:
        parts.append('-H "Authorization: Bearer $NACOR_API_KEY"')
    if bodies:
        parts.append(f'-H "Content-Type: {bodies[0].media_type}"')
        parts.append(
            "--data-binary @march.xml" if "xml" in bodies[0].media_type else "-d @body.json"
        )
    return " \\\n     ".join(parts)
