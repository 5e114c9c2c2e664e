"""JSON bodies: small, read to a limit, and checked after the caller is known.

FastAPI by itself reads a body to its end before it asks for a key, whatever its size.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.domain.errors.requests import RequestTooLarge, UnsupportedMediaType

MAX_BYTES: Final = 64 << 10
_MEDIA_TYPE: Final = "application/json"
_DEFINITIONS: Final = "#/$defs/"

M = TypeVar("M", bound=BaseModel)


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Return a dependency that reads `model` from the body of a request.

    It raises UnsupportedMediaType, RequestTooLarge, and RequestValidationError as FastAPI would.
    """

    async def read(request: Request) -> M:
        require_media_type(request, _MEDIA_TYPE)
        body = await whole_body(request)
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            raise RequestValidationError(
                [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
            ) from None

    return read


def described_body(model: type[BaseModel]) -> dict[str, Any]:
    """For `openapi_extra` of a call that reads `model` by `json_body`."""
    schema = model.model_json_schema()
    written_out = _written_out(schema, schema.pop("$defs", {}))
    return {"requestBody": {"required": True, "content": {_MEDIA_TYPE: {"schema": written_out}}}}


def require_media_type(request: Request, media_type: str) -> None:
    """Raises: UnsupportedMediaType, also for none: a form of a foreign page can send that."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise UnsupportedMediaType(f"Send the body as {media_type}.")


async def whole_body(request: Request, *, at_most: int = MAX_BYTES) -> bytes:
    """Raises: RequestTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > at_most:
            raise RequestTooLarge(at_most)
    return bytes(body)


def _written_out(schema: object, definitions: Mapping[str, Mapping[str, object]]) -> object:
    """`schema` with what it refers to in its place: FastAPI lists only the models of answers."""
    if isinstance(schema, list):
        return [_written_out(each, definitions) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if str(schema.get("$ref", "")).startswith(_DEFINITIONS):
        meant = definitions[schema["$ref"].removeprefix(_DEFINITIONS)]
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return _written_out({**meant, **beside}, definitions)
    return {name: _written_out(value, definitions) for name, value in schema.items()}
