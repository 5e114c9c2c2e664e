"""Reads the header of a case file: the version of its schema, and the practice."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from lxml import etree

from app.domain.findings import Finding, FindingCode
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown
from app.xsd.cutter import Piece
from app.xsd.file_findings import HEADER_PATH, file_finding
from app.xsd.prolog import HEADER, ROOT
from app.xsd.reads import HeaderRead
from app.xsd.suggestions import closest_element, closest_version
from app.xsd.texts import child_text

VERSION: Final = "AQIXMLVersion"
_PRACTICE: Final = "PracticeID"
_MOST_IN_HEADER: Final = 1000
_OTHER_FORM: Final = frozenset({FindingCode.PATTERN, FindingCode.NUMBER})


def read_header(piece: Piece, catalogue: SchemaCatalogue) -> tuple[HeaderRead, list[Finding]]:
    element, line = piece.element, piece.line
    version_id = child_text(element, VERSION)
    version: SchemaVersion | None = None
    findings: list[Finding] = []
    if version_id is None:
        findings.append(_version_missing(element, line, catalogue))
    else:
        try:
            version = catalogue.get(version_id)
        except VersionUnknown:
            findings.append(_version_unknown(element, line, version_id, catalogue))
    header = HeaderRead(
        practice_id=child_text(element, _PRACTICE),
        version_id=version_id if version else None,
        version=version,
        practice_line=_line_of(element, _PRACTICE, line),
        version_line=_line_of(element, VERSION, line),
    )
    return header, findings


def without_refused_practice(header: HeaderRead, faults: Iterable[Finding]) -> HeaderRead:
    at = f"/{ROOT}/{HEADER}/{_PRACTICE}"
    is_refused = any(fault.code in _OTHER_FORM and fault.path == at for fault in faults)
    return replace(header, practice_id=None) if is_refused else header


def _version_missing(header: etree._Element, line: int, catalogue: SchemaCatalogue) -> Finding:
    found = _version_like(header)
    at = header if found is None else found
    is_empty = at.tag == VERSION
    meant = VERSION if found is not None and not is_empty else None
    return file_finding(
        FindingCode.VERSION_MISSING,
        line + (at.sourceline or 1) - 1,
        "empty" if is_empty else "misspelt" if meant else "message",
        path=HEADER_PATH if found is None else f"{HEADER_PATH}/{_local_name(found)}",
        expected=_version_ids(catalogue),
        suggestion=meant,
        words={"suggestion": meant},
    )


def _version_like(header: etree._Element) -> etree._Element | None:
    """The empty version of `header`, or the one whose name is misspelt."""
    children = list(islice(header.iterchildren(etree.Element), _MOST_IN_HEADER))
    empty = (child for child in children if child.tag == VERSION)
    alike = (each for each in children if closest_element(_local_name(each), (VERSION,)))
    return next(empty, None) if header.find(VERSION) is not None else next(alike, None)


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _version_unknown(
    element: etree._Element, line: int, version_id: str, catalogue: SchemaCatalogue
) -> Finding:
    known = _version_ids(catalogue)
    return file_finding(
        FindingCode.VERSION_UNKNOWN,
        _line_of(element, VERSION, line) or line,
        path=f"{HEADER_PATH}/{VERSION}",
        expected=known,
        suggestion=closest_version(
            version_id, {version.id: version.is_open for version in catalogue.versions()}
        ),
    )


def _version_ids(catalogue: SchemaCatalogue) -> tuple[str, ...]:
    return tuple(version.id for version in catalogue.versions())


def _line_of(element: etree._Element, name: str, line: int) -> int | None:
    child = element.find(name)
    return None if child is None else line + (child.sourceline or 1) - 1
