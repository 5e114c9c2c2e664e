"""The cases behind a result in pages, each with the reason why it landed where it did."""

from uuid import UUID

from app.domain.errors.requests import BadCursor
from app.measures.wire import CaseBehind
from app.storage.cases.case_queries import BehindQuestion
from app.storage.unit_of_work import UnitOfWork
from app.web.paging import Page, Paging, decode_cursor, is_storable


def cases_behind(asked: BehindQuestion, work: UnitOfWork, paged: Paging) -> Page[CaseBehind]:
    """Raises: BadCursor."""
    found = work.cases.behind_number(asked, after=_decode(paged.cursor), limit=paged.with_next)
    return paged.page(
        found,
        show=CaseBehind.of,
        key_of=lambda case: {"case": case.case_id, "stratum": case.stratum},
    )


def _decode(cursor: str | None) -> tuple[UUID, str] | None:
    key = decode_cursor(cursor)
    if key is None:
        return None
    try:
        case_id, stratum = UUID(str(key["case"])), str(key["stratum"])
    except (KeyError, ValueError):
        raise BadCursor("This cursor belongs to another list.") from None
    if not is_storable(stratum):
        raise BadCursor("This cursor belongs to another list.")
    return case_id, stratum
