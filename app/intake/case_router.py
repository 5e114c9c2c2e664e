"""Cases: what is stored, its history, and its deletion with a tombstone."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.asked import AskedCases, AskedYear
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require, require_practice
from app.domain.audit import AuditAction
from app.domain.errors.requests import BadCursor
from app.intake.case_wire import CaseOut, CaseSummary, CaseVersionOut, Tombstone
from app.intake.patient_identifiers import identifiers_of
from app.intake.visible_cases import record_reading, visible_case
from app.storage.cases.case_queries import CaseStatus
from app.web.paging import (
    Page,
    Paged,
)

router = APIRouter(prefix="/v1/cases", tags=["cases"])

_MOST_VERSIONS: Final = 2**31 - 1  # what the column holds

Reason = Annotated[
    str,
    Query(
        min_length=1,
        max_length=500,
        pattern=r"^[^\x00]*$",  # PostgreSQL stores every character but this
        description="Why; kept for ever.",
    ),
]


@router.get("")
def list_cases(
    asked: AskedCases,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYear | None = None,
    status: Annotated[
        CaseStatus | None, Query(description="Without it active and held cases are listed.")
    ] = None,
) -> Page[CaseSummary]:
    """The cases of a practice, held ones included, in the order of their first arrival.

    The same filters as those of the counts, with `status=active`, list the cases behind a count.
    """
    require_practice(caller, Right.SEE_CASES, asked.practice)
    require_registered(open_work, asked.practice)
    after = paged.uuid("after")
    with open_work() as work:
        found = work.cases.listed(
            asked.in_year(performance_year),
            status=status,
            sandbox=caller.sandbox,
            after=after,
            limit=paged.with_next,
        )
    return paged.page(found, show=CaseSummary.of, key_of=lambda case: {"after": case.case_id})


@router.get("/{case_id}")
def read_case(case_id: UUID, caller: Caller, open_work: Work) -> CaseOut:
    """One case with its staff and where it landed in each measure."""
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        found = visible_case(work.cases.get(case_id), caller)
        case = CaseOut.of(found, identifiers_of(found, work))
        record_reading(AuditAction.CASE_READ, case, caller, work)
        work.commit()
    return case


@router.get("/{case_id}/history")
def read_history(
    case_id: UUID,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[CaseVersionOut]:
    """The versions of a case, the one that stands first."""
    require(caller, Right.SEE_CASES)
    before = paged.whole("before")
    if before is not None and not 0 < before <= _MOST_VERSIONS:
        raise BadCursor("This cursor belongs to another list.")
    with open_work() as work:
        case = visible_case(work.cases.get(case_id), caller)
        earlier = work.cases.history(case, before=before or case.version, limit=paged.with_next)
        identifiers = identifiers_of(case, work)
        record_reading(AuditAction.CASE_HISTORY_READ, case, caller, work)
        work.commit()
    standing = [CaseVersionOut.standing(case, identifiers)] if before is None else []
    return paged.page(
        [*standing, *(CaseVersionOut.of(version) for version in earlier)],
        show=lambda version: version,
        key_of=lambda version: {"before": version.version},
    )


@router.get(
    "/{case_id}/record",
    response_class=Response,
    responses={200: {"content": {"application/xml": {"schema": {"type": "string"}}}}},
)
def read_record(case_id: UUID, caller: Caller, open_work: Work) -> Response:
    """The `AnesthesiaRecord` that the case stands on, as received, in UTF-8."""
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        case = visible_case(work.cases.get(case_id), caller)
        record = work.cases.record_as_received(case)
        record_reading(AuditAction.CASE_RECORD_READ, case, caller, work)
        work.commit()
    return Response(
        record,
        media_type="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{case.case_id}.xml"'},
    )


@router.delete("/{case_id}")
def delete_case(case_id: UUID, caller: Caller, open_work: Work, reason: Reason) -> Tombstone:
    """Delete a case: it no longer counts, its versions stay in its history.

    Deleting it again gives the first tombstone again.
    """
    require(caller, Right.DELETE_CASES)
    with open_work() as work:
        found = visible_case(work.cases.get(case_id), caller, Right.DELETE_CASES)
        work.practices.lock(found.practice_id)
        case = visible_case(work.cases.get(case_id), caller, Right.DELETE_CASES)
        if case.status != "deleted":
            work.cases.delete(case, reason=reason, by=caller.id)
            case = visible_case(work.cases.get(case_id), caller, Right.DELETE_CASES)
            work.audit.record(
                caller.actor,
                AuditAction.CASE_DELETED,
                practice=case.practice_id,
                about=("case", case_id),
                reason=reason,
            )
            work.commit()
    return Tombstone.of(case)
