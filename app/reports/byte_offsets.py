"""Where things stand in a case file as it was received, in its own encoding."""

import codecs
import re
from collections.abc import Collection
from typing import BinaryIO, Final

from app.xsd.encoding import HEAD_BYTES, MARK_UNREADABLE, EncodingRefused, encoding_of

_CHUNK_BYTES: Final = 16 << 10
_DECLARATION: Final = re.compile(r"<\?xml\s[^>]*?\?>")
_BEGUN: Final = re.compile(r"<\?xml\s")
# Encodings that are not read, by how they write "<?xml". Source: XML 1.0, appendix F.
_FOREIGN: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (b"<\0\0\0", "utf-32-le", 0),
    (b"\0\0\0<", "utf-32-be", 0),
    (b"\x4c\x6f\xa7\x94", "cp037", 0),
)


def encoding_as_written(source: BinaryIO) -> str:
    """Return how to write a comment into the file; for one that is not read, as far as it shows."""
    return _encoding_and_mark(_head(source))[0]


def behind_declaration(source: BinaryIO) -> int | None:
    """Return the first offset at which a comment may stand, or None when there is none.

    Nothing may stand before the XML declaration. A file in an encoding that is not read is told by
    its first bytes: without a declaration, nothing may be put before them.
    """
    head = _head(source)
    encoding, mark = _encoding_and_mark(head)
    text = head[mark:].decode(encoding, "replace")
    declaration = _DECLARATION.match(text)
    if declaration:
        return mark + len(declaration.group().encode(encoding))
    return None if _BEGUN.match(text) or not _is_read(head) else mark


def offsets_as_written(source: BinaryIO, offsets: Collection[int]) -> dict[int, int]:
    """Return where `offsets`, which count bytes of the file in UTF-8, are in `source`.

    Raises: EncodingRefused.
    """
    encoding, mark = encoding_of(_head(source))
    if encoding == "utf-8":
        return {offset: mark + offset for offset in offsets}
    source.seek(mark)
    return _Transcoding(source, encoding, mark).find(sorted(set(offsets)))


class _Transcoding:
    """Goes through a file and counts how many bytes it would be in UTF-8."""

    def __init__(self, source: BinaryIO, encoding: str, mark: int) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors=MARK_UNREADABLE)
        self._written = mark
        self._utf8 = 0

    def find(self, offsets: list[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for offset in offsets:
            self._go_near(offset)
            while self._utf8 < offset and self._take(1):
                pass
            found[offset] = self._written
        return found

    def _go_near(self, offset: int) -> None:
        """As far as is safe: a byte as received never makes more than three in UTF-8."""
        while (ahead := (offset - self._utf8) // 3) > _CHUNK_BYTES // 16:
            if not self._take(min(ahead, _CHUNK_BYTES)):
                return

    def _take(self, size: int) -> bool:
        data = self._source.read(size)
        text = self._decoder.decode(data, final=not data)
        self._written += len(data)
        self._utf8 += len(text.encode("utf-8", "surrogatepass"))
        return bool(data)


def _head(source: BinaryIO) -> bytes:
    source.seek(0)
    return source.read(HEAD_BYTES)


def _is_read(head: bytes) -> bool:
    try:
        encoding_of(head)
    except EncodingRefused:
        return False
    return True


def _encoding_and_mark(head: bytes) -> tuple[str, int]:
    for start, encoding, mark in _FOREIGN:
        if head.startswith(start):
            return encoding, mark
    try:
        return encoding_of(head)
    except EncodingRefused:
        return "iso-8859-1", 0
