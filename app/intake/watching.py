"""Tells how far a file is read while it is taken in, and says when to break off."""

import time
from collections.abc import Callable
from typing import Final

from app.domain.submissions import Progress
from app.xsd.window import Source

_NOTE_EVERY_SECONDS: Final = 1.0


class Interrupted(Exception):
    """The process is to end before the file is taken in; nothing of it is stored."""


def goes_on() -> bool:
    """For a process that nobody asks to end."""
    return False


class Watch:
    """`note` is told of the progress once a second; `is_stopping` is asked after every part.

    `patience_seconds` is how long to wait for others that change the cases of the practice, and
    cannot be interrupted; None: as long as it takes.
    """

    def __init__(
        self,
        note: Callable[[Progress], None] | None = None,
        is_stopping: Callable[[], bool] = goes_on,
        *,
        patience_seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._note = note
        self._is_stopping = is_stopping
        self.patience_seconds = patience_seconds
        self._clock = clock
        self._bytes_read = 0
        self._note_at = clock() + _NOTE_EVERY_SECONDS

    def over(self, source: Source) -> Source:
        """`source`, with what is read of it counted."""
        return _Counted(source, self)

    def read(self, size: int) -> None:
        self._bytes_read += size

    def saw(self, records: int) -> None:
        """Raises: Interrupted."""
        if self._is_stopping():
            raise Interrupted
        if self._note is None or self._clock() < self._note_at:
            return
        self._note(Progress(records_read=records, bytes_read=self._bytes_read))
        self._note_at = self._clock() + _NOTE_EVERY_SECONDS


class _Counted:
    def __init__(self, source: Source, watch: Watch) -> None:
        self._source = source
        self._watch = watch

    def read(self, size: int, /) -> bytes:
        chunk = self._source.read(size)
        self._watch.read(len(chunk))
        return chunk
