"""The store of received files: each is known by the SHA-256 of its bytes and kept compressed.

The same bytes sent twice are kept once. A file that came from a sender holds patients' data: files
are 0600 and folders 0700. Blocking; call it from a thread.
"""

import hashlib
import io
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote, urlsplit

import zstandard

_LEVEL = 1  # half the time of the usual 3, and records still shrink to a tenth
_READ_BYTES = 64 << 10
_INCOMING = "incoming"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHECK = b"the store takes files"


class BlobMissing(Exception):
    """No file with this hash is in the store."""


class BlobDamaged(Exception):
    """What is kept under this hash is no longer what was received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """`sha256` in lower-case hexadecimal and `size` in bytes, both of the uncompressed bytes."""

    sha256: str
    size: int


class BlobStore:
    """A store in a local folder: `ab/cd/<sha256>.zst`, named after its own first characters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the store at `url`: a path, or a file URL.

        Raises: ValueError for every other kind of address.
        """
        return cls(_folder_of(url))

    def writer(self) -> "BlobWriter":
        return BlobWriter(self._folder)

    def open(self, sha256: str) -> BinaryIO:
        """Return the uncompressed bytes, to be read forwards.

        Raises: BlobMissing. Reading raises BlobDamaged, at the latest at the end of the file.
        """
        try:
            file = _path_of(self._folder, sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        return io.BufferedReader(_CheckedReader(file, sha256))

    def delete(self, sha256: str) -> None:
        """Raises: BlobMissing."""
        path = _path_of(self._folder, sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        _flush_folder(path.parent)

    def kept(self, *, older_than_seconds: float) -> Iterator[str]:
        """The hash of each file that was put here so long ago, looked up while it is asked for."""
        limit = time.time() - older_than_seconds
        for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*.zst"):
            try:
                is_old = path.stat().st_mtime < limit
            except FileNotFoundError:  # somebody was faster
                continue
            if is_old and _SHA256.fullmatch(path.stem):
                yield path.stem

    def check(self) -> None:
        """Raises: OSError if the store takes no files at present."""
        with self.writer() as writer:
            writer.write(_CHECK)

    def sweep(self, *, older_than_seconds: float) -> int:
        """Remove what writers that were killed left behind, and return how many there were."""
        limit = time.time() - older_than_seconds
        leftovers = [
            path
            for path in (self._folder / _INCOMING).glob("*.part")
            if path.stat().st_mtime < limit
        ]
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)


class BlobWriter:
    """Takes a file in pieces. Only `finish` puts it in the store; leaving without it undoes all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        incoming = folder / _INCOMING
        _make_private(incoming)
        handle, name = tempfile.mkstemp(suffix=".part", dir=incoming)  # 0600, ours alone
        self._part = Path(name)
        self._file = os.fdopen(handle, "wb")
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
        try:
            self._file.close()
        finally:  # closing writes what is left, and fails on a full disk
            self._part.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self._size += len(chunk)
        self._file.write(self._compressor.compress(chunk))

    @property
    def sha256(self) -> str:
        """The hash of what was written so far."""
        return self._hash.hexdigest()

    def finish(self) -> StoredBlob:
        """Return once the file would survive a loss of power.

        A copy that is there already is replaced by this one: it is the same, unless it was damaged.
        """
        self._file.write(self._compressor.flush())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        sha256 = self.sha256
        path = _path_of(self._folder, sha256)
        _make_private(path.parent)
        self._part.replace(path)
        for folder in (path.parent, path.parent.parent, self._folder):
            _flush_folder(folder)
        return StoredBlob(sha256=sha256, size=self._size)


class _CheckedReader(io.RawIOBase):
    """Uncompresses; zstd's own checksum, at the end, tells whether it is what was written."""

    def __init__(self, file: BinaryIO, sha256: str) -> None:
        self._file = file
        self._sha256 = sha256
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed: any Buffer
        if not self._left:
            self._left = memoryview(self._uncompressed())
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _uncompressed(self) -> bytes:
        """The next bytes; b"" once the frame has ended whole."""
        data = b""
        while not data and not self._frame.eof:
            compressed = self._file.read(_READ_BYTES)
            if not compressed:
                raise BlobDamaged(self._sha256)
            try:
                data = self._frame.decompress(compressed)
            except zstandard.ZstdError as error:
                raise BlobDamaged(self._sha256) from error
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


def _folder_of(url: str) -> Path:
    if not url:
        raise ValueError("the address of the blob store is empty")
    parts = urlsplit(url)
    if not parts.scheme:
        return Path(url)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise ValueError("the blob store is a local folder: a path or file:///path")
    return Path(unquote(parts.path))


def _path_of(folder: Path, sha256: str) -> Path:
    """Raises: BlobMissing for what is no hash, so that no other text becomes part of a path."""
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing("this is not a SHA-256 in lower-case hexadecimal")
    return folder / sha256[:2] / sha256[2:4] / f"{sha256}.zst"


def _make_private(folder: Path) -> None:
    """Make `folder` and what is missing above it; what is there already keeps its permissions."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
