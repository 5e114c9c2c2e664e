"""Parses one piece of a case file, cut out of its document, as it would be parsed inside it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Final
from xml.parsers import expat

from lxml import etree

from app.xsd.malformed import Malformed, as_libxml2_says

XML_SPACE: Final = b" \t\r\n"
"""All that is white space to XML; `str.strip` and `bytes.strip` alone take more for it."""
XML_SPACE_TEXT: Final = " \t\r\n"

# libxml2 keeps line numbers in 16 bits; what it does to go on counting is not exact.
_MOST_LINES_COUNTED: Final = 65_000


def new_parser(*, keep_blanks: bool) -> etree.XMLParser:
    """A parser that resolves no entity, reaches no network and keeps libxml2's size limits."""
    return etree.XMLParser(
        remove_blank_text=not keep_blanks,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
    )


class PieceParser:
    """`namespaces` are the declarations of the root: prefix, or "" for the default, to URI."""

    def __init__(self, namespaces: dict[str, str]) -> None:
        self._declarations = {
            f"xmlns:{prefix}" if prefix else "xmlns": _escaped(uri)
            for prefix, uri in namespaces.items()
        }
        self._written = _written(self._declarations.items())
        # Blank nodes are dropped for speed, but a comment inside a blank would then change it.
        self._fast_parser = new_parser(keep_blanks=False)
        self._exact_parser = new_parser(keep_blanks=True)

    def parse(self, data: bytes) -> etree._Element | Malformed:
        parser = self._exact_parser if holds_comments(data) else self._fast_parser
        try:
            element: etree._Element = etree.fromstring(self.standing_alone(data), parser)
        except etree.XMLSyntaxError as error:
            return as_libxml2_says(error)
        return element

    def standing_alone(self, data: bytes) -> bytes:
        """Give the piece the declarations of the root, except those that it makes itself."""
        if not self._declarations:
            return data
        name = _NAME.match(data)
        assert name is not None, "a piece begins with its tag"
        name_end = name.end()
        if data[name_end] == ord(">"):
            return b"".join((data[:name_end], self._written, data[name_end:]))
        own = set(_attribute_names(data, name_end))
        missing = [(name, uri) for name, uri in self._declarations.items() if name not in own]
        return b"".join((data[:name_end], _written(missing), data[name_end:]))


def holds_comments(data: bytes) -> bool:
    """Whether there may be comments, CDATA sections or processing instructions in `data`.

    One byte is searched first: it is rare, and 30 times faster to find than a pair that begins
    like every tag.
    """
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)


def holds(data: bytes, rare_byte: bytes, needle: bytes) -> bool:
    """Whether `needle` is in `data`. One byte is found 20 times as fast as two are."""
    return rare_byte in data and needle in data


_NAME = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>/"']+)\s*=\s*(?:"[^"]*"|'[^']*')""")


def _attribute_names(data: bytes, start: int) -> Iterator[str]:
    while attribute := _ATTRIBUTE.match(data, start):
        yield attribute.group(1).decode(errors="replace")
        start = attribute.end()


def _written(declarations: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f' {name}="{uri}"' for name, uri in declarations).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def is_valid(schema: etree.XMLSchema, element: etree._Element) -> bool:
    """Whether `schema` accepts `element`.

    libxml2 gives up on a text that keeps its regular expressions busy for too long (a million "@"
    where an address should be): what cannot be found valid is not.
    """
    try:
        return schema.validate(element)
    except etree.XMLSchemaValidateError:
        return False


def line_in_piece(element: etree._Element, lines: Mapping[etree._Element, int] | None) -> int:
    """The line of `element`, counted from 1 at the beginning of its piece."""
    if lines is not None and element in lines:
        return lines[element]
    return element.sourceline or 1


def exact_lines(data: bytes, root: etree._Element) -> Mapping[etree._Element, int] | None:
    """The line of every element of the piece `data`, where it has more than libxml2 counts.

    None where expat cannot read it, which knows fewer letters for names: those of libxml2 must do.
    """
    # Bytes are counted first: that costs nothing, and few records have as many.
    if len(data) < _MOST_LINES_COUNTED or data.count(b"\n") < _MOST_LINES_COUNTED:
        return None
    begins: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda *_: begins.append(parser.CurrentByteIndex)
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return None
    # Not as expat counts: to it a carriage return alone ends a line, too.
    lines_down = accumulate(data.count(b"\n", *each) for each in pairwise([0, *begins]))
    lines = [1 + down for down in lines_down]
    return dict(zip(root.iter(etree.Element), lines, strict=True))
