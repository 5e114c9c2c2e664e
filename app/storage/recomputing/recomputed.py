"""The shapes in which stored records are read to be recomputed, and what comes of them."""

from dataclasses import dataclass
from uuid import UUID

from app.storage.cases.case_rows import CaseRows


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """`payload` is None when the record of the case is gone or damaged."""

    case_id: UUID
    is_deleted: bool
    payload: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The cases of a practice with `after` < id <= `until`: together the pages leave none out.

    With `only_these` other cases lie between them, and are not meant.
    """

    after: UUID
    until: UUID
    records: tuple[StoredRecord, ...]
    only_these: bool = False

    @property
    def case_ids(self) -> list[UUID]:
        return [record.case_id for record in self.records]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedCase:
    case_id: UUID
    anesthesia_record_id: str
    status: str
    rows: CaseRows


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedPage:
    """`unreadable`: the cases of the page whose record is gone or no longer a record."""

    page: Page
    cases: tuple[RecomputedCase, ...]
    unreadable: tuple[UUID, ...]
