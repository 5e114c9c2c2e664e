"""Checking a case file without sending it: nothing of it is stored."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.intake.report import DEFAULT_MAX_FINDINGS, validate_case_file
from app.intake.wire import ValidationReportOut
from app.web.addresses import service_url
from app.web.bodies import incoming_case_file
from app.web.dependencies import Limits, Schemas, Settings, Today
from app.web.openapi import CASE_FILE_BODY
from app.web.rate_limit import caller_at

router = APIRouter(prefix="/v1/validate", tags=["validation"])


def _limit_caller(request: Request, response: Response, limits: Limits) -> None:
    caller = caller_at(request.client.host if request.client else None)
    response.headers.update(limits.validate.take(caller).headers())


MaxFindings = Annotated[
    int, Query(ge=0, le=10_000, description="How many findings are listed; all are counted.")
]


@router.post("", openapi_extra=CASE_FILE_BODY, dependencies=[Depends(_limit_caller)])
async def validate(
    request: Request,
    schemas: Schemas,
    settings: Settings,
    today: Today,
    max_findings: MaxFindings = DEFAULT_MAX_FINDINGS,
) -> ValidationReportOut:
    """Check a case file of up to 4 MiB against the schema of its version and the rules beyond it.

    No key is needed, and nothing is stored. A file with errors is a good request: the answer is
    200 and a report with `valid` false.
    """
    incoming = await incoming_case_file(request, max_bytes=settings.validate_max_bytes)
    # Gathered first, for it is small: a slow sender holds memory, and none of the few threads.
    body = BytesIO(b"".join([chunk async for chunk in incoming.chunks]))
    report = await run_in_threadpool(
        validate_case_file, body, schemas, day=today, max_findings=max_findings
    )
    return ValidationReportOut.of(report, service_url=service_url(request.scope))
