"""Whether the provider list of a performance year can be changed on a day: windows and orders."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.roster import Clinician, Employment, Subgroup
from app.domain.roster_changes import ListOrder

_WINDOWS: Final = Path(__file__).parent / "data" / "provider-lists.toml"

Line = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Locked from `locked_from`; `opens_on` is the first day on which the list is open again.

    `assumed` says what no source says, None where the source says all of it.
    """

    performance_year: int
    locked_from: date
    opens_on: date
    source: str
    assumed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """`opens_on` is None for an open list, and while nobody has said when it opens."""

    performance_year: int
    is_locked: bool
    opens_on: date | None = None
    window: Window | None = None
    order: ListOrder | None = None


@cache
def shipped_windows() -> tuple[Window, ...]:
    told = tomllib.loads(_WINDOWS.read_text(encoding="utf-8"))
    return tuple(Window(**each) for each in told["window"])


def state_of(
    performance_year: int, day: date, *, windows: Iterable[Window], order: ListOrder | None
) -> ListState:
    """What holds on `day`; `order` is the last that an operator gave about this year.

    An order to lock holds until its day of opening. One to unlock ends the windows that had begun
    by then; a window that begins later locks again.
    """
    if order is not None and order.locks and (order.opens_on is None or day < order.opens_on):
        return ListState(
            performance_year=performance_year,
            is_locked=True,
            opens_on=order.opens_on,
            order=order,
        )
    for window in windows:
        if window.performance_year == performance_year and _locks(window, day, order):
            return ListState(
                performance_year=performance_year,
                is_locked=True,
                opens_on=window.opens_on,
                window=window,
            )
    return ListState(performance_year=performance_year, is_locked=False, order=order)


def locked_lists(
    day: date, *, windows: Sequence[Window], orders: Mapping[int, ListOrder]
) -> tuple[ListState, ...]:
    """The lists that are locked on `day`, in the order of their years."""
    years = {window.performance_year for window in windows} | set(orders)
    states = (
        state_of(year, day, windows=windows, order=orders.get(year)) for year in sorted(years)
    )
    return tuple(state for state in states if state.is_locked)


def list_of(
    performance_year: int,
    *,
    clinicians: Iterable[Clinician],
    employments: Iterable[Employment],
    subgroups: Iterable[Subgroup],
) -> frozenset[Line]:
    """What the provider list of a year says, so that two moments of it can be compared.

    It has who works where and when within the year, their credentials, their membership of the ASA
    in that year, and the subgroups of the year.
    """
    by_id = {clinician.id: clinician for clinician in clinicians}
    lines: set[Line] = set()
    for employment in employments:
        span = employment.span.within(performance_year)
        clinician = by_id.get(employment.clinician_id)
        if span is None or clinician is None:
            continue
        member = performance_year in clinician.asa_member_years
        who = (clinician.npi, clinician.name, clinician.credentials, member)
        lines.add((*who, employment.tin, span))
    for group in subgroups:
        if group.performance_year == performance_year:
            lines.add((group.tin, group.name, frozenset(group.npis)))
    return frozenset(lines)


def _locks(window: Window, day: date, order: ListOrder | None) -> bool:
    if not window.locked_from <= day < window.opens_on:
        return False
    was_ended = order is not None and not order.locks and window.locked_from <= order.given_on
    return not was_ended
