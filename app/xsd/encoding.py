"""Every case file is read as UTF-8: other encodings are turned into it on the way in."""

import codecs
import re
from typing import Final

from app.xsd.window import CHUNK_BYTES, Source

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, None),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0", None),
    (b"\0", None),
)
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_SUPPORTED = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "windows-1252": "cp1252",
}
HEAD_BYTES: Final = 1024
"""How much of a file tells its encoding."""


class EncodingRefused(Exception):
    """The bytes are in no encoding that the registry reads."""


def as_utf8(source: Source) -> Source:
    """Return `source` as UTF-8 without a byte order mark.

    Reads UTF-8, UTF-16 (with a mark or recognizable by its first bytes), ASCII, ISO-8859-1 and
    windows-1252. A byte order mark wins over the declaration (XML 1.0, appendix F). Bytes that do
    not fit the encoding become bytes that are not UTF-8: the parser refuses them where they stand.
    Raises: EncodingRefused.
    """
    head = _read_head(source)
    encoding, skip = encoding_of(head)
    rest = _Rejoined(head[skip:], source)
    return rest if encoding == "utf-8" else _Transcoded(rest, encoding)


def _read_head(source: Source) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES:
        more = source.read(CHUNK_BYTES)
        if not more:
            break
        head += more
    return head


def encoding_of(head: bytes) -> tuple[str, int]:
    """Return the encoding of a file that begins with `head`, and the bytes of its mark.

    Raises: EncodingRefused.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return _known(encoding), len(mark)
    for start, encoding in _UNMARKED:
        if head.startswith(start):
            return _known(encoding), 0
    declared = _DECLARED.match(head)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    return _known(_SUPPORTED.get(name)), 0


def _known(encoding: str | None) -> str:
    if encoding is None:
        raise EncodingRefused
    return encoding


class _Rejoined:
    """The bytes already read, then the rest of the source."""

    def __init__(self, head: bytes, source: Source) -> None:
        self._head = head
        self._source = source

    def read(self, size: int, /) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._source.read(size)


MARK_UNREADABLE: Final = "nacor.mark_unreadable"
"""Names how to decode: what does not fit the encoding becomes half a surrogate pair."""


def _mark_unreadable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff", error.end  # half a surrogate pair: no text, and no UTF-8 when encoded


codecs.register_error(MARK_UNREADABLE, _mark_unreadable)


class _Transcoded:
    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors=MARK_UNREADABLE)

    def read(self, size: int, /) -> bytes:
        while True:
            raw = self._source.read(size)
            text = self._decoder.decode(raw, final=not raw)
            if text or not raw:
                return text.encode("utf-8", "surrogatepass")
