"""Reads the next chunk while the last one is worked on: decompressing and hashing take a core."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from app.xsd.window import Source


@contextmanager
def reading_ahead(source: Source) -> Iterator[Source]:
    """Yield `source` with one chunk always under way; it is read by one other thread only."""
    with ThreadPoolExecutor(1, "reader") as pool:
        yield _Ahead(source, pool)


class _Ahead:
    def __init__(self, source: Source, pool: ThreadPoolExecutor) -> None:
        self._source = source
        self._pool = pool
        self._next: Future[bytes] | None = None

    def read(self, size: int, /) -> bytes:
        chunk = self._source.read(size) if self._next is None else self._next.result()
        self._next = self._pool.submit(self._source.read, size) if chunk else None
        return chunk
