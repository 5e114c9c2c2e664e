"""A B A B ...: two things measured in turn, so that a slow minute of the machine hits both."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    least: float
    median: float
    most: float


def alternate(one: Callable[[], A], other: Callable[[], B], pairs: int) -> list[tuple[A, B]]:
    return [(one(), other()) for _ in range(pairs)]


def spread(values: Sequence[float]) -> Spread:
    """Raises: ValueError for no values."""
    if not values:
        raise ValueError("nothing was measured")
    return Spread(least=min(values), median=statistics.median(values), most=max(values))


def ratios(ours: Sequence[float], yardstick: Sequence[float]) -> Spread:
    """Each measurement over the one taken right before it.

    Raises: ValueError when they are no pairs.
    """
    return spread([one / other for one, other in zip(ours, yardstick, strict=True)])


def percentile(values: Sequence[float], percent: float) -> float:
    """The least value that `percent` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]
