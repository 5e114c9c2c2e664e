"""What FastAPI cannot see for itself: bodies read as a stream, and answers that are problems."""

from typing import Any, Final

from app.web.problems import MEDIA_TYPE

CASE_FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "One case file, as it is or compressed: the file itself, also in a form, or"
        " the body, with Content-Encoding gzip or zstd.",
        "content": {
            "application/xml": {
                "schema": {"type": "string", "contentMediaType": "application/xml"}
            },
            "application/gzip": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
"""For `openapi_extra` of a call that takes a case file."""

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "A page that explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "Holds the X-Request-Id of the answer."},
    },
}

PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "A problem, as in RFC 9457. Some types have further members.",
        "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
    }
}
"""For `responses` of FastAPI; its own 422, which this service never gives, goes away with it."""


def problem_response(description: str) -> dict[str, Any]:
    """Of a status of its own, for `responses` of FastAPI."""
    return {**PROBLEM_RESPONSES["default"], "description": description}


OF_A_VERSION: Final[dict[int | str, dict[str, Any]]] = {
    412: problem_response("Somebody has changed it since it was read."),
    428: problem_response("There is no If-Match."),
}
"""What a change of one version is answered with besides."""
