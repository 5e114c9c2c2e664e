"""Log lines as JSON, one object a line. None holds a key, a TIN, an NPI or a patient value."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from app.web.observed import Observation

_access: Final = logging.getLogger("nacor.access")
_errors: Final = logging.getLogger("nacor.errors")
_FIELDS: Final = "nacor_fields"


class JsonFormatter(logging.Formatter):
    """Leaves `exc_info` out: the text of an exception may quote what was being worked on."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= error_fields(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: int = logging.INFO) -> None:
    """Send every log line of this process to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # which shows query strings


def log_fields(**fields: object) -> dict[str, Any]:
    """For `extra` of a log call: fields of the line besides its message. No patient's value."""
    return {_FIELDS: fields}


def log_access(seen: Observation) -> None:
    fields = {
        "method": seen.method,
        "route": seen.route,
        "status": seen.status,
        "duration_ms": round(seen.seconds * 1000, 1),
        "request_id": seen.request_id,
    }
    _access.info("request", extra=log_fields(**fields))


def log_unexpected(error: BaseException, request_id: str) -> None:
    _errors.error(
        "unexpected error", extra=log_fields(request_id=request_id, **error_fields(error))
    )


def error_fields(error: BaseException) -> dict[str, Any]:
    """Return the kind of `error`, and where it and its causes were raised; not their texts."""
    fields: dict[str, Any] = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "raised_at": _locations(error.__traceback__),
    }
    cause = error.__cause__ or error.__context__
    return fields if cause is None else {**fields, "cause": error_fields(cause)}


def _locations(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
