"""Requests that commands read from a file, in the JSON of the interface."""

import sys
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.domain.errors.requests import InvalidRequest
from app.web.invalid_input import described

M = TypeVar("M", bound=BaseModel)


def read_request(path: str, model: type[M]) -> M:
    """Of the file at `path`, or of stdin for -. Raises: InvalidRequest, field by field."""
    content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        faults = [described({**each, "loc": ("body", *each["loc"])}) for each in error.errors()]
        told = "; ".join(f"{fault['parameter']}: {fault['message']}" for fault in faults)
        raise InvalidRequest(told) from None
