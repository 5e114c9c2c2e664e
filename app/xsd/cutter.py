"""Cuts the content of a case file into header, records and what has no place there.

The fast way is one `bytes.find` for the end tag; a piece that then does not parse is looked at by
`boundary`. Between the pieces only white space, comments and processing instructions may stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from app.xsd.boundary import BrokenElement, WholeElement, find_end
from app.xsd.malformed import NO_END, UNSPECIFIC, Malformed
from app.xsd.misc import CDATA, SECTION_ENDS, Misc
from app.xsd.parsing import XML_SPACE, PieceParser
from app.xsd.prolog import HEADER, RECORD, Root
from app.xsd.window import Searches, Window

MAX_RECORD_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A header or record: its line, its bytes as received, its parsed element.

    `data` is in UTF-8 and has the namespace declarations of the root, so that it can stand alone.
    """

    name: str
    line: int
    data: bytes
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the file that looks like `records` whole records, uncut.

    It begins with the white space before the first of them and ends with the last one.
    """

    line: int
    records: int
    data: bytes


@dataclass(frozen=True, slots=True)
class BrokenPiece:
    """A header or record that is not well-formed at `fault_line`, or too large to be read."""

    name: str
    line: int
    fault_line: int
    reason: str
    cut_off: bool
    too_large: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """A stretch of text or elements that have no place in the root.

    `name` is that of the element it begins with; `wraps_records` tells that a record follows the
    tag of that.
    """

    line: int
    name: str | None = None
    wraps_records: bool = False


@dataclass(frozen=True, slots=True)
class CutOff:
    """The file ended before its root element was closed."""

    line: int


@dataclass(frozen=True, slots=True)
class AfterTheEnd:
    """Something other than comments stands behind the root element."""

    line: int


Cut = Piece | BrokenPiece | Stray | CutOff | AfterTheEnd

# Looking for the end of an element that has none is in vain. In a file made for that to happen over
# and over the look is short, once more bytes were read in vain than the file had, plus these.
_BYTES_IN_VAIN: Final = 16 << 20
_BYTES_PER_LOOK: Final = 1 << 10
_NEAR_BYTES: Final = 4 << 10
_LONGEST_TAG_NAME: Final = 256
_MANY_BYTES: Final = 64 << 10

_PREFIX = rb"""(?:[^\s<>/:'"=&!?]+:)??"""
_PIECE = re.compile(
    rb"<(?P<tag>" + _PREFIX + rb"(?P<name>" + f"{HEADER}|{RECORD}".encode() + rb"))[ \t\r\n/>]"
)
_PLAIN_RECORD = re.compile(rb"[ \t\r\n]*+<" + RECORD.encode() + rb">")
_EMPTY_PIECE = re.compile(rf"<(?:{HEADER}|{RECORD})[ \t\r\n]*+/>".encode())
_PLAIN_RECORD_END: Final = f"</{RECORD}>".encode()
_PIECE_END = re.compile(
    rb"</" + _PREFIX + rb"(?:" + f"{HEADER}|{RECORD}".encode() + rb")[ \t\r\n]*+>"
)
_RECORD = re.compile(rb"<" + _PREFIX + RECORD.encode() + rb"[ \t\r\n/>]")
_MARKUP = re.compile(b"<")
_START_TAG = re.compile(b"<[^!?/]")
_STRAY_TAG = re.compile(rb"<([A-Za-z_][A-Za-z0-9_]*)[ \t\r\n/>]")
_WRAPPED_RECORD = re.compile(
    rb"<[A-Za-z_][^<>]{0,200}>[ \t\r\n]*+<(?:" + f"{HEADER}|{RECORD}".encode() + rb")[ \t\r\n/>]"
)


class Cutter:
    """Yields the content of the root element, piece by piece, from behind its tag.

    `cut_at` counts the bytes of the file, in UTF-8, before the last cut.
    """

    def __init__(self, window: Window, root: Root) -> None:
        self.cut_at = 0
        self._window = window
        self._searches = Searches(window, limit=MAX_RECORD_BYTES)
        self._misc = Misc(window, self._searches)
        self._is_empty = root.is_empty
        self._root_end_begun = f"</{root.tag}".encode()
        self._root_end = re.compile(re.escape(self._root_end_begun) + rb"[ \t\r\n>]")
        self._landmark = re.compile(
            b"|".join((rb"<!--|<\?|<!\[CDATA\[", _PIECE.pattern, self._root_end.pattern))
        )
        self._landmark_in_piece = re.compile(self._landmark.pattern + b"|" + _PIECE_END.pattern)
        self._in_vain = 0
        self._parser = PieceParser(root.namespaces)
        self._in_doubt = False

    def cuts(self) -> Iterator[Cut]:
        if self._is_empty:
            yield from self._epilog()
            return
        while True:
            begin = self._at_plain_record() or self._at_other_piece()
            self.cut_at = self._window.consumed
            if begin:
                piece = self._take_piece(begin.group("tag"), begin.group("name").decode())
                yield piece
                if isinstance(piece, BrokenPiece) and piece.cut_off:
                    return
            elif self._at(self._root_end):
                yield from self._end_of_root()
                return
            elif self._is_cut_off():
                yield CutOff(self._window.line)
                return
            else:
                stray = self._take_stray()
                yield stray
                if isinstance(stray, CutOff):
                    return

    # Runs of records, to be cut elsewhere

    def take_run(self, size: int) -> Run | None:
        """Consume about `size` bytes of what looks like whole records, if one begins here.

        None at the end, and where records are written otherwise than nearly all are.
        """
        window = self._window
        window.require(size)
        if not _PLAIN_RECORD.match(window.data, window.pos):
            return None
        end = window.data.rfind(_PLAIN_RECORD_END, window.pos, window.pos + size)
        if end < 0:
            return None
        line = window.line
        data = window.take(end + len(_PLAIN_RECORD_END) - window.pos)
        return Run(line=line, records=data.count(_PLAIN_RECORD_END), data=data)

    def put_back(self, data: bytes) -> None:
        """Undo `take_run`, of one or of several in a row."""
        self._searches.forget()
        self._window.put_back(data)

    def _at_plain_record(self) -> re.Match[bytes] | None:
        """The next record, if it comes as nearly all do: behind white space, by its bare tag."""
        window = self._window
        if not _PLAIN_RECORD.match(window.data, window.pos):
            return None
        self._misc.skip_space()
        return _PIECE.match(window.data, window.pos)

    def _at_other_piece(self) -> re.Match[bytes] | None:
        self._misc.skip(in_content=True)
        return self._at(_PIECE)

    def _at(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        window = self._window
        window.require(_LONGEST_TAG_NAME)
        return pattern.match(window.data, window.pos)

    def _is_cut_off(self) -> bool:
        """Whether the file ends here, or inside the tag or section that begins here."""
        window = self._window
        if not window.require(1):
            return True
        opener = self._misc.opener()
        if opener:
            return window.find(SECTION_ENDS[opener], limit=_MANY_BYTES) < 0 and window.at_end
        is_markup = window.starts_with(b"<")
        return is_markup and window.find(b">", limit=_MANY_BYTES) < 0 and window.at_end

    # Header and records

    def _take_piece(self, tag: bytes, name: str) -> Piece | BrokenPiece:
        empty = _EMPTY_PIECE.match(self._window.data, self._window.pos)
        if empty:
            return self._take_empty_piece(name, len(empty.group()))
        close = b"</" + tag + b">"
        found = self._searches.find(close) if b":" not in tag else -1
        fault = Malformed(UNSPECIFIC, 1)
        if 0 <= found < MAX_RECORD_BYTES and not self._next_begins_before(found):
            data = self._window.peek(found + len(close))
            element = self._parser.parse(data)
            if isinstance(element, etree._Element):
                self._in_doubt = False
                return self._piece(name, data, element)
            fault = element
        self._in_doubt = True
        return self._take_odd_piece(name, fault.reason)

    def _take_empty_piece(self, name: str, size: int) -> Piece:
        data = self._window.peek(size)
        element = self._parser.parse(data)
        assert isinstance(element, etree._Element), "an empty tag is well-formed"
        return self._piece(name, data, element)

    def _next_begins_before(self, end: int) -> bool:
        """Whether the end tag belongs to a later record; asked only behind a piece that was odd,
        so that a far end tag is not tried for every one of many records that lack theirs.
        """
        window = self._window
        if not self._in_doubt:
            return False
        return _RECORD.search(window.data, window.pos + 1, window.pos + end) is not None

    def _take_odd_piece(self, name: str, reason: str) -> Piece | BrokenPiece:
        window = self._window
        end = self._find_end(separator=RECORD)
        if isinstance(end, WholeElement):
            data = window.peek(end.size)
            element = self._parser.parse(data)
            if isinstance(element, etree._Element):
                return self._piece(name, data, element)
            fault_line = window.line + element.line - 1
            broken = BrokenPiece(name, window.line, fault_line, element.reason, False, False)
            window.consume(data)
            return broken
        return self._take_broken_piece(end, name, reason)

    def _take_broken_piece(self, end: BrokenElement, name: str, reason: str) -> BrokenPiece:
        window = self._window
        line = window.line
        window.take(end.sure_bytes)
        goes_on = self._skip_to_end_of_piece()
        return BrokenPiece(
            name=name,
            line=line,
            fault_line=line + end.lines_down,
            reason=end.reason if reason == UNSPECIFIC else reason,
            cut_off=end.ended_early and not goes_on,
            too_large=end.too_large,
        )

    def _find_end(self, *, separator: str | None) -> WholeElement | BrokenElement:
        goes_far = self._goes_far()
        limit = MAX_RECORD_BYTES if goes_far else _NEAR_BYTES
        end = find_end(self._window, limit=limit, separator=separator)
        if isinstance(end, BrokenElement):
            consumed = end.sure_bytes if separator else 0
            self._in_vain += end.scanned_bytes - consumed
            if end.too_large and not goes_far:
                return replace(end, too_large=False, reason=NO_END)
        return end

    def _goes_far(self) -> bool:
        return self._in_vain < _BYTES_IN_VAIN + self._window.consumed

    def _skip_to_end_of_piece(self) -> bool:
        """Go on to the end of a broken piece: an end tag, the next piece or the end of the root.

        What stands in a comment or CDATA section is not mistaken for a tag. False: file at end.
        """
        while self._skip_to(self._landmark_in_piece):
            opener = self._misc.opener()
            if opener is None:
                end = self._at(_PIECE_END)
                self._window.take(len(end.group()) if end else 0)
                return True
            self._window.take(self._misc.size_of_section(opener) or len(opener))
        return False

    def _piece(self, name: str, data: bytes, element: etree._Element) -> Piece:
        line = self._window.line
        self._window.consume(data)
        return Piece(name, line, self._parser.standing_alone(data), element)

    # What has no place in the root

    def _take_stray(self) -> Stray | CutOff:
        """Step over text, elements and sections up to what has its place: one stretch, one cut."""
        window = self._window
        line = window.line
        begins_a_section = self._misc.opener() is not None
        tag = self._at(_STRAY_TAG)
        stray = Stray(
            line,
            name=tag.group(1).decode() if tag else None,
            wraps_records=self._at(_WRAPPED_RECORD) is not None,
        )
        while True:
            self._step_over_stray()
            if not window.require(1):
                return CutOff(line) if begins_a_section else stray
            if self._at(_PIECE) or self._at(self._root_end):
                return stray
            if self._misc.opener() not in (None, CDATA) and self._misc.size(in_content=True):
                return stray

    def _step_over_stray(self) -> None:
        window = self._window
        opener = self._misc.opener()
        if opener:
            window.take(self._misc.size_of_section(opener) or len(opener))
        else:
            window.take(self._size_of_stray_element() or 1)
        self._skip_to(_MARKUP if self._goes_far() else self._landmark)

    def _size_of_stray_element(self) -> int:
        """Whole stray elements are stepped over with all that is in them, records too."""
        if not self._at(_START_TAG) or not self._goes_far():
            return 0
        self._in_vain += _BYTES_PER_LOOK
        end = self._find_end(separator=None)
        return end.size if isinstance(end, WholeElement) else 0

    def _skip_to(self, landmark: re.Pattern[bytes]) -> bool:
        """Consume all before the next `landmark`, or the whole file and return False."""
        window = self._window
        while True:
            match = landmark.search(window.data, window.pos)
            if match:
                window.take(match.start() - window.pos)
                return True
            window.take(max(window.held() - _LONGEST_TAG_NAME, 0))
            if not window.fill():
                window.take(window.held())
                return False

    # The end

    def _end_of_root(self) -> Iterator[AfterTheEnd | CutOff]:
        window = self._window
        end = window.find(b">", limit=MAX_RECORD_BYTES)
        if end < 0:
            yield CutOff(window.line)
            return
        line = window.line
        tag = window.take(end + 1)
        if tag[len(self._root_end_begun) : -1].strip(XML_SPACE):
            yield AfterTheEnd(line)
        else:
            yield from self._epilog()

    def _epilog(self) -> Iterator[AfterTheEnd]:
        self._misc.skip(in_content=False)
        self.cut_at = self._window.consumed
        if self._window.held():
            yield AfterTheEnd(self._window.line)
