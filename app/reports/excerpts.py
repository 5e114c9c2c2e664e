"""The lines of a case file around a fault, safe to show: narrow, and without control characters.

They quote what the file holds, so they are for the one whose file it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.reports.places import Place
from app.reports.printable import printable
from app.reports.utf8_file import Utf8File

_AROUND_BYTES: Final = 1 << 10
_CHUNK_BYTES: Final = 1 << 20
_WIDEST_BEFORE: Final = 56
_WIDEST_MARKED: Final = 64
_WIDEST_AFTER: Final = 40
_WIDEST_LINE: Final = 120
_CUT: Final = "\N{HORIZONTAL ELLIPSIS}"
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
_LINE_SPACE: Final = b" \t\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """`before`, `marked` and `after` are one line of the file; `marked` is empty at its end.

    `line` and `column` count from 1 and are where `marked` begins; a column is a character.
    `above` and `below` are the lines beside it, None where there are none near.
    """

    line: int
    column: int
    above: str | None
    before: str
    marked: str
    after: str
    below: str | None


def excerpts_of(places: Sequence[Place], file: Utf8File) -> list[Excerpt]:
    """Return the excerpt for each place, in their order."""
    found = [on_its_line(place, file) for place in places]
    excerpts: dict[int, Excerpt] = {}
    ruler = _Ruler(file)
    for index in sorted(range(len(found)), key=lambda index: found[index].begin):
        ruler.go_to(found[index].begin)
        excerpts[index] = _excerpt(found[index], ruler.line, ruler.column, file)
    return [excerpts[index] for index in range(len(found))]


def on_its_line(place: Place, file: Utf8File) -> Place:
    """Lead a place that is known by its line to the first thing that stands on it."""
    if place.lines_down == 0:
        return place
    begin = _line_below(place, file)
    file.seek(begin)
    line = file.read(_AROUND_BYTES).partition(b"\n")[0]
    return replace(place, begin=begin + len(line) - len(line.lstrip(_LINE_SPACE)), lines_down=0)


def _line_below(place: Place, file: Utf8File) -> int:
    """Where the line begins that is so many lines down, or the last one there is."""
    file.seek(place.begin)
    begin, at, left = place.begin, place.begin, place.lines_down
    while left and (chunk := file.read(_CHUNK_BYTES)):
        newlines = chunk.count(b"\n")
        if newlines < left:
            begin = at + chunk.rfind(b"\n") + 1 if newlines else begin
            left -= newlines
            at += len(chunk)
        else:
            found = -1
            for _ in range(left):
                found = chunk.index(b"\n", found + 1)
            return at + found + 1
    return begin


class _Ruler:
    """Goes forward through a file and knows its line and column."""

    def __init__(self, file: Utf8File) -> None:
        self._file = file
        self._at = 0
        self.line = 1
        self.column = 1

    def go_to(self, offset: int) -> None:
        self._file.seek(self._at)
        while self._at < offset:
            chunk = self._file.read(min(_CHUNK_BYTES, offset - self._at))
            if not chunk:
                return
            self._at += len(chunk)
            before, newline, after = chunk.rpartition(b"\n")
            if newline:
                self.line += before.count(b"\n") + 1
                self.column = 1
            self.column += len(after.translate(None, _CONTINUATION))


def _excerpt(place: Place, line: int, column: int, file: Utf8File) -> Excerpt:
    first = max(place.begin - _AROUND_BYTES, 0)
    file.seek(first)
    ahead = file.read(place.begin - first).lstrip(_CONTINUATION).split(b"\n")
    rest, *below = file.read(2 * _AROUND_BYTES).split(b"\n")
    rest = rest.rstrip(b"\r")
    end = len(rest) if place.end is None else place.end - place.begin
    size = len(rest[:end].rstrip(_LINE_SPACE))
    return Excerpt(
        line=line,
        column=column,
        above=_line(ahead[-2]) if len(ahead) > 1 else None,
        before=_end_of(_text(ahead[-1]), _WIDEST_BEFORE),
        marked=_start_of(_text(rest[:size]), _WIDEST_MARKED),
        after=_start_of(_text(rest[size:]), _WIDEST_AFTER),
        below=_line(below[0]) if below and below[0].strip(_LINE_SPACE) else None,
    )


def _text(data: bytes) -> str:
    return printable(data.decode("utf-8", "replace"))


def _line(data: bytes) -> str:
    return _start_of(_text(data.rstrip(b"\r")), _WIDEST_LINE)


def _start_of(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + _CUT


def _end_of(text: str, width: int) -> str:
    return text if len(text) <= width else _CUT + text[1 - width :]
