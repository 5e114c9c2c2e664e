"""How a practice stands in a performance year, as the registry looks at all of them."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.billing import OrderState
from app.domain.identifiers import PracticeId

Months = tuple[int, ...]
"""Twelve numbers of cases, from January on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStanding:
    """Cases that count, by month of service, in the year and in the one before.

    `ordered`: cases, or clinicians to 2023; None when nothing is ordered. `orders`: the states of
    its orders that are not cancelled. `last_received_at` is of any year, None when nothing came.
    """

    id: PracticeId
    name: str
    this_year: Months
    last_year: Months
    ordered: int | None
    orders: frozenset[OrderState]
    is_registered: bool
    last_received_at: datetime | None

    @property
    def cases(self) -> int:
        return sum(self.this_year)
