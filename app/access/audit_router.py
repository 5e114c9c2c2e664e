"""The audit trail: a practice reads its own, the registry every one."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from app.access.asked import asked_practice_or_all
from app.access.audit_lines import AuditFormat, audit_lines
from app.access.audit_service import export_entries, list_entries
from app.access.audit_wire import AuditEntryOut
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require, require_practice, sees_every_practice
from app.domain.audit import AuditAction, AuditEntry
from app.domain.errors.requests import BadCursor, InvalidRequest
from app.domain.identifiers import PracticeId, parse_practice_id
from app.storage.access.audit_queries import AuditPlace, AuditQuestion
from app.storage.access.audit_store import NO_PRACTICE
from app.web.paging import Key, Page, Paged, decode_cursor

router = APIRouter(prefix="/v1/audit", tags=["audit trail"])

_MOST_ENTRIES: Final = 2**63 - 1  # what the column holds
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page, or all of it as a file.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            AuditFormat.NDJSON.media_type: {"schema": {"type": "string"}},
        },
    }
}


def _question(
    caller: Caller,
    open_work: Work,
    practice: Annotated[PracticeId | None, Depends(asked_practice_or_all)],
    action: Annotated[AuditAction | None, Query(description="What was done.")] = None,
    from_: Annotated[date | None, Query(alias="from", description="First day, of UTC.")] = None,
    to: Annotated[date | None, Query(description="Last day, of UTC.")] = None,
) -> AuditQuestion:
    require(caller, Right.SEE_AUDIT)
    if practice is not None:
        require_practice(caller, Right.SEE_AUDIT, practice)
        require_registered(open_work, practice)
    elif not sees_every_practice(caller):
        raise InvalidRequest("practice_id: only the registry reads the trail of all practices.")
    return AuditQuestion(
        practice=practice,
        action=action,
        first_day=from_,
        last_day=to,
        sandbox_only=caller.sandbox,
    )


@router.get("", response_model=Page[AuditEntryOut], responses=_ANSWERS)
def list_audit_entries(
    question: Annotated[AuditQuestion, Depends(_question)],
    caller: Caller,
    open_work: Work,
    paged: Paged,
    format_: Annotated[
        AuditFormat | None,
        Query(alias="format", description="All at once as a file; `limit` is left aside then."),
    ] = None,
) -> Page[AuditEntryOut] | Response:
    """Who did or saw what, when, from where and why; the newest first.

    A practice reads its own trail. Without `practice_id` the registry reads all of them together,
    with what belongs to no practice. A sandbox key reads what sandbox keys did.
    """
    if format_ is not None:
        batches = export_entries(question, format_, caller.actor, open_work=open_work)
        return StreamingResponse(
            audit_lines(batches, format_),
            media_type=format_.media_type,
            headers={"Content-Disposition": f'attachment; filename="audit.{format_}"'},
        )
    found = list_entries(
        question, before=_place(paged.cursor), limit=paged.with_next, open_work=open_work
    )
    return paged.page(found, show=AuditEntryOut.of, key_of=_key)


def _key(entry: AuditEntry) -> Key:
    place = AuditPlace.of(entry)
    at = place.at.astimezone(UTC).isoformat()
    return {"at": at, "chain": place.practice_id, "number": place.number}


def _place(cursor: str | None) -> AuditPlace | None:
    """Raises: BadCursor."""
    key = decode_cursor(cursor)
    if key is None:
        return None
    try:
        at, chain, number = datetime.fromisoformat(key["at"]), key["chain"], key["number"]
        if at.tzinfo is None or not 0 < int(number) <= _MOST_ENTRIES:
            raise ValueError
        if chain != NO_PRACTICE:
            parse_practice_id(chain)
    except (KeyError, TypeError, ValueError, OverflowError):  # the last for what has no end
        raise BadCursor("This cursor belongs to another list.") from None
    return AuditPlace(at=at, practice_id=chain, number=int(number))
