"""What a page shows of a case file: the lines around its findings, the rest folded away."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from app.domain.findings import Finding
from app.portal.element_places import element_places
from app.xsd.encoding import EncodingRefused, as_utf8

SHOWN_WHOLE: Final = 400
"""A file of so many lines or less is shown from beginning to end."""

LONGEST_LINE: Final = 400
"""Characters of a line that are shown; of a longer one, what stands around its findings."""

_NEIGHBORS: Final = 3  # lines above and below a finding
_BEFORE, _AFTER = 40, 240  # characters shown around a finding in an over-long line
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Lines without findings that are left out, both ends in."""

    first: int
    last: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def readable_text(content: bytes) -> str:
    """Return the characters of a case file, with a mark for each that its encoding lacks."""
    try:
        source = as_utf8(BytesIO(content))
    except EncodingRefused:
        return content.decode("iso-8859-1")
    pieces = []
    while piece := source.read(len(content) or 1):
        pieces.append(piece)
    return b"".join(pieces).decode("utf-8", "replace")


def source_view(text: str, findings: Sequence[Finding]) -> list[SourceRow | Fold]:
    """Return the lines around `findings`, in order, and a fold for each gap between them.

    Lines end with a line feed, as findings count them.
    """
    lines = text.split("\n")
    if lines[-1] == "" and len(lines) > 1:
        lines.pop()
    on_line = _by_line(findings, len(lines))
    columns = _columns(text, lines, on_line, findings)
    rows: list[SourceRow | Fold] = []
    for first, last, shown in _stretches(len(lines), sorted(on_line)):
        if not shown:
            rows.append(Fold(first=first, last=last))
            continue
        for number in range(first, last + 1):
            line = lines[number - 1].removesuffix("\r")
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
    text: str, lines: list[str], on_line: dict[int, list[int]], findings: Sequence[Finding]
) -> dict[int, int]:
    """Where in its line each finding stands that is on an over-long one."""
    over_long = {number for number in on_line if len(lines[number - 1]) > LONGEST_LINE}
    if not over_long:
        return {}
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    offsets = element_places(text, {findings[i].path for n in over_long for i in on_line[n]})
    columns = {}
    for number in over_long:
        for position in on_line[number]:
            offset = offsets.get(findings[position].path, -1)
            if bisect_right(starts, offset) == number:
                columns[position] = offset - starts[number - 1]
    return columns


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
