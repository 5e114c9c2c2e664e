"""A case file as UTF-8 that can be read from any place, whatever its encoding."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_SET
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, Protocol

from app.xsd.encoding import HEAD_BYTES, as_utf8, encoding_of
from app.xsd.window import CHUNK_BYTES

_MOST_IN_MEMORY: Final = 8 << 20


class Utf8File(Protocol):
    """Offsets count the bytes of the file in UTF-8, without a byte order mark."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> Any: ...  # noqa: ANN401 - files differ in what they return


@contextmanager
def as_utf8_file(source: BinaryIO, spool: Path | None) -> Iterator[Utf8File]:
    """Yield `source` itself if it is UTF-8, else a copy that is. Raises: EncodingRefused.

    A large copy goes into a file without a name in the folder `spool`; None: in that of the system.
    """
    source.seek(0)
    encoding, mark = encoding_of(source.read(HEAD_BYTES))
    source.seek(0)
    if encoding == "utf-8":
        yield _Behind(source, mark)
        return
    with SpooledTemporaryFile(_MOST_IN_MEMORY, dir=None if spool is None else str(spool)) as copy:
        text = as_utf8(source)
        while data := text.read(CHUNK_BYTES):
            copy.write(data)
        copy.seek(0)
        yield copy


class _Behind:
    """`file` without its first `skipped` bytes."""

    def __init__(self, file: BinaryIO, skipped: int) -> None:
        self._file = file
        self._skipped = skipped
        self.seek(0)

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, /) -> int:
        return self._file.seek(self._skipped + offset, SEEK_SET)
