"""Checking what somebody sent and waits for; nothing of it is stored."""

from io import BytesIO
from typing import Annotated, cast

from fastapi import Depends, Request

from app.checking.pool import CheckingPool
from app.checking.report import ValidationReport, validate_case_file
from app.intake.dependencies import StandardsDep
from app.web.dependencies import Today


class Validation:
    """The standards of the service on the day that is asked, and the processes it may have."""

    def __init__(self, request: Request, standards: StandardsDep, today: Today) -> None:
        self._standards = standards
        self._day = today
        self._pool = cast(CheckingPool | None, request.app.state.checking_pool)

    def report_on(self, case_file: bytes, *, max_findings: int) -> ValidationReport:
        pool = None if self._pool is None else self._pool.ready_for(len(case_file))
        return validate_case_file(
            BytesIO(case_file),
            self._standards,
            day=self._day,
            max_findings=max_findings,
            pool=pool,
        )


ValidationDep = Annotated[Validation, Depends()]
