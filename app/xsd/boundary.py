"""Where an element really ends, when the first end tag that is found is not the one.

A record may hold its own end tag in a comment or a CDATA section, may be written `<X/>` or
`</X >`, may lack its end tag, or may be broken. expat reads it token by token and tells.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.parsers import expat

from app.xsd.malformed import (
    CONTEXT_BYTES,
    TOO_DEEP,
    UNCLOSED,
    Opened,
    as_expat_says,
    is_wrong_end_tag,
    wrong_end_tag,
)
from app.xsd.names import published_names
from app.xsd.window import Window

TAG: Final = re.compile(rb"""<(?:[^"'>]++|"[^"]*+"|'[^']*+')*>""")
_NAME = re.compile(rb"(?:</)?([A-Za-z0-9_]{1,64})[ \t\r\n>]")
_FEED_BYTES: Final = 4 << 10
_MOST_OPEN: Final = 4096

ENDED_EARLY: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(frozen=True, slots=True)
class WholeElement:
    """`size` in bytes from the start of the element."""

    size: int


@dataclass(frozen=True, slots=True)
class BrokenElement:
    """Not well-formed `lines_down` below its first line.

    Its first `sure_bytes` belong to it; where it ends has to be searched for behind them, although
    `scanned_bytes` were read to find that out.
    """

    sure_bytes: int
    scanned_bytes: int
    lines_down: int = 0
    reason: str = ""
    ended_early: bool = False
    too_large: bool = False


class _Ended(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class _NextBegins(Exception):
    """A second record begins inside the element: it lacks its end tag."""


class _TooDeep(Exception):
    """More elements are open than libxml2 would take; expat keeps 600 bytes for each."""


def find_end(window: Window, *, limit: int, separator: str | None) -> WholeElement | BrokenElement:
    """Tell how far the element that begins at the window's position reaches.

    An element that holds one whole element named `separator` is whole, if misbuilt. When it holds
    two, or is not well-formed behind one, it lacks its own end tag and ends where the first began.
    """
    walk = _Walk(window, separator)
    try:
        walk.run(limit)
    except _Ended as end:
        return WholeElement(_end_of_element(window, end.offset))
    except _NextBegins:
        return walk.lacks_end_tag()
    except _TooDeep:
        return walk.nested_too_deeply()
    except expat.ExpatError as error:
        return walk.lacks_end_tag() if walk.separator_at else walk.broken_by(error)
    return walk.too_large()


class _Walk:
    """Leads expat over one element, as far as its end or the first fault."""

    def __init__(self, window: Window, separator: str | None) -> None:
        self._window = window
        self._separator = separator
        self._open: list[tuple[int, str | None]] = []
        self._fed = 0
        self._last_tag_at = 0
        self.separator_at = 0
        self._separator_line = 1
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end

    def run(self, limit: int) -> None:
        """Raises: _Ended, _NextBegins, ExpatError; comes back when `limit` bytes are not enough."""
        while self._fed < limit:
            chunk = next_feed(self._window, self._fed)
            self._fed += len(chunk)
            self._parser.Parse(chunk, not chunk)

    def lacks_end_tag(self) -> BrokenElement:
        return BrokenElement(
            sure_bytes=self.separator_at,
            scanned_bytes=self._fed,
            lines_down=self._separator_line - 1,
            reason=UNCLOSED,
        )

    def broken_by(self, error: expat.ExpatError) -> BrokenElement:
        return BrokenElement(
            sure_bytes=self._last_tag_at + 1,
            scanned_bytes=self._fed,
            lines_down=error.lineno - 1,
            reason=self._reason(error),
            ended_early=error.code in ENDED_EARLY,
        )

    def _reason(self, error: expat.ExpatError) -> str:
        if is_wrong_end_tag(error):
            return wrong_end_tag(self._opened, self._name_at_fault())
        return as_expat_says(error, self._before_fault())

    @property
    def _opened(self) -> Opened | None:
        """The innermost open element."""
        if not self._open:
            return None
        line, name = self._open[-1]
        return Opened(self._window.line + line - 1, name)

    def _name_at_fault(self) -> str | None:
        start = self._window.pos + self._parser.ErrorByteIndex
        name = _NAME.match(self._window.data, start)
        return _if_published(name.group(1).decode(errors="replace")) if name else None

    def _before_fault(self) -> bytes:
        end = self._window.pos + self._parser.ErrorByteIndex
        return self._window.data[max(end - CONTEXT_BYTES, self._window.pos) : end]

    def nested_too_deeply(self) -> BrokenElement:
        return BrokenElement(
            sure_bytes=self._last_tag_at + 1,
            scanned_bytes=self._fed,
            lines_down=self._parser.CurrentLineNumber - 1,
            reason=TOO_DEEP,
        )

    def too_large(self) -> BrokenElement:
        return BrokenElement(
            sure_bytes=self._last_tag_at + 1, scanned_bytes=self._fed, too_large=True
        )

    def _on_start(self, tag: str, _: dict[str, str]) -> None:
        self._last_tag_at = self._parser.CurrentByteIndex
        if self._open and tag.rpartition(":")[2] == self._separator:
            if self.separator_at:
                raise _NextBegins
            self.separator_at = self._last_tag_at
            self._separator_line = self._parser.CurrentLineNumber
        self._open.append((self._parser.CurrentLineNumber, _if_published(tag)))
        if len(self._open) > _MOST_OPEN:
            raise _TooDeep

    def _on_end(self, _: str) -> None:
        self._last_tag_at = max(self._parser.CurrentByteIndex - 1, self._last_tag_at)
        self._open.pop()
        if not self._open:
            raise _Ended(self._parser.CurrentByteIndex)


def _if_published(name: str) -> str | None:
    """The one object that all have of the name; any other may hold what was said of a patient."""
    return _published().get(name)


@cache
def _published() -> dict[str, str]:
    return {name: name for name in published_names()}


def next_feed(window: Window, fed: int) -> bytes:
    """What expat is given after the first `fed` bytes; empty at the end of the file.

    Ever more at a time: expat begins a long token anew with every feed.
    """
    if fed >= window.held() and not window.fill():
        return b""
    start = window.pos + fed
    return window.data[start : start + max(_FEED_BYTES, fed)]


def _end_of_element(window: Window, offset: int) -> int:
    """Bytes of the element at hand, when expat reported its end at `offset`.

    expat points at the beginning of an end tag, but behind a tag like `<X a="b"/>`.
    """
    start_tag = TAG.match(window.data, window.pos)
    assert start_tag is not None, "expat reported a tag that is none"
    if start_tag.end() == window.pos + offset and start_tag.group().endswith(b"/>"):
        return offset
    end_tag = TAG.match(window.data, window.pos + offset)
    assert end_tag is not None, "expat reported a tag that is none"
    return end_tag.end() - window.pos
