"""Finds what a finding is about in its file: a second pass, for files that have findings.

A finding knows a line and a path. To mark the fault, and to write beside it, the bytes are needed:
the file is cut as it was when it was checked, and only records with findings are read by expat,
which tells where it stands to the byte.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.findings import Finding, FindingCode
from app.reports.piece_map import Node, PieceMap, end_of_name
from app.reports.utf8_file import Utf8File
from app.xsd.cutter import (
    MAX_RECORD_BYTES,
    AfterTheEnd,
    BrokenPiece,
    Cut,
    CutOff,
    Cutter,
    Piece,
    Stray,
)
from app.xsd.prolog import HEADER, RECORD, ROOT, PrologFault, Root, read_root
from app.xsd.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is faulty reaches from `begin` to `end`, or is the line `lines_down` below `begin`.

    `comment_at` is where an XML comment that tells of it may stand beside it, None for nowhere.
    Offsets count the bytes of the file in UTF-8, without its mark.
    """

    begin: int
    end: int | None = None
    lines_down: int = 0
    comment_at: int | None = None


def places_of(findings: Sequence[Finding], file: Utf8File) -> list[Place]:
    """Return the place of each finding, in their order."""
    file.seek(0)
    window = Window(file)
    try:
        root = read_root(window)
    except PrologFault:
        return [Place(begin=0, lines_down=(finding.line or 1) - 1) for finding in findings]
    search = _Search(findings, root)
    search.run(Cutter(window, root), window)
    last = _last_safe_place(search.broken, file)
    return [_unless_behind(last, place) for place in search.places]


_ENDS: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_OPENER: Final = re.compile(b"|".join(map(re.escape, _ENDS)))
_ROOT_PATH: Final = f"/{ROOT}"
_HEADER_PATH: Final = f"{_ROOT_PATH}/{HEADER}"
_BESIDE_PIECES: Final = {
    Stray: FindingCode.BETWEEN_RECORDS,
    CutOff: FindingCode.FILE_CUT_OFF,
    AfterTheEnd: FindingCode.AFTER_THE_END,
}
# Their path is the parent of what is missing: the comment stands in it, where the missing belongs.
_MISSING: Final = frozenset(
    {
        FindingCode.MISSING_ELEMENT,
        FindingCode.VERSION_MISSING,
        FindingCode.MINIMUM_FIELD_MISSING,
    }
)
# About the element, and not about the value that it holds.
_OF_THE_TAG: Final = _MISSING | {
    FindingCode.UNEXPECTED_ELEMENT,
    FindingCode.WRONG_ORDER,
    FindingCode.REPEATED_ELEMENT,
    FindingCode.EMPTY_ELEMENT,
    FindingCode.ATTRIBUTE,
    FindingCode.NAMESPACE,
    FindingCode.NIL,
}


class _Search:
    """Goes through the cuts of a file until every finding has its place."""

    def __init__(self, findings: Sequence[Finding], root: Root) -> None:
        at_root = Place(begin=root.at, end=root.at + len(root.tag) + 1, comment_at=root.at)
        self.places = [at_root] * len(findings)
        self.broken: list[tuple[int, int]] = []
        self._findings = findings
        self._of_records: dict[int, list[int]] = defaultdict(list)
        self._of_header: list[int] = []
        self._of_content: list[int] = []
        for index, finding in enumerate(findings):
            self._list_for(finding).append(index)

    def _list_for(self, finding: Finding) -> list[int]:
        if finding.record is not None:
            return self._of_records[finding.record]
        in_header = f"{finding.path}/".startswith(f"{_HEADER_PATH}/")
        return self._of_header if in_header else self._of_content

    def run(self, cutter: Cutter, window: Window) -> None:
        number = 0
        for cut in cutter.cuts():
            if isinstance(cut, BrokenPiece | Stray | CutOff):
                self.broken.append((cutter.cut_at, window.consumed))
            if isinstance(cut, Piece | BrokenPiece) and cut.name == RECORD:
                number += 1
                found = self._of_records.pop(number, [])
                self._place(found, f"{_ROOT_PATH}/{RECORD}[{number}]", cut, cutter, window)
            elif isinstance(cut, Piece | BrokenPiece) and self._of_header:
                found, self._of_header = self._of_header, []
                self._place(found, _HEADER_PATH, cut, cutter, window)
            else:
                self._place_beside(cut, cutter.cut_at, window.consumed)
            if not (self._of_records or self._of_header or self._of_content):
                return

    def _place(
        self, found: list[int], path: str, cut: Piece | BrokenPiece, cutter: Cutter, window: Window
    ) -> None:
        if not found:
            return
        at = cutter.cut_at
        if isinstance(cut, BrokenPiece):
            place = Place(begin=at, lines_down=cut.fault_line - cut.line, comment_at=at)
            for index in found:
                self.places[index] = place
            return
        piece = _PlacedPiece(cut, path, at, size=window.consumed - at)
        findings = [self._findings[index] for index in found]
        for index, place in zip(found, piece.places_of(findings), strict=True):
            self.places[index] = place

    def _place_beside(self, cut: Cut, at: int, end: int) -> None:
        """What stands between header and records, or instead of the end."""
        place = Place(begin=at, end=end if isinstance(cut, Stray) else None, comment_at=at)
        for index in self._of_content:
            finding = self._findings[index]
            if finding.line == cut.line and finding.code is _code_beside(cut):
                self.places[index] = place
                self._of_content.remove(index)
                return


def _last_safe_place(stretches: list[tuple[int, int]], file: Utf8File) -> int | None:
    """Where a stretch begins that may hold a section without an end: that of ours would end it."""
    for begin, end in stretches:
        if end - begin > MAX_RECORD_BYTES:  # garbage without end is not looked through
            return begin
        file.seek(begin)
        if _leaves_section_open(file.read(end - begin)):
            return begin
    return None


def _leaves_section_open(data: bytes) -> bool:
    at = 0
    while opener := _OPENER.search(data, at):
        end = data.find(_ENDS[opener.group()], opener.end())
        if end < 0:
            return True
        at = end
    return False


def _unless_behind(last: int | None, place: Place) -> Place:
    if last is None or place.comment_at is None or place.comment_at <= last:
        return place
    return replace(place, comment_at=None)


def _code_beside(cut: Cut) -> FindingCode:
    if isinstance(cut, Piece | BrokenPiece):
        return FindingCode.HEADER_MISPLACED
    return _BESIDE_PIECES[type(cut)]


class _PlacedPiece:
    """A header or record of `size` bytes at offset `at`, whose own path is `path`."""

    def __init__(self, piece: Piece, path: str, at: int, *, size: int) -> None:
        self._piece = piece
        self._path = path
        self._at = at
        # Declarations of the root, put behind its name so that it can stand alone.
        self._added = len(piece.data) - size
        self._added_at = end_of_name(piece.data)

    def places_of(self, findings: list[Finding]) -> Iterator[Place]:
        paths = list(self._paths_of(findings))
        lines = [(finding.line or 1) - self._piece.line + 1 for finding in findings]
        elements = PieceMap(self._piece.data, paths=paths, lines=set(lines))
        for finding, path, line in zip(findings, paths, lines, strict=True):
            node = elements.nearest(path)
            yield self._place(
                finding, node if finding.line is None else elements.on_line(node, line)
            )

    def _paths_of(self, findings: list[Finding]) -> Iterator[str]:
        """Their paths below the piece. Elements that no schema knows are not counted in them: of
        those with one name, each finding is about the next.
        """
        seen: Counter[str] = Counter()
        for finding in findings:
            path = finding.path.removeprefix(self._path).removeprefix("/")
            if finding.code is FindingCode.UNEXPECTED_ELEMENT and not path.endswith("]"):
                seen[path] += 1
                path = f"{path}[{seen[path]}]"
            yield path

    def _place(self, finding: Finding, node: Node) -> Place:
        begin, end = node.tag if finding.code in _OF_THE_TAG else _marked(node)
        inside = finding.code in _MISSING and not node.is_empty_tag
        return Place(
            begin=self._offset(begin),
            end=self._offset(end),
            comment_at=self._offset(node.tag_end if inside else node.begin),
        )

    def _offset(self, offset: int) -> int:
        """From the piece as it is parsed to the file as it was received."""
        return self._at + (offset if offset <= self._added_at else offset - self._added)


def _marked(node: Node) -> tuple[int, int]:
    return node.value or node.tag
