"""Gives back the bytes of a file that is kept compressed."""

import io
from typing import Final, Protocol

import zstandard

from app.storage.blobs.errors import BlobDamaged

_READ_BYTES: Final = 64 << 10


class Compressed(Protocol):
    """`read` gives at most so many bytes, b"" at the end."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class CheckedReader(io.RawIOBase):
    """Uncompresses; zstd's own checksum, at the end, tells whether it is what was written.

    Reading raises BlobDamaged when it is not.
    """

    def __init__(self, compressed: Compressed, sha256: str) -> None:
        self._compressed = compressed
        self._sha256 = sha256
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: any Buffer
        if not self._left:
            self._left = memoryview(self._uncompressed())
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _uncompressed(self) -> bytes:
        """The next bytes; b"" once the frame has ended whole."""
        data = b""
        while not data and not self._frame.eof:
            compressed = self._compressed.read(_READ_BYTES)
            if not compressed:
                raise BlobDamaged(self._sha256)
            try:
                data = self._frame.decompress(compressed)
            except zstandard.ZstdError as error:
                raise BlobDamaged(self._sha256) from error
        return data

    def close(self) -> None:
        self._compressed.close()
        super().close()
