"""Checking a case file without sending it: nothing of it is stored."""

from io import BytesIO
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.checking.report import DEFAULT_MAX_FINDINGS, validate_case_file
from app.checking.wire import ValidationReportOut
from app.intake.dependencies import StandardsDep
from app.reports.checked_file import CheckedFile
from app.reports.formats import ReportFormat, report_name, write_report
from app.web.addresses import service_url
from app.web.bodies import incoming_case_file
from app.web.dependencies import Limits, Settings, Today
from app.web.file_names import attachment_header
from app.web.openapi import CASE_FILE_BODY
from app.web.rate_limit import caller_at

router = APIRouter(prefix="/v1/validate", tags=["validation"])

_READ_IN_PLACE: Final = frozenset({ReportFormat.JSON, ReportFormat.TEXT})
_BY_MEDIA_TYPE: Final = {each.media_type: each for each in ReportFormat}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The report, in the format that is asked for.",
        "content": {
            each.media_type: {"schema": {"type": "string"}}
            for each in ReportFormat
            if each is not ReportFormat.JSON
        },
    }
}


def _limit_caller(request: Request, response: Response, limits: Limits) -> None:
    caller = caller_at(request.client.host if request.client else None)
    response.headers.update(limits.validate.take(caller).headers())


def _asked_format(
    request: Request,
    format: Annotated[  # noqa: A002 - the name is that of the parameter in the query
        ReportFormat | None,
        Query(description="Without it, an Accept header of one media type decides, or it is json."),
    ] = None,
) -> ReportFormat:
    accepted = request.headers.get("accept", "").partition(";")[0].strip().lower()
    return format or _BY_MEDIA_TYPE.get(accepted, ReportFormat.JSON)


MaxFindings = Annotated[
    int, Query(ge=0, le=10_000, description="How many findings are listed; all are counted.")
]


@router.post(
    "",
    openapi_extra=CASE_FILE_BODY,
    dependencies=[Depends(_limit_caller)],
    response_model=ValidationReportOut,
    responses=_ANSWERS,
)
async def validate(
    request: Request,
    response: Response,
    standards: StandardsDep,
    settings: Settings,
    today: Today,
    format_: Annotated[ReportFormat, Depends(_asked_format)],
    max_findings: MaxFindings = DEFAULT_MAX_FINDINGS,
) -> Response:
    """Check a case file of up to 4 MiB against the schema of its version and the rules beyond it.

    No key is needed, and nothing is stored. A file with errors is a good request: the answer is
    200 and a report with `valid` false. As `xml` the file comes back with a comment beside each
    faulty element; `text`, `html` and `xml` quote the file, `json` and `csv` never do.
    """
    incoming = await incoming_case_file(request, max_bytes=settings.validate_max_bytes)
    # Gathered first, for it is small: a slow sender holds memory, and none of the few threads.
    body = BytesIO(b"".join([chunk async for chunk in incoming.chunks]))

    def check() -> bytes:
        report = validate_case_file(body, standards, day=today, max_findings=max_findings)
        checked = CheckedFile(
            name=incoming.file_name or "case-file.xml",
            report=report,
            source=body,
            service_url=service_url(request.scope),
        )
        out = BytesIO()
        write_report(checked, format_, out)
        return out.getvalue()

    content = await run_in_threadpool(check)
    headers = dict(response.headers)
    if format_ not in _READ_IN_PLACE:
        name = report_name(incoming.file_name, format_)
        headers["Content-Disposition"] = attachment_header(name)
    return Response(content, media_type=format_.media_type, headers=headers)
