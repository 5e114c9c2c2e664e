"""What stands before the first record: declaration, root tag, header."""

from dataclasses import dataclass, field
from xml.parsers import expat

from app.xsd.boundary import end_of_element
from app.xsd.window import Window

ROOT = "AnesthesiaRecords"
HEADER = "RecordHeader"
RECORD = "AnesthesiaRecord"
XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
MAX_PROLOG_BYTES = 16 << 20
_FEED_BYTES = 64 << 10


class PrologFault(Exception):
    """The file cannot be read past its prolog; `line` is where."""

    line: int

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class NotXml(PrologFault): ...


class DtdRefused(PrologFault): ...


class EndsInProlog(PrologFault): ...


@dataclass(slots=True)
class Prolog:
    """`root_tag` and `record_tag` are qualified names as written, prefix included."""

    root_tag: str = ""
    root_line: int = 1
    root_attributes: dict[str, str] = field(default_factory=dict)
    root_is_empty: bool = False
    record_tag: str = RECORD
    header: bytes | None = None
    header_line: int = 1
    stray_lines: list[int] = field(default_factory=list)
    repeated_header_lines: list[int] = field(default_factory=list)

    @property
    def namespaces(self) -> dict[str, str]:
        """Declarations on the root: prefix, or "" for the default, to namespace."""
        return {
            name.partition(":")[2]: uri
            for name, uri in self.root_attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }

    @property
    def root_namespace(self) -> str:
        prefix = self.root_tag.rpartition(":")[0]
        return self.namespaces.get(prefix, "")

    @property
    def foreign_attributes(self) -> list[str]:
        """Attributes of the root that XML Schema does not allow everywhere."""
        xsi = [prefix for prefix, uri in self.namespaces.items() if uri == XSI_NAMESPACE]
        return [
            name
            for name in self.root_attributes
            if name != "xmlns" and name.partition(":")[0] not in ("xmlns", "xml", *xsi)
        ]


def read_prolog(window: Window) -> Prolog:
    """Consume everything before the first record, or before the end tag of the root.

    expat tells where things stand to the byte and is left as soon as the first record begins.
    Raises: NotXml, DtdRefused, EndsInProlog.
    """
    return _PrologReader(window).read()


class _Found(Exception):
    """Raised inside expat's callbacks to leave it: the prolog ends at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class _PrologReader:
    def __init__(self, window: Window) -> None:
        self._window = window
        self._prolog = Prolog()
        self._depth = 0
        self._root_start = 0
        self._ended = False
        self._header_start: int | None = None
        self._header_end: int | None = None
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text

    def read(self) -> Prolog:
        offset = self._feed_until_first_record()
        data, start = self._window.data, self._window.pos
        self._prolog.root_is_empty = self._ended and offset == self._root_start + end_of_element(
            data, start + self._root_start, offset - self._root_start
        )
        if self._header_start is not None and self._header_end is not None:
            begin = start + self._header_start
            size = end_of_element(data, begin, self._header_end - self._header_start)
            self._prolog.header = data[begin : begin + size]
        self._window.take(offset)
        return self._prolog

    def _feed_until_first_record(self) -> int:
        fed = 0
        try:
            while True:
                if fed >= self._window.held() and not self._window.fill():
                    self._parser.Parse(b"", True)
                    raise EndsInProlog(
                        "the file ends before the root element is closed", self._line()
                    )
                if fed > MAX_PROLOG_BYTES:
                    raise NotXml("there is no record in the first 16 MiB", self._line())
                start = self._window.pos + fed
                chunk = self._window.data[start : start + _FEED_BYTES]
                fed += len(chunk)
                self._parser.Parse(chunk, False)
        except _Found as found:
            return found.offset
        except expat.ExpatError as error:
            kind = EndsInProlog if self._prolog.root_tag and self._window.at_end else NotXml
            raise kind(expat.ErrorString(error.code), error.lineno) from None

    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _on_doctype(self, *_: object) -> None:
        raise DtdRefused("a document type declaration is not allowed", self._line())

    def _on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self._prolog.root_tag = tag
            self._prolog.root_line = self._line()
            self._root_start = self._parser.CurrentByteIndex
            self._prolog.root_attributes = attributes
        elif self._depth == 1:
            self._on_child(tag)
        self._depth += 1

    def _on_child(self, tag: str) -> None:
        local_name = tag.rpartition(":")[2]
        if local_name == RECORD:
            self._prolog.record_tag = tag
            raise _Found(self._parser.CurrentByteIndex)
        if local_name != HEADER:
            self._prolog.stray_lines.append(self._line())
        elif self._header_start is not None:
            self._prolog.repeated_header_lines.append(self._line())
        else:
            self._header_start = self._parser.CurrentByteIndex
            self._prolog.header_line = self._line()

    def _on_end(self, tag: str) -> None:
        self._depth -= 1
        offset = self._parser.CurrentByteIndex
        if self._depth == 0:
            self._ended = True
            raise _Found(offset)
        is_header = self._depth == 1 and tag.rpartition(":")[2] == HEADER
        if is_header and self._header_end is None:
            self._header_end = offset

    def _on_text(self, text: str) -> None:
        if self._depth == 1 and text.strip():
            self._prolog.stray_lines.append(self._line())
