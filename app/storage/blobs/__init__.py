"""The store of received files: each is known by the SHA-256 of its bytes and kept compressed.

The same bytes sent twice are kept once. A store is a local folder or an S3 bucket; both keep the
same names, `ab/cd/<sha256>.zst`, so files can be copied from one to the other as they are.
Blocking; call it from a thread.
"""

from app.storage.blobs.errors import BlobAddressWrong, BlobDamaged, BlobMissing
from app.storage.blobs.opening import blob_store_at
from app.storage.blobs.store import BlobStore
from app.storage.blobs.writer import BlobWriter, StoredBlob

__all__ = [
    "BlobAddressWrong",
    "BlobDamaged",
    "BlobMissing",
    "BlobStore",
    "BlobWriter",
    "StoredBlob",
    "blob_store_at",
]
