"""Counts what is kept and not sealed: whoever put it there did not go through the service."""

from collections.abc import Iterable

from app.domain.identifiers import PracticeId
from app.storage.blobs import BlobMissing, BlobStore
from app.storage.unit_of_work import OpenWork


def records_in_clear(practices: Iterable[PracticeId], open_work: OpenWork) -> int:
    """Records of cases and of their versions."""
    with open_work() as work:
        return sum(work.derived_rows(practice).count_in_clear() for practice in practices)


def files_in_clear(blobs: BlobStore) -> int:
    """Looks at the head of every file as received; files belong to no one practice."""
    return sum(_is_in_clear(sha256, blobs) for sha256 in blobs.kept(older_than_seconds=0))


def _is_in_clear(sha256: str, blobs: BlobStore) -> bool:
    try:
        return blobs.key_number(sha256) is None
    except BlobMissing:  # removed since it was listed
        return False
