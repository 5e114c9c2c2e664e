"""Ordered against submitted: what is invoiced in the end, and where a running year leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.billing import Item, Quantities
from app.domain.periods import parse_period

PACE_METHOD: Final = (
    "The cases of the months that are over, times 12, divided by the number of these months,"
    " rounded to the nearest case. Cases that are still to be sent for these months are not in it."
)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    item: Item
    ordered: int
    submitted: int

    @property
    def additional(self) -> int:
        """Fewer than ordered is no refund, and makes up for no other item."""
        return max(0, self.submitted - self.ordered)


def reconciled(ordered: Quantities, submitted: Quantities) -> tuple[Reconciled, ...]:
    return tuple(
        Reconciled(item=item, ordered=ordered.get(item, 0), submitted=submitted.get(item, 0))
        for item in sorted({*ordered, *submitted})
    )


def additional(items: Sequence[Reconciled]) -> Quantities:
    return {each.item: each.additional for each in items if each.additional}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At this pace there will be `cases` in the year, going by `months` that are over."""

    months: int
    cases: int


def pace_of(by_month: Mapping[str, int], day: date) -> Pace | None:
    """None before the first month is over. `by_month`: cases, as 2024-03."""
    over = [month for month in by_month if parse_period(month).last_day < day]
    if not over:
        return None
    counted, months = sum(by_month[month] for month in over), len(over)
    return Pace(months=months, cases=(2 * counted * _MONTHS + months) // (2 * months))
