"""Case files as the command line names them: files, folders, stdin, compressed or not."""

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

_GZIP_MAGIC = b"\x1f\x8b"
_SUFFIXES = (".xml", ".xml.gz")
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


def is_read_again(path: str) -> bool:
    """Whether it can be opened once more from its start: neither stdin nor a pipe."""
    return path != STDIN and Path(path).is_file()


def size_of(path: str) -> int | None:
    """Bytes on disk, or None when that is not what will be read."""
    if not is_read_again(path) or path.lower().endswith(".gz"):
        return None
    return Path(path).stat().st_size


def shown(path: str) -> str:
    """A name on disk is any bytes; what is no UTF-8 in it becomes a replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def why_not_read(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is not whole gzip data"
