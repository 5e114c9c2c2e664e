"""Takes in a file: hashed, compressed and sealed into a spool while it comes.

Its name is its hash, which is known at its end only.
"""

import hashlib
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Final, Self

import zstandard

from app.storage.blobs.errors import told_as_busy
from app.storage.blobs.sealed_file import SealedSpool
from app.storage.sealing.key import DataKey

_LEVEL: Final = 1  # half the time of the usual 3, and records still shrink to a tenth
_CHECK: Final = b"the store takes files"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """`sha256` in lower-case hexadecimal and `size` in bytes, both of the uncompressed bytes."""

    sha256: str
    size: int


class BlobWriter(ABC):
    """Takes a file in pieces. Only `finish` puts it in the store; leaving without it undoes all."""

    def __init__(self, spool: IO[bytes], key: DataKey) -> None:
        self._spool = spool
        with told_as_busy():
            self._sealed = SealedSpool(spool, key)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
        self._hash = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # closing writes what is left, and fails on a full disk
            self._spool.close()

    def write(self, chunk: bytes) -> None:
        """Raises: ServiceBusy when the spool is full."""
        self._hash.update(chunk)
        self._size += len(chunk)
        with told_as_busy():
            self._sealed.write(self._compressor.compress(chunk))

    @property
    def sha256(self) -> str:
        """The hash of what was written so far."""
        return self._hash.hexdigest()

    @property
    def size(self) -> int:
        """Bytes written so far, uncompressed."""
        return self._size

    def finish(self) -> StoredBlob:
        """Return once the file is in the store for good.

        A copy that is there already is replaced by this one: it is the same, unless it was damaged.
        Raises: ServiceBusy when the store does not take it, or does not answer.
        """
        self._end_spool()
        self._keep(self.sha256)
        return StoredBlob(sha256=self.sha256, size=self._size)

    def keep_again(self) -> None:
        """After `finish`: put the file into the store once more, for somebody removed it.

        Raises: ServiceBusy as `finish` does.
        """
        self._keep(self.sha256)

    def check(self) -> None:
        """Raises: ServiceBusy if the spool takes nothing at present."""
        self.write(_CHECK)
        self._end_spool()

    @abstractmethod
    def _keep(self, sha256: str) -> None:
        """Put what is spooled into the store, as often as asked. Raises: ServiceBusy."""

    def _end_spool(self) -> None:
        with told_as_busy():
            self._sealed.write(self._compressor.flush())
            self._sealed.end(self.sha256)
