"""Uncompressing within bounds: what comes out is limited, and so is how far it may grow."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from app.domain.errors.requests import BodyTooLarge, ImplausibleCompression
from app.web.encodings import Decoder, DecoderByMagic

# Measured: files of practices and generated ones, up to 20,000 records, become 17 to 40 times as
# large, the most repetitive sample of the tests 55 times; a bomb becomes 1,000 times and more.
MAX_GROWTH: Final = 200
_FREE_BYTES: Final = 1 << 20  # a small file of copies does no harm


async def unpacked(
    packed: AsyncIterator[bytes], decoder: Decoder, *, at_most: int, limit: int
) -> AsyncIterator[bytes]:
    """Pass on up to `at_most` bytes; the sender is told of `limit`, that of the case file.

    No piece is empty. Raises: BodyTooLarge, ImplausibleCompression, BrokenBody.
    """
    bounds = _Bounds(decoder, at_most=at_most, limit=limit)
    async for data in packed:
        for piece in bounds.passed(decoder.feed(data)):
            yield piece
    for piece in bounds.passed(decoder.end()):
        yield piece


def unpacked_file(content: bytes, *, max_bytes: int) -> bytes:
    """Return `content` uncompressed if it is gzip or zstd, else as it is; at most `max_bytes`.

    Raises: BodyTooLarge, ImplausibleCompression, BrokenBody.
    """
    decoder = DecoderByMagic()
    bounds = _Bounds(decoder, at_most=max_bytes, limit=max_bytes)
    fed = [*bounds.passed(decoder.feed(content))]
    return b"".join([*fed, *bounds.passed(decoder.end())])


class _Bounds:
    def __init__(self, decoder: Decoder, *, at_most: int, limit: int) -> None:
        self._decoder = decoder
        self._at_most = at_most
        self._limit = limit
        self._given = 0

    def passed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._given += len(piece)
            if self._given > self._at_most:
                raise BodyTooLarge(self._limit)
            if self._given > _FREE_BYTES + MAX_GROWTH * self._decoder.taken:
                raise ImplausibleCompression(limit=self._limit, growth=MAX_GROWTH)
            if piece:
                yield piece
