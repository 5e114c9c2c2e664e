"""Case files as the command line names them: files, folders, stdin, compressed or not."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

_GZIP_MAGIC = b"\x1f\x8b"
_SUFFIXES = (".xml", ".xml.gz")
STDIN = "-"


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
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        is_gzip = file.peek(2).startswith(_GZIP_MAGIC)
        yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if is_gzip else file


def size_of(path: str) -> int | None:
    """Bytes on disk, or None when that is not what will be read."""
    if path == STDIN or path.lower().endswith(".gz"):
        return None
    return Path(path).stat().st_size
