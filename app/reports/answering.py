"""A report as the answer of a call: the format that is asked for, and how it is handed over."""

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request

from app.reports.formats import ReportFormat, report_name
from app.web.file_names import attachment_header

_READ_IN_PLACE: Final = frozenset({ReportFormat.JSON, ReportFormat.TEXT})
_BY_MEDIA_TYPE: Final = {each.media_type: each for each in ReportFormat}

REPORT_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, in the format that is asked for.",
        "content": {
            each.media_type: {"schema": {"type": "string"}}
            for each in ReportFormat
            if each is not ReportFormat.JSON
        },
    }
}
"""For `responses` of a call whose `response_model` is the report as JSON."""


def _asked_format(
    request: Request,
    format: Annotated[  # noqa: A002 - the name is that of the parameter in the query
        ReportFormat | None,
        Query(description="Without it, an Accept header of one media type decides, or it is json."),
    ] = None,
) -> ReportFormat:
    accepted = request.headers.get("accept", "").partition(";")[0].strip().lower()
    return format or _BY_MEDIA_TYPE.get(accepted, ReportFormat.JSON)


AskedFormat = Annotated[ReportFormat, Depends(_asked_format)]


def report_headers(format_: ReportFormat, file_name: str | None) -> dict[str, str]:
    """Return the headers that let a browser save what is not read in place.

    `file_name` is that of the case file.
    """
    if format_ in _READ_IN_PLACE:
        return {}
    return {"Content-Disposition": attachment_header(report_name(file_name, format_))}
