"""How a value stands among others: mean, quartiles, rank. Pure.

A quantile between two values is interpolated linearly between them: definition 7 of Hyndman and
Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), which
`percentile_cont` of SQL and `QUARTILE.INC` of spreadsheets use too.

The rank percentile is the share of the others that the value is better than, those with the same
value counted by half: 100 when all are worse, 50 when all are the same.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import Final

LOWER, MIDDLE, UPPER = (Decimal(quarters) / 4 for quarters in (1, 2, 3))
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class AmongOthers:
    """`count` others without the value itself; none of the figures is rounded."""

    count: int
    mean: Decimal
    lower_quartile: Decimal
    median: Decimal
    upper_quartile: Decimal
    rank_percentile: Decimal


class Distribution:
    """Values that stand beside each other; asked how one of them stands among all others."""

    def __init__(self, values: Iterable[Decimal]) -> None:
        self._ordered = sorted(values)
        self._sum = sum(self._ordered, Decimal(0))

    def others_of(self, own: Decimal, *, lower_is_better: bool) -> AmongOthers:
        """`own` is one of the values, and not the only one."""
        first, behind = bisect_left(self._ordered, own), bisect_right(self._ordered, own)
        assert behind > first, "the value is one of them"
        count = len(self._ordered) - 1
        below, above, same = first, count + 1 - behind, behind - first - 1

        def other(place: int) -> Decimal:
            return self._ordered[place if place < first else place + 1]

        worse = above if lower_is_better else below
        return AmongOthers(
            count=count,
            mean=(self._sum - own) / count,
            lower_quartile=_quantile(other, count, LOWER),
            median=_quantile(other, count, MIDDLE),
            upper_quartile=_quantile(other, count, UPPER),
            rank_percentile=100 * (worse + same * _HALF) / count,
        )


def _quantile(value: Callable[[int], Decimal], count: int, share: Decimal) -> Decimal:
    """`value` gives the values in order, from 0 on."""
    place = share * (count - 1)
    before = floor(place)
    low = value(before)
    return low if place == before else low + (place - before) * (value(before + 1) - low)
