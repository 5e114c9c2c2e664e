"""Reads a case file in one pass, record by record, in memory that does not grow with the file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown
from app.xsd.cutter import BrokenPiece, Cut, CutOff, Cutter, Piece
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.explain import Place, closest, explain, remarks, text_of, unexplained
from app.xsd.file_findings import (
    ROOT_PATH,
    between,
    file_finding,
    misplaced_header,
    missing_header,
    no_records,
    of_broken_piece,
    of_prolog,
    of_root,
    refused_encoding,
)
from app.xsd.model import ElementModel
from app.xsd.parsing import XML_SPACE_TEXT, exact_lines, holds, is_valid
from app.xsd.prolog import HEADER, RECORD, ROOT, PrologFault, Root, read_root
from app.xsd.window import Source, Window

_HEADER_PATH = f"{ROOT_PATH}/{HEADER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRead:
    """What the header says. `version` is None when its id is missing or not known."""

    practice_id: str | None
    version_id: str | None
    version: SchemaVersion | None
    practice_line: int | None
    version_line: int | None


NO_HEADER = HeaderRead(
    practice_id=None, version_id=None, version=None, practice_line=None, version_line=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead:
    """A record, counted from 1, with what the schema finds in it.

    `data` is the record as received, in UTF-8, with the namespace declarations of the root.
    `element` is None when it is not well-formed.
    `checked` is False when no schema could be held against it: its version is not known.
    """

    number: int
    line: int
    data: bytes
    element: etree._Element | None
    anesthesia_record_id: str | None
    findings: tuple[Finding, ...]
    checked: bool

    @property
    def path(self) -> str:
        return record_path(self.number)


Read = HeaderRead | RecordRead | Finding


def record_path(number: int) -> str:
    return f"{ROOT_PATH}/{RECORD}[{number}]"


def read_case_file(source: Source, catalogue: SchemaCatalogue) -> Iterator[Read]:
    """Yield the header once, every record, and the findings that belong to no record.

    `source` gives the bytes of an XML file in UTF-8, UTF-16 or ISO-8859-1. Whatever is wrong with
    them is yielded, nothing is raised; reading goes on behind a bad record.
    """
    try:
        window = Window(as_utf8(source))
        root = read_root(window)
    except EncodingRefused:
        yield refused_encoding()
        return
    except PrologFault as fault:
        yield of_prolog(fault)
        return
    yield from of_root(root)
    if root.local_name == ROOT:
        yield from _ContentReader(root, catalogue).read(Cutter(window, root))


class _ContentReader:
    """Turns what the cutter cuts into header, records and findings."""

    def __init__(self, root: Root, catalogue: SchemaCatalogue) -> None:
        self._root = root
        self._catalogue = catalogue
        # In a foreign namespace every element would be a fault: it is named once, at the root.
        self._header: HeaderRead | None = NO_HEADER if root.namespace else None
        self._lacks_header = False
        self._is_cut_off = False
        self._schema: etree.XMLSchema | None = None
        self._number = 0

    def read(self, cutter: Cutter) -> Iterator[Read]:
        if self._header is not None:
            yield self._header
        for cut in cutter.cuts():
            self._is_cut_off = _ends_early(cut)
            if not isinstance(cut, Piece | BrokenPiece):
                yield between(cut)
            elif cut.name == HEADER:
                yield from self._on_header(cut)
            else:
                yield from self._on_record(cut)
        yield from self._at_end()

    def _on_header(self, cut: Piece | BrokenPiece) -> Iterator[Read]:
        if self._root.namespace:
            return
        if self._header is not None:
            self._lacks_header = False  # it has one, in the wrong place: one fault, one finding
            yield misplaced_header(cut.line)
            return
        if isinstance(cut, Piece):
            self._header, findings = _read_header(cut, self._catalogue)
        else:
            code, message = of_broken_piece(cut)
            self._header = NO_HEADER
            findings = [file_finding(code, cut.fault_line, message, path=_HEADER_PATH)]
        yield self._header
        yield from findings
        version = self._header.version
        self._schema = self._catalogue.compiled(version) if version else None

    def _on_record(self, cut: Piece | BrokenPiece) -> Iterator[Read]:
        if self._header is None:
            self._header = NO_HEADER
            self._lacks_header = True
            yield self._header
        self._number += 1
        if isinstance(cut, Piece):
            yield _record(cut, self._number, self._schema, self._header.version)
        else:
            yield _broken_record(cut, self._number)

    def _at_end(self) -> Iterator[Read]:
        if self._header is None:
            yield NO_HEADER
        if self._is_cut_off:
            return  # what is missing may stand in the part that did not come
        if self._header is None or self._lacks_header:
            yield missing_header(self._root.line)
        if self._number == 0:
            yield no_records(self._root.line)


def _ends_early(cut: Cut) -> bool:
    return isinstance(cut, CutOff) or (isinstance(cut, BrokenPiece) and cut.cut_off)


def _record(
    piece: Piece, number: int, schema: etree.XMLSchema | None, version: SchemaVersion | None
) -> RecordRead:
    element = piece.element
    record_id = _text_of(element, "AnesthesiaCase", "AnesthesiaRecordID")
    findings: list[Finding] = []
    if schema is not None and version is not None:
        accepted = is_valid(schema, element)
        if not accepted or holds(piece.data, b"=", b":nil"):
            place = Place(
                path=record_path(number),
                line=piece.line,
                scope=Scope.RECORD,
                record=number,
                anesthesia_record_id=record_id,
                lines=exact_lines(piece.data, element),
            )
            findings = (
                remarks(element, _model(version, RECORD), place)
                if accepted
                else _explained(element, schema, version, RECORD, place)
            )
    return RecordRead(
        number=number,
        line=piece.line,
        data=piece.data,
        element=element,
        anesthesia_record_id=record_id,
        checked=schema is not None,
        findings=tuple(findings),
    )


def _explained(
    element: etree._Element,
    schema: etree.XMLSchema,
    version: SchemaVersion,
    name: str,
    place: Place,
) -> list[Finding]:
    """What is wrong with an element that `schema` just refused."""
    log = list(schema.error_log)
    found = explain(element, _model(version, name), place)
    return found or [unexplained(place, log[0].line if log else 1)]


def _model(version: SchemaVersion, name: str) -> ElementModel:
    model = version.model.child(name)
    assert model is not None, "the schema declares the header and the record"
    return model


def _broken_record(broken: BrokenPiece, number: int) -> RecordRead:
    code, message = of_broken_piece(broken)
    finding = Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.RECORD,
        record=number,
        path=record_path(number),
        line=broken.fault_line,
        message=message,
    )
    return RecordRead(
        number=number,
        line=broken.line,
        data=b"",
        element=None,
        anesthesia_record_id=None,
        checked=True,
        findings=(finding,),
    )


def _read_header(piece: Piece, catalogue: SchemaCatalogue) -> tuple[HeaderRead, list[Finding]]:
    element, line = piece.element, piece.line
    version_id = _text_of(element, "AQIXMLVersion")
    version: SchemaVersion | None = None
    findings: list[Finding] = []
    if version_id is None:
        findings.append(_version_missing(line, catalogue))
    else:
        try:
            version = catalogue.get(version_id)
        except VersionUnknown:
            findings.append(_version_unknown(element, line, version_id, catalogue))
    if version is not None:
        findings += _schema_findings_of_header(element, line, version, catalogue)
    header = HeaderRead(
        practice_id=_text_of(element, "PracticeID"),
        version_id=version_id if version else None,
        version=version,
        practice_line=_line_of(element, "PracticeID", line),
        version_line=_line_of(element, "AQIXMLVersion", line),
    )
    return header, findings


def _schema_findings_of_header(
    element: etree._Element, line: int, version: SchemaVersion, catalogue: SchemaCatalogue
) -> list[Finding]:
    schema = catalogue.compiled(version)
    if is_valid(schema, element):
        return []
    place = Place(path=_HEADER_PATH, line=line, scope=Scope.FILE)
    return _explained(element, schema, version, HEADER, place)


def _version_missing(line: int, catalogue: SchemaCatalogue) -> Finding:
    return file_finding(
        FindingCode.VERSION_MISSING,
        line,
        "The header names no AQIXMLVersion, so the records cannot be checked.",
        path=_HEADER_PATH,
        expected=_version_ids(catalogue),
    )


def _version_unknown(
    element: etree._Element, line: int, version_id: str, catalogue: SchemaCatalogue
) -> Finding:
    known = _version_ids(catalogue)
    finding = file_finding(
        FindingCode.VERSION_UNKNOWN,
        _line_of(element, "AQIXMLVersion", line) or line,
        "AQIXMLVersion names no version known here, so the records cannot be checked.",
        path=f"{_HEADER_PATH}/AQIXMLVersion",
        expected=known,
    )
    return replace(finding, suggestion=closest(version_id, known))


def _version_ids(catalogue: SchemaCatalogue) -> tuple[str, ...]:
    return tuple(version.id for version in catalogue.versions())


def _text_of(element: etree._Element, *path: str) -> str | None:
    found: etree._Element | None = element
    for name in path:
        # A tenth of the time of `find`, which counts for something once a record.
        found = next(found.iterchildren(name), None) if found is not None else None
    return None if found is None else text_of(found).strip(XML_SPACE_TEXT) or None


def _line_of(element: etree._Element, name: str, line: int) -> int | None:
    child = element.find(name)
    return None if child is None else line + (child.sourceline or 1) - 1
