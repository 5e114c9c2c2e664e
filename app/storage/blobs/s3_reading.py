"""Reads an object in blocks: no connection stays open while its reader is at work for minutes."""

import io
from typing import Final

from app.storage.blobs.errors import BlobDamaged
from app.storage.blobs.naming import name_of
from app.storage.blobs.reading import CheckedReader
from app.storage.blobs.s3_bucket import ObjectReplaced, S3Bucket
from app.storage.sealing.key import KeySource

_BLOCK_BYTES: Final = 4 << 20
_SKIP_BYTES: Final = 1 << 20


class S3Reader(io.RawIOBase):
    """The uncompressed bytes of an object, which may be put again while it is read.

    Then it goes on in the new copy, which holds the same: else it would not open.
    Reading raises BlobDamaged, BlobMissing, ServiceBusy.
    """

    def __init__(self, bucket: S3Bucket, sha256: str, keys: KeySource) -> None:
        self._bucket = bucket
        self._sha256 = sha256
        self._keys = keys
        self._given = 0
        self._to_skip = 0
        self._copy = self._open_copy()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: any Buffer
        while True:
            try:
                self._skip()
                count = self._copy.readinto(buffer)
            except ObjectReplaced:
                self._copy, self._to_skip = self._open_copy(), self._given
            else:
                self._given += count
                return count

    def _skip(self) -> None:
        while self._to_skip:
            skipped = self._copy.read(min(self._to_skip, _SKIP_BYTES))
            if not skipped:
                raise BlobDamaged(self._sha256)
            self._to_skip -= len(skipped)

    def _open_copy(self) -> CheckedReader:
        blocks = _Blocks(self._bucket, name_of(self._sha256))
        return CheckedReader(blocks, self._sha256, self._keys)


class _Blocks:
    """The compressed bytes of one copy of an object. Reading raises ObjectReplaced after it."""

    def __init__(self, bucket: S3Bucket, name: str) -> None:
        self._bucket = bucket
        self._name = name
        self._block = bucket.block(name, 0, _BLOCK_BYTES, etag=None)
        self._fetched = len(self._block.data)
        self._left = memoryview(self._block.data)

    def read(self, size: int, /) -> bytes:
        if not self._left and not self._block.is_last:
            self._fetch()
        piece, self._left = self._left[:size], self._left[size:]
        return bytes(piece)

    def _fetch(self) -> None:
        self._block = self._bucket.block(
            self._name, self._fetched, _BLOCK_BYTES, etag=self._block.etag
        )
        self._fetched += len(self._block.data)
        self._left = memoryview(self._block.data)

    def close(self) -> None:
        """Nothing is open between two blocks."""
