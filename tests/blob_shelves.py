"""A store of received files, and what somebody sees and does who goes behind its back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from app.storage.blobs import BlobStore, StoredBlob, blob_store_at
from app.storage.sealing.key import DataKey
from tests.s3_server import S3Server


class FixedKeys:
    """Data keys without a database: as many as asked for, the newest with the highest number."""

    def __init__(self, number: int = 1) -> None:
        self.number = number

    def newest(self) -> DataKey:
        return self.get(self.number)

    def get(self, number: int) -> DataKey:
        return DataKey.of(number, number.to_bytes(4) * 8)


class Shelf(Protocol):
    @property
    def store(self) -> BlobStore: ...

    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes: ...

    def overwrite(self, name: str, content: bytes) -> None: ...


@dataclass(frozen=True, kw_only=True)
class FolderShelf:
    folder: Path
    keys: FixedKeys = field(default_factory=FixedKeys)

    @property
    def store(self) -> BlobStore:
        spool = self.folder.with_name("spool")
        return blob_store_at(str(self.folder), spool=spool, keys=self.keys)

    def names(self) -> list[str]:
        found = (path for path in self.folder.glob("*/**/*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def overwrite(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@dataclass(frozen=True, kw_only=True)
class S3Shelf:
    """Below `prefix` in a bucket that others use too."""

    server: S3Server
    bucket: str
    spool: Path
    prefix: str = "registry/received"
    keys: FixedKeys = field(default_factory=FixedKeys)

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}?endpoint={self.server.endpoint}"

    @cached_property  # a client takes a tenth of a second to make
    def store(self) -> BlobStore:
        return blob_store_at(self.url, spool=self.spool, keys=self.keys)

    def names(self) -> list[str]:
        keys = self.server.names_in(self.bucket)
        return sorted(key.removeprefix(f"{self.prefix}/") for key in keys)

    def read(self, name: str) -> bytes:
        return self.server.client.get_object(Bucket=self.bucket, Key=self._key(name))["Body"].read()

    def overwrite(self, name: str, content: bytes) -> None:
        self.server.client.put_object(Bucket=self.bucket, Key=self._key(name), Body=content)

    def begin_upload(self, name: str) -> None:
        self.server.client.create_multipart_upload(Bucket=self.bucket, Key=self._key(name))

    def uploads(self) -> list[str]:
        found = self.server.client.list_multipart_uploads(Bucket=self.bucket)
        return [upload["Key"] for upload in found.get("Uploads", [])]

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}"


def keep(store: BlobStore, content: bytes, *, piece: int = 1 << 20) -> StoredBlob:
    with store.writer() as writer:
        for part in pieces(content, piece):
            writer.write(part)
        return writer.finish()


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
