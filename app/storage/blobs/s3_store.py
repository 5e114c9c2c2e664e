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
from app.storage.blobs.sealed_file import KEY_NUMBER_END, key_number_in
from app.storage.blobs.writer import BlobWriter
from app.storage.sealing.key import DataKey, KeySource


class S3Store:
    def __init__(self, address: S3Address, keys: KeySource, *, spool: Path) -> None:
        self._bucket = S3Bucket(address)
        self._keys = keys
        self._spool = spool

    def writer(self) -> BlobWriter:
        key = self._keys.newest()
        with told_as_busy():
            return _S3Writer(self._bucket, self._spool, key)

    def open(self, sha256: str) -> BinaryIO:
        return io.BufferedReader(S3Reader(self._bucket, sha256, self._keys))

    def has(self, sha256: str) -> bool:
        try:
            self._bucket.look_for(name_of(sha256))
        except BlobMissing:
            return False
        return True

    def key_number(self, sha256: str) -> int | None:
        beginning = self._bucket.block(name_of(sha256), 0, KEY_NUMBER_END, etag=None)
        return key_number_in(beginning.data)

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

    def __init__(self, bucket: S3Bucket, spool: Path, key: DataKey) -> None:
        make_private(spool)
        self._bucket = bucket
        super().__init__(tempfile.TemporaryFile(dir=spool), key)  # noqa: SIM115 - closed on leaving

    def _keep(self, sha256: str) -> None:
        with told_as_busy():
            spooled = os.fdopen(os.dup(self._spool.fileno()), "rb")
        with spooled:  # the library closes what it has put, and it may be asked to put it again
            self._bucket.put(name_of(sha256), spooled)
