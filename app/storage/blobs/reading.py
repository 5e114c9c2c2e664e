"""Gives back the bytes of a file that is kept compressed and sealed."""

import hashlib
import io
from typing import Final

import zstandard

from app.storage.blobs.errors import BlobDamaged
from app.storage.blobs.sealed_file import OpenedFile, Stored
from app.storage.sealing.key import KeySource

_READ_BYTES: Final = 64 << 10


class CheckedReader(io.RawIOBase):
    """Opens and uncompresses. Reading raises BlobDamaged when it is not what was written.

    What was sealed shows that by itself. A file from before files were sealed could be anybody's:
    its hash is looked at, at the end.
    """

    def __init__(self, stored: Stored, sha256: str, keys: KeySource) -> None:
        self._opened = OpenedFile(stored, sha256, keys)
        self._sha256 = sha256
        self._hash = hashlib.sha256()
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
            compressed = self._opened.read(_READ_BYTES)
            if not compressed:
                raise BlobDamaged(self._sha256)
            try:
                data = self._frame.decompress(compressed)
            except zstandard.ZstdError as error:
                raise BlobDamaged(self._sha256) from error
        if not self._opened.is_sealed:
            self._check(data)
        return data

    def _check(self, data: bytes) -> None:
        self._hash.update(data)
        if not data and self._hash.hexdigest() != self._sha256:
            raise BlobDamaged(self._sha256)

    def close(self) -> None:
        self._opened.close()
        super().close()
