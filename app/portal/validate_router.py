"""Checking a case file without sending it: nothing of it is stored."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.checking.report import DEFAULT_MAX_FINDINGS
from app.checking.wire import ValidationReportOut
from app.portal.validation import ValidationDep
from app.reports.answering import REPORT_ANSWERS, AskedFormat, report_headers
from app.reports.checked_file import CheckedFile
from app.reports.formats import write_report
from app.web.addresses import service_url
from app.web.bodies import incoming_case_file
from app.web.dependencies import Limits, Settings
from app.web.openapi import CASE_FILE_BODY
from app.web.rate_limit import caller_at

router = APIRouter(prefix="/v1/validate", tags=["validation"])


def _limit_caller(request: Request, response: Response, limits: Limits) -> None:
    caller = caller_at(request.client.host if request.client else None)
    response.headers.update(limits.validate.take(caller).headers())


MaxFindings = Annotated[
    int, Query(ge=0, le=10_000, description="How many findings are listed; all are counted.")
]


@router.post(
    "",
    openapi_extra=CASE_FILE_BODY,
    dependencies=[Depends(_limit_caller)],
    response_model=ValidationReportOut,
    responses=REPORT_ANSWERS,
)
async def validate(
    request: Request,
    response: Response,
    validation: ValidationDep,
    settings: Settings,
    format_: AskedFormat,
    max_findings: MaxFindings = DEFAULT_MAX_FINDINGS,
) -> Response:
    """Check a case file of up to 4 MiB against the schema of its version and the rules beyond it.

    No key is needed, and nothing is stored. A file with errors is a good request: the answer is
    200 and a report with `valid` false. As `xml` the file comes back with a comment beside each
    faulty element; `text`, `html` and `xml` quote the file, `json` and `csv` never do.
    """
    incoming = await incoming_case_file(request, max_bytes=settings.validate_max_bytes)
    # Gathered first, for it is small: a slow sender holds memory, and none of the few threads.
    body = b"".join([chunk async for chunk in incoming.chunks])

    def check() -> bytes:
        checked = CheckedFile(
            name=incoming.file_name or "case-file.xml",
            report=validation.report_on(body, max_findings=max_findings),
            source=BytesIO(body),
            service_url=service_url(request.scope),
        )
        out = BytesIO()
        write_report(checked, format_, out)
        return out.getvalue()

    content = await run_in_threadpool(check)
    headers = {**response.headers, **report_headers(format_, incoming.file_name)}
    return Response(content, media_type=format_.media_type, headers=headers)
