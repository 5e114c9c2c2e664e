"""The start and the end of anesthesia, and what surely lies before or after them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache, wraps
from typing import Final

from app.domain.cases import AnesthesiaCase
from app.rules.definition import Check, Given, RecordFacts, Remark

_MIDNIGHT: Final = time()
NO_MARGIN: Final = timedelta()


def by_one_clock(check: Callable[[RecordFacts, Given], Iterator[Remark]]) -> Check:
    """Return `check` for records whose times can be compared: all in one zone, or all in none."""

    @wraps(check)
    def check_of_one_clock(facts: RecordFacts, given: Given) -> Iterable[Remark]:
        return () if facts.zones_differ else check(facts, given)

    return check_of_one_clock


def earliest(case: AnesthesiaCase) -> datetime:
    """The first moment of the methods, also where one ends before it starts."""
    first = case.methods[0]
    if len(case.methods) == 1:  # as in nearly every record, and asked by many rules
        return min(first.start, first.end)
    return min([each.start for each in case.methods] + [each.end for each in case.methods])


def latest(case: AnesthesiaCase) -> datetime:
    first = case.methods[0]
    if len(case.methods) == 1:
        return max(first.start, first.end)
    return max([each.start for each in case.methods] + [each.end for each in case.methods])


def is_surely_before(
    moment: datetime | None, limit: datetime, margin: timedelta = NO_MARGIN
) -> bool:
    """Whether `moment` is more than `margin` before `limit`.

    Midnight may stand for a day without a time: then the whole day must lie before.
    """
    if moment is None or limit - moment <= margin:
        return False
    return moment.time() != _MIDNIGHT or moment.date() < limit.date()


def is_after(moment: datetime | None, limit: datetime, margin: timedelta = NO_MARGIN) -> bool:
    return moment is not None and moment - limit > margin


@cache
def hours(number: Decimal) -> timedelta:
    return timedelta(hours=float(number))


@cache
def minutes(number: Decimal) -> timedelta:
    return timedelta(minutes=float(number))
