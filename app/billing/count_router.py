"""Counts that are billed: frozen when a month or a year is over, each number down to its cases."""

from typing import Final

from fastapi import APIRouter

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.billing.count_service import count_for_billing, list_adjustments, list_frozen_cases
from app.billing.count_wire import AdjustmentOut, BillingCountsOut, FrozenCaseOut, PeriodCountOut
from app.billing.paths import PathPeriod, PathYear
from app.web.paging import Page, Paged

router = APIRouter(tags=["billing"])

_COUNTS: Final = "/v1/practices/{practice_id}/billing/{performance_year}/counts"


@router.get(_COUNTS)
def read_billing_counts(
    practice: PathPractice, performance_year: PathYear, caller: Caller, open_work: Work
) -> BillingCountsOut:
    """How many cases are billed: now, as they were frozen, and how many came and went since.

    A month and a year are frozen when they are over. Held, deleted and sandbox cases do not count.
    `GET /v1/cases` with `month` or `performance_year` and `status=active` lists what counts now.
    """
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    counts = count_for_billing(practice, performance_year, open_work=open_work)
    return BillingCountsOut(
        practice_id=practice,
        performance_year=performance_year,
        periods=[PeriodCountOut.of(count) for count in counts],
    )


@router.get(f"{_COUNTS}/{{period}}/cases")
def list_cases_of_frozen_count(
    practice: PathPractice,
    period: PathPeriod,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[FrozenCaseOut]:
    """The cases behind a frozen count, in the order that its proof has.

    The ids, one a line, prove the count: `sort ids.txt | sha256sum` is its `proof`.
    """
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    found = list_frozen_cases(
        practice,
        period,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=lambda case_id: FrozenCaseOut(case_id=case_id),
        key_of=lambda case_id: {"after": case_id},
    )


@router.get(f"{_COUNTS}/{{period}}/adjustments")
def list_adjustments_of_frozen_count(
    practice: PathPractice,
    period: PathPeriod,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[AdjustmentOut]:
    """The cases that came into a frozen period since, or went out of it, and why."""
    require_practice(caller, Right.SEE_BILLING, practice)
    require_registered(open_work, practice)
    found = list_adjustments(
        practice,
        period,
        after=paged.uuid("after"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(found, show=AdjustmentOut.of, key_of=lambda each: {"after": each.case_id})
