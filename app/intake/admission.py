"""How many submissions are taken on: some are worked on, some wait, the rest come later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from anyio import CapacityLimiter

from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import UnitOfWork

_RETRY_SECONDS: Final = 10
_QUEUE_RETRY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many submissions may be without an end state, of all practices and of each."""

    all: int
    practice: int

    def check(self, practice: PracticeId, work: UnitOfWork) -> None:
        """Raises: ServiceBusy when one more is too many."""
        if not work.unfinished.are_fewer(
            of_all=self.all, practice=practice, of_practice=self.practice
        ):
            raise ServiceBusy(retry_after=_QUEUE_RETRY_SECONDS)


class Admission:
    """Used from the one event loop of a process, so nothing here is locked.

    Whoever is let in may send slowly; only `workers` are held while a file is taken in. Each of
    them needs a connection to the database, and other requests need the rest of the pool.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self.workers = CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._let_in = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises: ServiceBusy when every place is taken."""
        if self._let_in >= self._most:
            raise ServiceBusy(retry_after=_RETRY_SECONDS)
        self._let_in += 1
        try:
            yield
        finally:
            self._let_in -= 1
