"""Where a record really ends, when the first end tag that is found is not the one.

A record may hold its own end tag in a comment or a CDATA section, may be written `<X/>` or
`</X >`, may lack its end tag, or may be broken. expat reads it token by token and tells.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from app.xsd.window import Window

_FEED_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """`size` in bytes from the start of the record."""

    size: int


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """Not well-formed at byte `at` of the record; `size` bytes belong to it and are skipped."""

    at: int
    size: int
    reason: str
    cut_off: bool = False
    too_large: bool = False


class _Ended(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class _NextRecordBegins(_Ended): ...


def find_record_end(
    window: Window, *, record_tag: str, root_tag: str, limit: int
) -> WholeRecord | BrokenRecord:
    """Tell how far the record that begins at the window's position reaches.

    A record never holds a record: where the next one begins, this one lacks its end tag.
    """
    try:
        _walk(window, record_tag, limit)
    except _NextRecordBegins as begin:
        reason = "its end tag is missing before the next record begins"
        return BrokenRecord(at=begin.offset, size=begin.offset, reason=reason)
    except _Ended as end:
        return WholeRecord(end_of_element(window.data, window.pos, end.offset))
    except expat.ExpatError as error:
        return _broken(window, error, record_tag, root_tag, limit)
    return BrokenRecord(
        at=0,
        size=_size_of_broken(window, 1, record_tag, root_tag, limit),
        reason="",
        too_large=True,
    )


def find_element_end(window: Window, *, limit: int) -> int | None:
    """Bytes of the well-formed element at the window's position, or None when it is none."""
    try:
        _walk(window, None, limit)
    except _Ended as end:
        return end_of_element(window.data, window.pos, end.offset)
    except expat.ExpatError:
        return None
    return None


def _walk(window: Window, record_tag: str | None, limit: int) -> None:
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def on_start(tag: str, _: dict[str, str]) -> None:
        nonlocal depth
        if depth and tag == record_tag:
            raise _NextRecordBegins(parser.CurrentByteIndex)
        depth += 1

    def on_end(_: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 0:
            raise _Ended(parser.CurrentByteIndex)

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    fed = 0
    while fed < limit:
        if fed >= window.held() and not window.fill():
            _finish(parser, fed)
        start = window.pos + fed
        chunk = window.data[start : start + _FEED_BYTES]
        fed += len(chunk)
        parser.Parse(chunk, False)


def _finish(parser: expat.XMLParserType, fed: int) -> None:
    """End the document; raises in every case, since the root of a whole record was not closed."""
    parser.Parse(b"", True)
    raise AssertionError(f"expat took {fed} bytes of an open element for a document")


def _broken(
    window: Window, error: expat.ExpatError, record_tag: str, root_tag: str, limit: int
) -> BrokenRecord:
    at = _offset_of(window, error)
    cut_off = window.at_end and error.code in _ENDED_EARLY
    size = window.held() if cut_off else _size_of_broken(window, at, record_tag, root_tag, limit)
    return BrokenRecord(at=at, size=size, reason=expat.ErrorString(error.code), cut_off=cut_off)


_ENDED_EARLY = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


def _offset_of(window: Window, error: expat.ExpatError) -> int:
    """Byte offset of the start of the line of the error: lines are what is reported."""
    at = 0
    for _ in range(error.lineno - 1):
        at = window.data.index(b"\n", window.pos + at) + 1 - window.pos
    return at


def _size_of_broken(window: Window, at: int, record_tag: str, root_tag: str, limit: int) -> int:
    """Bytes up to the next place where reading can go on: a record's tag or the end of the root.

    Comments and CDATA sections are stepped over, so what stands in them is not mistaken for a tag.
    """
    record, root = re.escape(record_tag.encode()), re.escape(root_tag.encode())
    landmark = re.compile(
        rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>"
        rb"|(?P<begin><" + record + rb"[\s/>])"
        rb"|(?P<end></" + record + rb"\s*>)"
        rb"|(?P<root></" + root + rb"\s*>)",
        re.DOTALL,
    )
    while True:
        for match in landmark.finditer(window.data, window.pos + max(at, 1)):
            if match.lastgroup == "end":
                return match.end() - window.pos
            if match.lastgroup is not None:
                return match.start() - window.pos
        at = max(window.held() - 256, 1)
        if window.held() > 2 * limit or not window.fill():
            return window.held()


def end_of_element(data: bytes, start: int, offset: int) -> int:
    """Bytes of the element at `start`, when expat reported its end at `offset` behind `start`.

    expat points at the beginning of an end tag, but behind a tag like `<X a="b"/>`.
    """
    start_tag = _TAG.match(data, start)
    assert start_tag is not None, "expat reported a tag that is none"
    if start_tag.end() == start + offset:
        return offset
    end_tag = _TAG.match(data, start + offset)
    assert end_tag is not None, "expat reported a tag that is none"
    return end_tag.end() - start


_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
