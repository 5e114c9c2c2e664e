"""Cases: what is stored, its history, and its deletion with a tombstone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.asked import AskedPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, may_reach, require, require_practice
from app.domain.errors import CaseUnknown
from app.intake.case_wire import CaseOut, CaseSummary, CaseVersionOut
from app.storage.case_queries import StoredCase
from app.storage.key_store import ApiKey
from app.web.paging import DEFAULT_LIMIT, Cursor, Limit, Page, decode_uuid, page_of

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.get("")
def list_cases(
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[CaseSummary]:
    """The cases of a practice, held ones included, in the order of their first arrival."""
    require_practice(caller, Right.SEE_CASES, practice)
    require_registered(open_work, practice)
    after = decode_uuid(cursor, "after")
    with open_work() as work:
        found = work.cases.of_practice(
            practice, sandbox=caller.sandbox, after=after, limit=limit + 1
        )
    return page_of(
        found, limit=limit, show=CaseSummary.of, key_of=lambda case: {"after": case.case_id}
    )


@router.get("/{case_id}")
def read_case(case_id: UUID, caller: Caller, open_work: Work) -> CaseOut:
    """One case with its staff and where it landed in each measure."""
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        return CaseOut.of(_visible(work.cases.get(case_id), caller))


@router.get("/{case_id}/history")
def read_history(case_id: UUID, caller: Caller, open_work: Work) -> Page[CaseVersionOut]:
    """All versions of a case, the one that stands first."""
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        case = _visible(work.cases.get(case_id), caller)
        versions = work.cases.history(case)
    earlier = [CaseVersionOut.of(version) for version in versions]
    return Page(items=[CaseVersionOut.standing(case), *earlier], next_cursor=None)


@router.delete("/{case_id}", status_code=204)
def delete_case(
    case_id: UUID,
    caller: Caller,
    open_work: Work,
    reason: Annotated[
        str,
        Query(
            min_length=1,
            max_length=500,
            pattern=r"^[^\x00]*$",  # PostgreSQL stores every character but this
            description="Why; kept for ever.",
        ),
    ],
) -> Response:
    """Delete a case: it no longer counts, its versions stay in its history."""
    require(caller, Right.DELETE_CASES)
    with open_work() as work:
        found = _visible(work.cases.get(case_id), caller)
        work.practices.lock(found.practice_id)
        case = _visible(work.cases.get(case_id), caller)
        if case.status != "deleted":
            work.cases.delete(case, reason=reason, by=caller.id)
            work.commit()
    return Response(status_code=204)


def _visible(case: StoredCase | None, caller: ApiKey) -> StoredCase:
    """Raises: CaseUnknown, also for one that the caller may not see."""
    if case is None or case.sandbox != caller.sandbox or not may_reach(caller, case.practice_id):
        raise CaseUnknown("No case of this id can be seen with this key.")
    return case
