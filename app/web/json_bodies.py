"""JSON bodies: small, read to a limit, and checked after the caller is known.

FastAPI by itself reads a body to its end before it asks for a key, whatever its size.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.domain.errors import RequestTooLarge

MAX_BYTES: Final = 64 << 10

M = TypeVar("M", bound=BaseModel)


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Return a dependency that reads `model` from the body of a request.

    It raises RequestTooLarge, and RequestValidationError as FastAPI would.
    """

    async def read(request: Request) -> M:
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
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)  # what it refers to is described with the answers
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def whole_body(request: Request, *, at_most: int = MAX_BYTES) -> bytes:
    """Raises: RequestTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > at_most:
            raise RequestTooLarge(at_most)
    return bytes(body)
