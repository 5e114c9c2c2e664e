"""Reproducible draws. A stream is known by its name: the same name gives the same draws."""

import random
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A stream of draws named by text, such as "cases/12345/7".

    A text seeds through SHA-512, so the draws depend neither on PYTHONHASHSEED nor on the clock.
    """

    def happens(self, share: float) -> bool:
        return self.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        # randint does the same three times slower, and a record asks a hundred times.
        return low + int(self.random() * (high - low + 1))

    def one_of(self, choices: tuple[T, ...]) -> T:
        return choices[int(self.random() * len(choices))]

    def near(self, median: float, spread: float, low: float, high: float) -> float:
        """Return a normal draw, kept within `low` and `high`."""
        return min(high, max(low, self.gauss(median, spread)))


class Weighted(Generic[T]):
    """Choices and how often each is drawn; the weights need not add up to one."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.choices = tuple(weights)
        self._bounds = tuple(accumulate(weights.values()))

    def draw(self, chance: Chance) -> T:
        return self.choices[bisect_right(self._bounds, chance.random() * self._bounds[-1])]
