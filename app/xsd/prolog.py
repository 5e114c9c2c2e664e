"""What stands before the content of a case file: the declaration and the tag of the root."""

from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from lxml import etree

from app.xsd.boundary import ENDED_EARLY, TAG, next_feed
from app.xsd.malformed import (
    CONTEXT_BYTES,
    LONG_ROOT,
    NO_ELEMENT,
    as_libxml2_says,
    before_the_root,
)
from app.xsd.other_formats import HEAD_BYTES, HTML, other_format
from app.xsd.parsing import XML_SPACE, new_parser
from app.xsd.window import Window

ROOT: Final = "AnesthesiaRecords"
HEADER: Final = "RecordHeader"
RECORD: Final = "AnesthesiaRecord"
XSI_NAMESPACE: Final = "http://www.w3.org/2001/XMLSchema-instance"
MAX_PROLOG_BYTES: Final = 16 << 20
_MAX_ROOT_BYTES: Final = 4 << 10  # every record is parsed with the declarations of the root
_SCHEMA_HINTS: Final = frozenset(
    f"{{{XSI_NAMESPACE}}}{name}" for name in ("noNamespaceSchemaLocation", "schemaLocation")
)


class PrologFault(Exception):
    """The file cannot be read past its prolog; `line` is where."""

    line: int

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class NotXml(PrologFault): ...


class OtherFormat(PrologFault):
    """The message names the format."""


class DtdRefused(PrologFault): ...


class EndsInProlog(PrologFault): ...


class NothingThere(PrologFault): ...


@dataclass(frozen=True, slots=True)
class Root:
    """The root by its tag. `tag` is its name as written, prefix included.

    `at` counts the bytes of the file, in UTF-8, before it.
    """

    tag: str
    at: int
    line: int
    is_empty: bool
    element: etree._Element

    @property
    def local_name(self) -> str:
        return etree.QName(self.element).localname

    @property
    def namespace(self) -> str:
        return etree.QName(self.element).namespace or ""

    @property
    def namespaces(self) -> dict[str, str]:
        """Declarations on the root: prefix, or "" for the default, to namespace."""
        return {prefix or "": uri for prefix, uri in self.element.nsmap.items()}

    @property
    def has_foreign_attributes(self) -> bool:
        """Whether it has attributes other than the hints that XML Schema allows everywhere."""
        return not _SCHEMA_HINTS.issuperset(str(name) for name in self.element.attrib)


def read_root(window: Window) -> Root:
    """Consume everything up to the end of the root's tag.

    expat tells where it stands to the byte and is left as soon as it begins.
    Raises: NothingThere, NotXml, OtherFormat, DtdRefused, EndsInProlog.
    """
    return _RootFinder(window).read()


class _Found(Exception):
    """Raised inside expat's callback to leave it: the root begins at `offset`."""

    def __init__(self, tag: str, offset: int) -> None:
        super().__init__()
        self.tag = tag
        self.offset = offset


class _RootFinder:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.StartElementHandler = self._on_start

    def read(self) -> Root:
        window = self._window
        found = self._feed_until_root()
        window.take(found.offset)
        start_tag = TAG.match(window.data, window.pos)
        assert start_tag is not None, "expat reported a tag that is none"
        line, at = window.line, window.consumed
        if start_tag.end() - window.pos > _MAX_ROOT_BYTES:
            raise NotXml(LONG_ROOT, line)
        written = window.take(start_tag.end() - window.pos)
        is_empty = written.endswith(b"/>")
        whole = written if is_empty else written + f"</{found.tag}>".encode()
        try:
            element: etree._Element = etree.fromstring(whole, new_parser(keep_blanks=True))
        except etree.XMLSyntaxError as error:
            raise NotXml(as_libxml2_says(error).reason, line) from None
        return Root(tag=found.tag, at=at, line=line, is_empty=is_empty, element=element)

    def _feed_until_root(self) -> _Found:
        fed = 0
        try:
            while fed <= MAX_PROLOG_BYTES:
                chunk = next_feed(self._window, fed)
                fed += len(chunk)
                self._parser.Parse(chunk, not chunk)
        except _Found as found:
            return found
        except expat.ExpatError as error:
            raise self._fault(error, at_end=fed == self._window.held()) from None
        raise NotXml(NO_ELEMENT, self._line())

    def _fault(self, error: expat.ExpatError, *, at_end: bool) -> PrologFault:
        end = self._window.pos + self._parser.ErrorByteIndex
        before = self._window.data[max(end - CONTEXT_BYTES, self._window.pos) : end]
        held = self._window.data[self._window.pos :].strip(XML_SPACE)
        head = held[:HEAD_BYTES]
        reason = before_the_root(error, before, head)
        if not held:
            return NothingThere(reason, 1)
        other = other_format(head)
        if other:
            return OtherFormat(other, 1)
        is_cut_off = at_end and error.code in ENDED_EARLY and held.startswith(b"<")
        return (EndsInProlog if is_cut_off else NotXml)(reason, error.lineno)

    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _on_doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            raise OtherFormat(HTML, self._line())
        raise DtdRefused("a document type declaration is not allowed", self._line())

    def _on_start(self, tag: str, _: dict[str, str]) -> None:
        raise _Found(tag, self._parser.CurrentByteIndex)
