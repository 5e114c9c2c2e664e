"""Received files in a bucket of S3 or of what speaks like it: MinIO, Ceph and others."""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.storage.blobs.addresses import S3Address
from app.storage.blobs.errors import BlobMissing, told_as_busy
from app.storage.blobs.naming import hash_in, name_of
from app.storage.blobs.private_folders import make_private
from app.storage.blobs.s3_bucket import S3Bucket
from app.storage.blobs.s3_reading import S3Reader
from app.storage.blobs.writer import BlobWriter


class S3Store:
    def __init__(self, address: S3Address, *, spool: Path) -> None:
        self._bucket = S3Bucket(address)
        self._spool = spool

    def writer(self) -> BlobWriter:
        with told_as_busy():
            return _S3Writer(self._bucket, self._spool)

    def open(self, sha256: str) -> BinaryIO:
        return io.BufferedReader(S3Reader(self._bucket, sha256))

    def has(self, sha256: str) -> bool:
        try:
            self._bucket.look_for(name_of(sha256))
        except BlobMissing:
            return False
        return True

    def delete(self, sha256: str) -> None:
        self._bucket.delete(name_of(sha256))

    def kept(self, *, older_than_seconds: float) -> Iterator[str]:
        for name in self._bucket.names(older_than_seconds=older_than_seconds):
            sha256 = hash_in(name)
            if sha256 is not None:
                yield sha256

    def check(self) -> None:
        with self.writer() as writer:
            writer.check()
        self._bucket.check()

    def sweep(self, *, older_than_seconds: float) -> int:
        return self._bucket.end_uploads(older_than_seconds=older_than_seconds)


class _S3Writer(BlobWriter):
    """Spools into a file without a name, which ends with its process however that ends."""

    def __init__(self, bucket: S3Bucket, spool: Path) -> None:
        make_private(spool)
        self._bucket = bucket
        super().__init__(tempfile.TemporaryFile(dir=spool))  # noqa: SIM115 - closed on leaving

    def _keep(self, sha256: str) -> None:
        with told_as_busy():
            spooled = os.fdopen(os.dup(self._spool.fileno()), "rb")
        with spooled:  # the library closes what it has put, and it may be asked to put it again
            self._bucket.put(name_of(sha256), spooled)
