"""Case files as the command line names them: files, folders, stdin, compressed or not."""

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_SET
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, Protocol, cast

from app.reports.printable import printable

_GZIP_MAGIC = b"\x1f\x8b"
_SUFFIXES = (".xml", ".xml.gz")
_MOST_IN_MEMORY = 1 << 20
STDIN = "-"
NO_CASE_FILES: Final = "no case files there (*.xml, *.xml.gz)"
NOT_READ: Final = (OSError, EOFError, zlib.error)
"""What reading a case file raises; the last two are of gzip data that is damaged or cut off."""


class _Peekable(Protocol):
    def peek(self, size: int, /) -> bytes: ...
    def read(self, size: int, /) -> bytes: ...


def case_files(paths: list[str]) -> Iterator[str]:
    """Yield every path, and for a folder the XML files in and below it, in order of their names."""
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            for found in sorted(Path(path).rglob("*")):
                if found.is_file() and found.name.lower().endswith(_SUFFIXES):
                    yield str(found)
        else:
            yield path


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a case file, uncompressed if it is gzip. Raises: OSError."""
    if path == STDIN:
        yield _unpacked(cast(_Peekable, sys.stdin.buffer))
        return
    with Path(path).open("rb") as file:
        yield _unpacked(file)


def _unpacked(file: _Peekable) -> BinaryIO:
    is_gzip = file.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC)
    return cast(BinaryIO, gzip.GzipFile(fileobj=cast(BinaryIO, file)) if is_gzip else file)


@contextmanager
def readable_again(file: BinaryIO) -> Iterator[BinaryIO]:
    """Yield `file` so that it can be sought back to its beginning once it was read to its end.

    What is a pipe or compressed is kept in a temporary file meanwhile.
    """
    is_gzip = isinstance(cast(object, file), gzip.GzipFile)
    if not is_gzip and file.seekable() and file.tell() == 0:
        yield file
        return
    with SpooledTemporaryFile(_MOST_IN_MEMORY) as copy:
        yield cast(BinaryIO, _Kept(file, copy))


class _Kept:
    """Keeps what is read; from the first `seek` on, it is read from what was kept."""

    def __init__(self, file: BinaryIO, copy: "SpooledTemporaryFile[bytes]") -> None:
        self._file = file
        self._copy = copy
        self._is_sought = False

    def read(self, size: int = -1, /) -> bytes:
        if self._is_sought:
            return self._copy.read(size)
        data = self._file.read(size)
        self._copy.write(data)
        return data

    def seek(self, offset: int, /, whence: int = SEEK_SET) -> int:
        self._is_sought = True
        return self._copy.seek(offset, whence)


def is_read_again(path: str) -> bool:
    """Whether it can be opened once more from its start: neither stdin nor a pipe."""
    return path != STDIN and Path(path).is_file()


def size_of(path: str) -> int | None:
    """Bytes on disk, or None when that is not what will be read."""
    if not is_read_again(path) or path.lower().endswith(".gz"):
        return None
    return Path(path).stat().st_size


def stored_bytes(path: str) -> int:
    """Bytes on disk, 0 for what is no file or cannot be looked at."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def name_of(path: str) -> str:
    """A name on disk is any bytes; what is no UTF-8 in it becomes a replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def shown(path: str) -> str:
    """The name as a terminal may show it."""
    return printable(name_of(path))


def why_not_read(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is not whole gzip data"
