"""What every store of received files does, wherever it keeps them."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from app.storage.blobs.writer import BlobWriter


class BlobStore(Protocol):
    """Whatever is asked raises ServiceBusy where the store is out of reach, and so does reading."""

    def writer(self) -> BlobWriter: ...

    def open(self, sha256: str) -> BinaryIO:
        """Return the uncompressed bytes, to be read forwards.

        Raises: BlobMissing. Reading raises BlobDamaged, at the latest at the end of the file.
        """

    def has(self, sha256: str) -> bool:
        """Whether the file is in the store; its bytes are not looked at."""

    def key_number(self, sha256: str) -> int | None:
        """The number of the data key that sealed the file; None if it is from before sealing.

        Raises: BlobMissing.
        """

    def delete(self, sha256: str) -> None:
        """Raises: BlobMissing."""

    def kept(self, *, older_than_seconds: float) -> Iterator[str]:
        """The hash of each file that was put here so long ago, looked up while it is asked for."""

    def check(self) -> None:
        """Raises: ServiceBusy if the store takes no files at present."""

    def sweep(self, *, older_than_seconds: float) -> int:
        """Remove what writers that were killed left behind, and return how many there were."""
