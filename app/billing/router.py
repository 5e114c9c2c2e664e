"""Counts of cases, for billing and dashboards."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from app.access.asked import AskedCases, AskedYear
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import require_figures
from app.billing.service import counted
from app.billing.wire import CountGroupOut, CountsOut
from app.domain.errors.requests import InvalidRequest
from app.storage.figures.count_queries import CountGroup, CountQuestion

router = APIRouter(tags=["counts"])


@router.get("/v1/counts", response_model=CountsOut, response_model_exclude_unset=True)
def read_counts(
    asked: AskedCases,
    performance_year: AskedYear,
    caller: Caller,
    open_work: Work,
    group_by: Annotated[
        str, Query(description="Any of tin, npi, month, facility, with commas between.")
    ] = "",
) -> CountsOut:
    """How many cases a practice has in a performance year, and in each group of them.

    A case counts once for the practice, once for each TIN and once for each TIN and NPI among its
    staff. Held, deleted and sandbox cases do not count. `GET /v1/cases` with the same filters and
    `status=active` lists the cases of a number.
    """
    whose = require_figures(caller, asked.practice, asked.npi)
    require_registered(open_work, asked.practice)
    asked = replace(asked, npi=whose)
    question = CountQuestion(of=asked.in_year(performance_year), group_by=_groups(group_by))
    cases, groups = counted(question, open_work) if not caller.sandbox else (0, [])
    return CountsOut(
        practice_id=asked.practice,
        performance_year=performance_year,
        as_of=datetime.now(UTC),
        cases=cases,
        groups=[
            CountGroupOut(
                **{str(name): value for name, value in group.keys.items()}, cases=group.cases
            )
            for group in groups
        ],
    )


def _groups(text: str) -> tuple[CountGroup, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        return tuple(dict.fromkeys(CountGroup(name) for name in names))
    except ValueError:
        known = ", ".join(CountGroup)
        raise InvalidRequest(f"group_by: every name must be one of {known}.") from None
