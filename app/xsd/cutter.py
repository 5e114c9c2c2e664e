"""Cuts a case file into records without parsing it twice.

The fast way is one `bytes.find` for the end tag; a piece that then does not parse is looked at by
`boundary`. Between records only white space, comments and processing instructions may stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from app.xsd.boundary import BrokenRecord, WholeRecord, find_element_end, find_record_end
from app.xsd.parsing import PieceParser, new_parser
from app.xsd.prolog import Prolog
from app.xsd.window import Window

MAX_RECORD_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A record: its line, its bytes as received (in UTF-8), its parsed element."""

    line: int
    data: bytes
    element: etree._Element


@dataclass(frozen=True, slots=True)
class BrokenPiece:
    """A record that is not well-formed at `line`, or too large to be read."""

    line: int
    fault_line: int
    reason: str
    cut_off: bool
    too_large: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """Text or an element between records; `is_header` when it is a RecordHeader."""

    line: int
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class CutOff:
    """The file ended before its root element was closed."""

    line: int


@dataclass(frozen=True, slots=True)
class AfterTheEnd:
    """Something other than comments stands behind the root element."""

    line: int


Cut = Piece | BrokenPiece | Stray | CutOff | AfterTheEnd

# An unclosed stray tag is searched for its end to no avail: not over and over in a hostile file.
_MOST_STRAY_SCANS: Final = 3
_SPACE = re.compile(rb"[ \t\r\n]*")


class Cutter:
    """Yields the content of the root element, piece by piece, from behind its prolog."""

    def __init__(self, window: Window, prolog: Prolog) -> None:
        self._window = window
        self._record_tag = prolog.record_tag
        self._root_tag = prolog.root_tag
        self._open = f"<{prolog.record_tag}".encode()
        self._close = f"</{prolog.record_tag}>".encode()
        self._root_close = f"</{prolog.root_tag}".encode()
        self._stray_scans = _MOST_STRAY_SCANS
        self._parse = PieceParser(prolog.namespaces).parse

    def cuts(self) -> Iterator[Cut]:
        window = self._window
        while True:
            if not self._skip_misc():
                yield Stray(window.line)
                self._skip_to_markup()
            elif self._at_record():
                record = self._take_record()
                yield record
                if isinstance(record, BrokenPiece) and record.cut_off:
                    return
            elif window.starts_with(self._root_close):
                yield from self._epilog()
                return
            elif self._at_end():
                yield CutOff(window.line)
                return
            else:
                yield self._take_stray()

    def _at_record(self) -> bool:
        window = self._window
        size = len(self._open)
        if not window.starts_with(self._open) or not window.require(size + 1):
            return False
        return window.data[window.pos + size] in b" \t\r\n>/"

    def _at_end(self) -> bool:
        """Whether the file ends here, or inside the end tag of the root."""
        window = self._window
        if window.require(len(self._root_close)):
            return False
        return self._root_close.startswith(window.data[window.pos :])

    def _skip_space(self) -> None:
        window = self._window
        while True:
            space = _SPACE.match(window.data, window.pos)
            assert space is not None
            window.take(space.end() - window.pos)
            if window.held() or not window.fill():
                return

    def _skip_misc(self) -> bool:
        """Step over white space, comments and processing instructions; False when one is broken."""
        window = self._window
        while True:
            self._skip_space()
            if window.starts_with(b"<!--"):
                size = self._size_of(b"<!--", b"-->")
            elif window.starts_with(b"<?"):
                size = self._size_of(b"<?", b"?>")
            else:
                return True
            if not size:
                return False
            window.take(size)

    def _size_of(self, start: bytes, end: bytes) -> int:
        """Bytes of the markup at hand if it is well-formed, else 0."""
        window = self._window
        found = window.find(end, limit=MAX_RECORD_BYTES)
        if found < 0:
            return 0
        size = found + len(end)
        markup = window.data[window.pos : window.pos + size]
        try:
            etree.fromstring(b"<x>" + markup + b"</x>", new_parser(keep_blanks=True))
        except etree.XMLSyntaxError:
            return 0
        return size

    def _take_record(self) -> Piece | BrokenPiece:
        window = self._window
        found = window.find(self._close, limit=MAX_RECORD_BYTES)
        if 0 <= found < MAX_RECORD_BYTES:
            size = found + len(self._close)
            element = self._parse(window.data[window.pos : window.pos + size])
            if isinstance(element, etree._Element):
                return self._piece(size, element)
        return self._take_odd_record()

    def _take_odd_record(self) -> Piece | BrokenPiece:
        window = self._window
        end = find_record_end(
            window,
            record_tag=self._record_tag,
            root_tag=self._root_tag,
            limit=MAX_RECORD_BYTES,
        )
        if isinstance(end, WholeRecord):
            element = self._parse(window.data[window.pos : window.pos + end.size])
            if isinstance(element, etree._Element):
                return self._piece(end.size, element)
            end = BrokenRecord(at=0, size=end.size, reason=element)
        line = window.line
        skipped = window.take(end.size)
        return BrokenPiece(
            line=line,
            fault_line=line + skipped.count(b"\n", 0, end.at),
            reason=end.reason,
            cut_off=end.cut_off,
            too_large=end.too_large,
        )

    def _piece(self, size: int, element: etree._Element) -> Piece:
        line = self._window.line
        return Piece(line, self._window.take(size), element)

    def _take_stray(self) -> Stray:
        """Step over text, an element or a CDATA section that has no place between records."""
        window = self._window
        stray = Stray(window.line, is_header=window.starts_with(b"<RecordHeader"))
        if window.starts_with(b"<![CDATA["):
            end = window.find(b"]]>", limit=MAX_RECORD_BYTES)
            window.take(end + 3 if end >= 0 else 1)
        else:
            window.take(self._size_of_stray_element() or 1)
        self._skip_to_markup()
        return stray

    def _size_of_stray_element(self) -> int | None:
        """Whole stray elements are stepped over with all that is in them, records too."""
        is_element = self._window.starts_with(b"<") and not self._window.starts_with(b"</")
        if not is_element or self._stray_scans == 0:
            return None
        size = find_element_end(self._window, limit=MAX_RECORD_BYTES)
        if size is None:
            self._stray_scans -= 1
        return size

    def _skip_to_markup(self) -> None:
        """Go on to the next record, comment or end of the root: one finding for one stretch."""
        window = self._window
        landmark = re.compile(
            b"<!--|" + re.escape(self._open) + rb"[\s/>]|" + re.escape(self._root_close) + rb"\s*>"
        )
        if window.starts_with(b"<!--"):
            window.take(1)
        while True:
            match = landmark.search(window.data, window.pos)
            if match:
                window.take(match.start() - window.pos)
                return
            window.take(max(window.held() - 256, 0))
            if not window.fill():
                window.take(window.held())
                return

    def _epilog(self) -> Iterator[AfterTheEnd | CutOff]:
        window = self._window
        end = window.find(b">", limit=MAX_RECORD_BYTES)
        if end < 0:
            yield CutOff(window.line)
            return
        window.take(end + 1)
        if not self._skip_misc() or window.held():
            yield AfterTheEnd(window.line)
