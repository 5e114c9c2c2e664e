"""Letters that confirm to the contacts of a practice what was ordered, registered or invoiced."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.domain.identifiers import PracticeId
from app.domain.notices import NoticeProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a letter confirms: an order, a registration for reporting, both at once, or an invoice.

    `registration` is the version of that of the year.
    """

    performance_year: int
    order_id: UUID | None = None
    registration: int | None = None
    invoice_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A letter to one address. It is kept as long as what it confirms: it says who was told."""

    practice_id: PracticeId
    id: UUID
    occasion: Occasion
    address: str
    created_at: datetime
    progress: NoticeProgress = field(default_factory=NoticeProgress)
