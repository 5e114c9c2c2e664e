"""What the addresses of billing name."""

from typing import Annotated

from fastapi import Depends, Path

from app.domain.errors.requests import InvalidRequest
from app.domain.frozen_counts import parse_billing_period
from app.domain.periods import Period

PathYear = Annotated[int, Path(ge=2000, le=2100, description="The performance year.")]


async def _period(
    performance_year: PathYear,
    period: Annotated[
        str, Path(description="A month as 2024-03, 2024, or 2024-final: within the year.")
    ],
) -> Period:
    try:
        parsed = parse_billing_period(period)
    except ValueError as error:
        raise InvalidRequest(f"period: {error}.") from None
    if parsed.first_day.year != performance_year:
        raise InvalidRequest("period: it lies in another year than the address says.")
    return parsed


PathPeriod = Annotated[Period, Depends(_period)]
