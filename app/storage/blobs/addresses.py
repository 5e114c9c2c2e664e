"""The address of a store: a path, a file URL, or s3://bucket/prefix?endpoint=...&region=..."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from app.storage.blobs.errors import BlobAddressWrong

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_OPTIONS: Final = frozenset({"endpoint", "region"})


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Address:
    """`prefix` is empty or ends with a slash; what is None the library asks the environment for."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None


def parse_blob_address(url: str) -> Path | S3Address:
    """Raises: BlobAddressWrong, also for an S3 store when its library is not installed."""
    if not url:
        raise BlobAddressWrong("the address of the blob store is empty")
    parts = urlsplit(url)
    match parts.scheme:
        case "":
            return Path(url)
        case "file" if parts.netloc in {"", "localhost"}:
            return Path(unquote(parts.path))
        case "s3":
            return _s3_address(parts)
        case _:
            raise BlobAddressWrong("the blob store is a path, file:///path or s3://bucket/prefix")


def _s3_address(parts: SplitResult) -> S3Address:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    prefix = unquote(parts.path).strip("/")
    if not _BUCKET.fullmatch(parts.netloc):  # nor with a key and its secret before it
        raise BlobAddressWrong("the blob store has no valid bucket: s3://bucket/prefix")
    if not options.keys() <= _OPTIONS:
        raise BlobAddressWrong("the blob store in S3 takes the options endpoint and region alone")
    endpoint = options.get("endpoint")
    if endpoint is not None and not _is_http(endpoint):
        raise BlobAddressWrong("the endpoint of the blob store is no http or https address")
    if find_spec("boto3") is None:
        raise BlobAddressWrong("a blob store in S3 needs boto3: pip install '.[s3]'")
    return S3Address(
        bucket=parts.netloc,
        prefix=f"{prefix}/" if prefix else "",
        endpoint=endpoint,
        region=options.get("region"),
    )


def _is_http(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
