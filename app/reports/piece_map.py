"""Where each element of a header or record stands, to the byte."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final
from xml.parsers import expat

from app.xsd.boundary import TAG
from app.xsd.parsing import XML_SPACE

_NAME: Final = re.compile(rb"<[^\s/>]++>?")
_STEP: Final = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")


def end_of_name(data: bytes) -> int:
    """Where the name of the element ends that `data` begins with."""
    tag = _NAME.match(data)
    assert tag is not None, "an element begins with its tag"
    return tag.end() - tag.group().endswith(b">")


@dataclass
class Node:
    """An element of `data`, from its start tag at `begin` to its end tag at `content_end`.

    It begins on `line`.
    """

    data: bytes
    begin: int
    line: int
    content_end: int = 0
    holds_elements: bool = False

    @cached_property
    def tag_end(self) -> int:
        tag = TAG.match(self.data, self.begin)
        assert tag is not None, "expat reported a tag that is none"
        return tag.end()

    @cached_property
    def lines_of_tag(self) -> range:
        down = self.data.count(b"\n", self.begin, self.tag_end)
        return range(self.line, self.line + down + 1)

    @property
    def is_empty_tag(self) -> bool:
        return self.data.endswith(b"/>", self.begin, self.tag_end)

    @property
    def tag(self) -> tuple[int, int]:
        """The start tag as far as it names the element."""
        name = _NAME.match(self.data, self.begin)
        assert name is not None, "expat reported a tag that is none"
        return name.span()

    @property
    def value(self) -> tuple[int, int] | None:
        """The value without the white space around it: None when there is none, or more to it."""
        if self.holds_elements or self.is_empty_tag:
            return None
        content = self.data[self.tag_end : self.content_end]
        value = content.strip(XML_SPACE)
        if not value or b"\n" in value or b"\n" in self.data[self.begin : self.tag_end]:
            return None
        begin = self.tag_end + content.index(value)
        goes_on = b"\n" not in self.data[self.tag_end : begin]
        return (begin, begin + len(value)) if goes_on else None


@dataclass(slots=True)
class _Open:
    """An element that has begun; `path` and `seen` are None where nothing is looked for."""

    path: str | None
    node: Node | None
    seen: Counter[str] | None


class PieceMap:
    """The elements of `data`, which is well-formed, that are looked for.

    Paths begin below its root, as in "PreOp/Age"; lines count from 1 where `data` begins.
    """

    def __init__(self, data: bytes, *, paths: Iterable[str], lines: Collection[int]) -> None:
        self._data = data
        self._wanted = {prefix for path in paths for prefix in _prefixes(path)}
        self._lines = lines
        self._by_path: dict[str, Node] = {}
        self._by_line: dict[int, Node] = {}
        self._open: list[_Open] = []
        self._line = 1
        self._counted = 0
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError:
            self._end_early()

    def _end_early(self) -> None:
        """Expat knows fewer letters for names than libxml2 (XML 1.0, fourth and fifth edition).

        What stands behind such a name has the place of the nearest parent that is known.
        """
        for opened in self._open:
            if opened.node:
                opened.node.content_end = len(self._data)

    def _on_start(self, name: str, _: dict[str, str]) -> None:
        path = self._path_of(name)
        begin = self._parser.CurrentByteIndex
        line = self._line_at(begin)
        is_first_on_line = line in self._lines and line not in self._by_line
        node = None
        if path is not None or is_first_on_line:
            node = Node(self._data, begin, line)
        if node and path is not None:
            self._by_path[path] = node
        if node and is_first_on_line:
            self._by_line[line] = node
        self._open.append(_Open(path, node, None if path is None else Counter()))

    def _line_at(self, begin: int) -> int:
        """Expat's own lines end with a carriage return, too; those of a case file do not."""
        self._line += self._data.count(b"\n", self._counted, begin)
        self._counted = begin
        return self._line

    def _path_of(self, name: str) -> str | None:
        """The path of the element that begins, if it is looked for or leads there."""
        if not self._open:
            return ""
        parent = self._open[-1]
        if parent.node:
            parent.node.holds_elements = True
        if parent.path is None or parent.seen is None:
            return None
        parent.seen[name] += 1
        path = f"{parent.path}/{name}[{parent.seen[name]}]"
        return path if path in self._wanted else None

    def _on_end(self, _: str) -> None:
        node = self._open.pop().node
        if node:
            node.content_end = self._parser.CurrentByteIndex

    def nearest(self, path: str) -> Node:
        """The element at `path`, or the nearest of its parents that is there."""
        return next(
            self._by_path[prefix] for prefix in _prefixes(path)[::-1] if prefix in self._by_path
        )

    def on_line(self, node: Node, line: int) -> Node:
        """`node`, or when it is not on `line`, the first element in it that is.

        libxml2 and expat count an element that has its attributes on lines of their own at either
        end of its tag.
        """
        inner = self._by_line.get(line)
        if line in node.lines_of_tag:
            return node
        return inner if inner and node.begin < inner.begin < node.content_end else node


def _prefixes(path: str) -> list[str]:
    """Every path that leads to `path`, with a number on each step: "", "/PreOp[1]", ..."""
    steps = (f"/{name}[{number or 1}]" for name, number in _STEP.findall(path))
    return list(accumulate(steps, initial=""))
