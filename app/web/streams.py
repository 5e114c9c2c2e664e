"""Answers that go on for as long as there is news: how many of them may be open."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.domain.errors.requests import TooManyRequests

_RETRY_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Of one process, used from its one event loop, so nothing here is locked."""

    of_a_caller: int = 6
    of_all: int = 500
    _open: Counter[str] = field(default_factory=Counter, init=False)

    @contextmanager
    def place(self, caller: str) -> Iterator[None]:
        """Raises: TooManyRequests when the caller has too many open, or all have."""
        if self._open[caller] >= self.of_a_caller or self._open.total() >= self.of_all:
            raise TooManyRequests(limit=self.of_a_caller, retry_after=_RETRY_SECONDS)
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]
