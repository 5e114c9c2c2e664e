"""Removes files that no submission needs: those that were refused, and those nobody recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.storage.blobs import BlobMissing, BlobStore
from app.storage.unit_of_work import OpenWork

_HASHES_ASKED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedFiles:
    """`open_work` opens the registry's own: a file may be needed by any practice's submission."""

    open_work: OpenWork
    blobs: BlobStore

    def forget(self, sha256: str) -> bool:
        """Remove the file unless a submission needs it; return whether it was removed."""
        with self.open_work() as work:
            work.kept_bytes.lock(sha256)
            if work.kept_bytes.are_kept(sha256):
                return False
            try:
                self.blobs.delete(sha256)
            except BlobMissing:  # another process was faster
                return False
            return True

    def forget_all(self, *, older_than_seconds: float) -> int:
        """Remove every such file and return how many there were.

        Younger ones are left alone: whoever refused one is about to remove it.
        """
        kept = self.blobs.kept(older_than_seconds=older_than_seconds)
        return sum(self.forget(sha256) for sha256 in self._unused(kept))

    def _unused(self, kept: Iterator[str]) -> Iterator[str]:
        while hashes := list(islice(kept, _HASHES_ASKED_AT_ONCE)):
            with self.open_work() as work:
                needed = work.kept_bytes.among(hashes)
            yield from (sha256 for sha256 in hashes if sha256 not in needed)
