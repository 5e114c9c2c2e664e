"""A bucket, asked by name below a prefix; whatever it refuses is told in our own words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Final

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.storage.blobs.addresses import S3Address
from app.storage.blobs.errors import BlobMissing, out_of_reach

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectRequestTypeDef

_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 30
_CONNECTIONS: Final = 50
"""More than a server process has threads, so that none waits for another's."""

_PARTS: Final = TransferConfig(
    multipart_threshold=32 << 20, multipart_chunksize=16 << 20, use_threads=False
)
_BODY_TRIES: Final = 3
_CHECK: Final = "check"


class ObjectReplaced(Exception):
    """The object is no longer the one whose etag was given."""


class _NothingThere(Exception):
    """The range begins behind the last byte."""


_ABSENT: Final = {"404": BlobMissing, "NoSuchKey": BlobMissing}
_NOT_READ: Final = {
    **_ABSENT,
    "PreconditionFailed": ObjectReplaced,
    "InvalidRange": _NothingThere,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Bytes from an object; `is_last` when there are none behind them."""

    data: bytes
    etag: str | None
    is_last: bool


class S3Bucket:
    """Every method raises ServiceBusy when the bucket is out of reach or refuses what is asked."""

    def __init__(self, address: S3Address) -> None:
        self._bucket = address.bucket
        self._prefix = address.prefix
        self._client = _client_for(address)

    def put(self, name: str, file: IO[bytes]) -> None:
        """Put all of `file` under `name`, in parts if it is large; half a file is never there."""
        file.seek(0)
        with _told():
            self._client.upload_fileobj(file, self._bucket, self._key(name), Config=_PARTS)

    def block(self, name: str, start: int, size: int, *, etag: str | None) -> Block:
        """At most `size` bytes from `start` on, of the object with this `etag` if one is given.

        Raises: BlobMissing; ObjectReplaced.
        """
        asked: GetObjectRequestTypeDef = {
            "Bucket": self._bucket,
            "Key": self._key(name),
            "Range": f"bytes={start}-{start + size - 1}",
        }
        if etag is not None:
            asked["IfMatch"] = etag
        for _ in range(_BODY_TRIES):
            try:
                with _told(_NOT_READ):
                    answer = self._client.get_object(**asked)
            except _NothingThere:
                return Block(data=b"", etag=None, is_last=True)
            with suppress(BotoCoreError):  # the line broke: the library retries all but the body
                data = answer["Body"].read()
                total = int(answer["ContentRange"].rpartition("/")[2])
                return Block(data=data, etag=answer["ETag"], is_last=start + len(data) >= total)
        raise out_of_reach("objects break off while they are read")

    def look_for(self, name: str) -> None:
        """Raises: BlobMissing."""
        with _told(_ABSENT):
            self._client.head_object(Bucket=self._bucket, Key=self._key(name))

    def delete(self, name: str) -> None:
        """Raises: BlobMissing."""
        self.look_for(name)  # deleting what is not there is no error in S3
        with _told(_ABSENT):
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def names(self, *, older_than_seconds: float) -> Iterator[str]:
        limit = _ago(older_than_seconds)
        pages = self._client.get_paginator("list_objects_v2")
        with _told():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", []):
                    if found["LastModified"] < limit:
                        yield found["Key"].removeprefix(self._prefix)

    def end_uploads(self, *, older_than_seconds: float) -> int:
        """Remove the parts of uploads that were never completed; return how many uploads."""
        limit = _ago(older_than_seconds)
        pages = self._client.get_paginator("list_multipart_uploads")
        ended = 0
        with _told():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for upload in page.get("Uploads", []):
                    if upload["Initiated"] < limit:
                        self._end_upload(upload["Key"], upload["UploadId"])
                        ended += 1
        return ended

    def check(self) -> None:
        """Begin an upload and end it: that asks for the right to write, and leaves no version."""
        key = self._key(_CHECK)
        with _told():
            upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)
            self._end_upload(key, upload["UploadId"])

    def _end_upload(self, key: str, upload_id: str) -> None:
        self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    def _key(self, name: str) -> str:
        return self._prefix + name


def _client_for(address: S3Address) -> "S3Client":
    """Credentials, and what the address leaves open, come from where every AWS tool has them.

    An endpoint of one's own gets the bucket in the path: few of them have names for buckets.
    """
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard"},
        max_pool_connections=_CONNECTIONS,
        s3={"addressing_style": "path" if address.endpoint else "auto"},
    )
    session = boto3.session.Session(region_name=address.region)
    return session.client("s3", endpoint_url=address.endpoint, config=config)


@contextmanager
def _told(known: Mapping[str, type[Exception]] | None = None) -> Iterator[None]:
    """Raises: what `known` has for the code of the answer; ServiceBusy for all others."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if known is not None and code in known:
            raise known[code] from error
        raise out_of_reach(code) from error
    except BotoCoreError as error:
        raise out_of_reach(type(error).__name__) from error


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)
