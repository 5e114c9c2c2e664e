"""What a page shows of a case file: the lines around its findings, the rest folded away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from typing import Final

from app.domain.findings import Finding
from app.reports.excerpts import on_its_line
from app.reports.places import places_of
from app.xsd.encoding import EncodingRefused, as_utf8

SHOWN_WHOLE: Final = 400
"""A file of so many lines or less is shown from beginning to end."""

LONGEST_LINE: Final = 400
"""Characters of a line that are shown; of a longer one, what stands around its findings."""

_NEIGHBORS: Final = 3  # lines above and below a finding
_BEFORE, _AFTER = 24, 240  # characters shown around a finding: on a phone it is seen at once
_LEAST_FOLD: Final = 4  # less is shown: the note about a fold takes a line too


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A line, or a part of an over-long one. `findings` are their positions in the list given.

    `begins_line` is True for the first part of a line that is shown.
    """

    number: int
    text: str
    findings: tuple[int, ...] = ()
    begins_line: bool = True
    cut_before: bool = False
    cut_after: bool = False

    @property
    def is_part(self) -> bool:
        return self.cut_before or self.cut_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Lines without findings that are left out, both ends in."""

    first: int
    last: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def readable(content: bytes) -> bytes:
    """Return a case file in UTF-8, with bytes that are none where its encoding has no character.

    One in an encoding that is not read becomes what is seen of it as ISO-8859-1.
    """
    try:
        source = as_utf8(BytesIO(content))
    except EncodingRefused:
        return content.decode("iso-8859-1").encode()
    pieces = []
    while piece := source.read(len(content) or 1):
        pieces.append(piece)
    return b"".join(pieces)


def source_view(content: bytes, findings: Sequence[Finding]) -> list[SourceRow | Fold]:
    """Return the lines around `findings`, in order, and a fold for each gap between them.

    `content` is as `readable` gives it. Lines end with a line feed, as findings count them.
    """
    lines = content.split(b"\n")
    if lines[-1] == b"" and len(lines) > 1:
        lines.pop()
    on_line = _by_line(findings, len(lines))
    columns = _columns(content, lines, on_line, findings)
    rows: list[SourceRow | Fold] = []
    for first, last, shown in _stretches(len(lines), sorted(on_line)):
        if not shown:
            rows.append(Fold(first=first, last=last))
            continue
        for number in range(first, last + 1):
            line = _text(lines[number - 1].removesuffix(b"\r"))
            rows += _rows(number, line, on_line.get(number, ()), columns)
    return rows


def _by_line(findings: Sequence[Finding], lines: int) -> dict[int, list[int]]:
    on_line: dict[int, list[int]] = defaultdict(list)
    for position, finding in enumerate(findings):
        if finding.line is not None:
            on_line[min(finding.line, lines)].append(position)
    return on_line


def _stretches(lines: int, with_findings: list[int]) -> Iterator[tuple[int, int, bool]]:
    """Cut 1 to `lines` into (first, last, whether it is shown)."""
    if lines <= SHOWN_WHOLE:
        yield 1, lines, True
        return
    done = 0
    for first, last in _neighborhoods(lines, with_findings or [1]):
        if first > done + 1:
            yield done + 1, first - 1, False
        yield first, last, True
        done = last
    if done < lines:
        yield done + 1, lines, False


def _neighborhoods(lines: int, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the lines around `numbers`, joined where too little lies between them."""
    joined: list[tuple[int, int]] = []
    for number in numbers:
        first, last = max(1, number - _NEIGHBORS), min(lines, number + _NEIGHBORS)
        if joined and first - joined[-1][1] <= _LEAST_FOLD:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first if first > _LEAST_FOLD else 1, last))
    if joined and lines - joined[-1][1] < _LEAST_FOLD:
        joined[-1] = (joined[-1][0], lines)
    return joined


def _columns(
    content: bytes,
    lines: list[bytes],
    on_line: dict[int, list[int]],
    findings: Sequence[Finding],
) -> dict[int, int]:
    """Where in its line each finding stands that is on an over-long one, in characters."""
    over_long = {number for number in on_line if len(lines[number - 1]) > LONGEST_LINE}
    if not over_long:
        return {}
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    offsets = _offsets(content, findings)
    columns: dict[int, int] = {}
    for number in over_long:
        begin, end = starts[number - 1 : number + 1]
        there = [each for each in on_line[number] if begin <= offsets[each] < end]
        there.sort(key=offsets.__getitem__)
        column = 0
        for position in there:
            column += len(_text(content[begin : offsets[position]]))
            begin = offsets[position]
            columns[position] = column
    return columns


def _offsets(content: bytes, findings: Sequence[Finding]) -> list[int]:
    """Where each finding stands, as every report tells it."""
    file = BytesIO(content)
    return [on_its_line(place, file).begin for place in places_of(findings, file)]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")


def _rows(
    number: int, line: str, positions: Sequence[int], columns: dict[int, int]
) -> Iterator[SourceRow]:
    if len(line) <= LONGEST_LINE:
        yield SourceRow(number=number, text=line, findings=tuple(positions))
        return
    begins_line = True
    for first, last, inside in _windows(len(line), positions, columns):
        yield SourceRow(
            number=number,
            text=line[first:last],
            findings=tuple(inside),
            begins_line=begins_line,
            cut_before=first > 0,
            cut_after=last < len(line),
        )
        begins_line = False


def _windows(
    length: int, positions: Sequence[int], columns: dict[int, int]
) -> list[tuple[int, int, list[int]]]:
    """Return the parts of an over-long line that are shown, each with the findings in it."""
    if not positions:
        return [(0, LONGEST_LINE, [])]
    windows: list[tuple[int, int, list[int]]] = []
    for column, position in sorted((columns.get(each, 0), each) for each in positions):
        first, last = max(0, column - _BEFORE), min(length, column + _AFTER)
        if windows and first <= windows[-1][1] and last - windows[-1][0] <= LONGEST_LINE:
            windows[-1] = (windows[-1][0], last, [*windows[-1][2], position])
        else:
            windows.append((first, last, [position]))
    return windows
