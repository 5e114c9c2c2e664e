"""Reads a case file in one pass, record by record, in memory that does not grow with the file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown
from app.xsd.cutter import BrokenPiece, Cutter, Piece
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.explain import Place, explain, unexplained
from app.xsd.file_findings import ROOT_PATH, between, file_finding, of_prolog, of_root
from app.xsd.parsing import PieceParser
from app.xsd.prolog import HEADER, RECORD, XSI_NAMESPACE, Prolog, PrologFault, read_prolog
from app.xsd.window import Source, Window

_HEADER_PATH = f"{ROOT_PATH}/{HEADER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRead:
    """What the header says. `version` is None when its id is missing or not known."""

    practice_id: str | None
    version_id: str | None
    version: SchemaVersion | None
    practice_line: int | None


NO_HEADER = HeaderRead(practice_id=None, version_id=None, version=None, practice_line=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead:
    """A record, counted from 1, with what the schema finds in it.

    `data` is the record as received, in UTF-8; `element` is None when it is not well-formed.
    """

    number: int
    line: int
    data: bytes
    element: etree._Element | None
    anesthesia_record_id: str | None
    findings: tuple[Finding, ...]

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
        yield from _read(window, catalogue)
    except EncodingRefused:
        yield file_finding(
            FindingCode.ENCODING,
            1,
            "The file's bytes are in no encoding that is read here, or do not fit the one it"
            " declares. Save it as UTF-8.",
            expected=("UTF-8", "UTF-16", "ISO-8859-1"),
        )


def _read(window: Window, catalogue: SchemaCatalogue) -> Iterator[Read]:
    if not window.fill():
        yield file_finding(FindingCode.FILE_EMPTY, 1, "The file is empty.")
        return
    try:
        prolog = read_prolog(window)
    except PrologFault as fault:
        yield of_prolog(fault)
        return
    root_findings = list(of_root(prolog))
    yield from root_findings
    if any(finding.code is FindingCode.WRONG_ROOT for finding in root_findings):
        return
    header, header_findings = (
        (NO_HEADER, []) if prolog.root_namespace else _read_header(prolog, catalogue)
    )
    yield header
    yield from header_findings
    # In a foreign namespace every element would be a fault: it is named once, at the root.
    schema = None if prolog.root_namespace else header.version
    yield from _read_records(Cutter(window, prolog), prolog, schema, catalogue)


def _read_records(
    cutter: Cutter, prolog: Prolog, version: SchemaVersion | None, catalogue: SchemaCatalogue
) -> Iterator[Read]:
    schema = catalogue.compiled(version) if version else None
    number = 0
    if not prolog.root_is_empty:
        for cut in cutter.cuts():
            if isinstance(cut, Piece):
                number += 1
                yield _record(cut, number, schema, version)
            elif isinstance(cut, BrokenPiece):
                number += 1
                yield _broken_record(cut, number)
            else:
                yield between(cut)
    if number == 0:
        yield file_finding(
            FindingCode.NO_RECORDS,
            prolog.root_line,
            f"The file holds no {RECORD}.",
            expected=(RECORD,),
        )


def _record(
    piece: Piece, number: int, schema: etree.XMLSchema | None, version: SchemaVersion | None
) -> RecordRead:
    element = piece.element
    record_id = (element.findtext("AnesthesiaCase/AnesthesiaRecordID") or "").strip() or None
    findings: tuple[Finding, ...] = ()
    if schema is not None and version is not None and not schema.validate(element):
        place = Place(path=record_path(number), line=piece.line, scope=Scope.RECORD, record=number)
        found = _explained(element, schema, version, RECORD, place)
        findings = tuple(_of_record(finding, record_id) for finding in found)
    elif b":nil" in piece.data:
        findings = tuple(_nil_remarks(element, piece.line, number, record_id))
    return RecordRead(
        number=number,
        line=piece.line,
        data=piece.data,
        element=element,
        anesthesia_record_id=record_id,
        findings=findings,
    )


def _explained(
    element: etree._Element,
    schema: etree.XMLSchema,
    version: SchemaVersion,
    name: str,
    place: Place,
) -> list[Finding]:
    log = list(schema.error_log)
    if etree.QName(element).namespace:
        return [
            Finding(
                code=FindingCode.NAMESPACE,
                severity=Severity.ERROR,
                scope=place.scope,
                record=place.record,
                path=place.path,
                line=place.line,
                message=f"{name} stands in a namespace; NACOR elements have none.",
            )
        ]
    model = version.model.child(name)
    assert model is not None, "the schema declares the header and the record"
    return explain(element, model, place) or [unexplained(place, log[0].line if log else 1)]


def _nil_remarks(
    element: etree._Element, line: int, number: int, record_id: str | None
) -> Iterator[Finding]:
    nils = element.xpath(
        "descendant::*[@xsi:nil='true' or @xsi:nil='1']",
        namespaces={"xsi": XSI_NAMESPACE},
    )
    for nil in nils if isinstance(nils, list) else []:
        if isinstance(nil, etree._Element):
            path = element.getroottree().getelementpath(nil)
            yield Finding(
                code=FindingCode.NIL,
                severity=Severity.WARNING,
                scope=Scope.RECORD,
                record=number,
                anesthesia_record_id=record_id,
                path=f"{record_path(number)}/{path}",
                line=line + (nil.sourceline or 1) - 1,
                message=f"{etree.QName(nil).localname} is sent as nil: leave the element out instead.",
            )


def _of_record(finding: Finding, record_id: str | None) -> Finding:
    return replace(finding, anesthesia_record_id=record_id)


def _broken_record(broken: BrokenPiece, number: int) -> RecordRead:
    if broken.too_large:
        code, message = FindingCode.RECORD_TOO_LARGE, "This record is larger than 16 MiB."
    elif broken.cut_off:
        code = FindingCode.FILE_CUT_OFF
        message = "The file ends inside this record; it was probably cut off. Send it again."
    else:
        code = FindingCode.RECORD_MALFORMED
        message = f"This record is not well-formed XML: {broken.reason}."
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
        findings=(finding,),
    )


def _read_header(prolog: Prolog, catalogue: SchemaCatalogue) -> tuple[HeaderRead, list[Finding]]:
    if prolog.header is None:
        missing = file_finding(
            FindingCode.HEADER_MISSING,
            prolog.root_line,
            f"The file must begin with a {HEADER}.",
            expected=(HEADER,),
        )
        return NO_HEADER, [missing]
    parsed = PieceParser(prolog.namespaces).parse(prolog.header)
    if not isinstance(parsed, etree._Element):
        return NO_HEADER, [file_finding(FindingCode.NOT_XML, prolog.header_line, parsed)]
    return _header(parsed, prolog.header_line, catalogue)


def _header(
    element: etree._Element, line: int, catalogue: SchemaCatalogue
) -> tuple[HeaderRead, list[Finding]]:
    version_id = _text_of(element, "AQIXMLVersion")
    version: SchemaVersion | None = None
    findings: list[Finding] = []
    if version_id is None:
        findings.append(_version_missing(line, catalogue))
    else:
        try:
            version = catalogue.get(version_id)
        except VersionUnknown:
            findings.append(_version_unknown(element, line, catalogue))
    if version is not None:
        findings += _schema_findings_of_header(element, line, version, catalogue)
    practice = element.find("PracticeID")
    header = HeaderRead(
        practice_id=_text_of(element, "PracticeID"),
        version_id=version_id if version else None,
        version=version,
        practice_line=None if practice is None else line + (practice.sourceline or 1) - 1,
    )
    return header, findings


def _schema_findings_of_header(
    element: etree._Element, line: int, version: SchemaVersion, catalogue: SchemaCatalogue
) -> list[Finding]:
    schema = catalogue.compiled(version)
    if schema.validate(element):
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


def _version_unknown(element: etree._Element, line: int, catalogue: SchemaCatalogue) -> Finding:
    node = element.find("AQIXMLVersion")
    node_line = 1 if node is None else node.sourceline or 1
    return file_finding(
        FindingCode.VERSION_UNKNOWN,
        line + node_line - 1,
        "AQIXMLVersion names no version known here, so the records cannot be checked.",
        path=f"{_HEADER_PATH}/AQIXMLVersion",
        expected=_version_ids(catalogue),
    )


def _version_ids(catalogue: SchemaCatalogue) -> tuple[str, ...]:
    return tuple(version.id for version in catalogue.versions())


def _text_of(element: etree._Element, name: str) -> str | None:
    return (element.findtext(name) or "").strip() or None
