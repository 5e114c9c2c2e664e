"""Holds records and headers against the schema of their version, and says what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from lxml import etree

from app.domain.findings import Finding, FindingCode, Scope
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion
from app.xsd.cutter import Piece
from app.xsd.explain import explain, remarks, unexplained
from app.xsd.file_findings import HEADER_PATH, record_path
from app.xsd.model import ElementModel
from app.xsd.names import OtherVersion, other_version_with
from app.xsd.parsing import exact_lines, holds, is_valid
from app.xsd.place import Place
from app.xsd.prolog import HEADER, RECORD, XSI_NAMESPACE
from app.xsd.suspicion import Suspicion

# libxml2 notes the path of every fault, which takes it square time where thousands are siblings.
# So at a large record the model looks first, and libxml2 is asked when that finds nothing.
_LARGE_BYTES: Final = 128 << 10
_MOST_TYPES: Final = 1000  # of types of another schema, which the model does not look at
_LONGEST_REMEMBERED: Final = 4 << 10
_MOST_REMEMBERED: Final = 64
_TYPED: Final = etree.XPath(
    "count(descendant-or-self::*[@xsi:type])", namespaces={"xsi": XSI_NAMESPACE}
)
_REPEATED: Final = FindingCode.REPEATED_ELEMENT
_KEPT: Final = tuple(
    each.name for each in fields(Finding) if each.name not in {"record", "line", "path"}
)


class Judge:
    """For one file and one thread. Valid records never load the model.

    Remembers what it said of small records: a file of copies costs little more than one.
    """

    def __init__(self, version: SchemaVersion, catalogue: SchemaCatalogue) -> None:
        self._version = version
        self._schema = catalogue.compiled(version)
        self._versions = catalogue.versions()
        self._remembered: dict[bytes, _Verdict] = {}

    def findings_of_header(self, piece: Piece) -> list[Finding]:
        """Return what is wrong with it; nothing that is merely odd.

        Of a second version it is enough to say that it is one too many.
        """
        place = Place(path=HEADER_PATH, line=piece.line, scope=Scope.FILE)
        found = [each for each in self._findings(piece, HEADER, place) if each.is_error]
        repeated = {each.path for each in found if each.code is _REPEATED}
        return [each for each in found if each.code is _REPEATED or each.path not in repeated]

    def findings_of_record(
        self, piece: Piece, number: int, record_id: str | None
    ) -> tuple[Finding, ...]:
        is_small = len(piece.data) <= _LONGEST_REMEMBERED  # asked first: a key is hashed
        known = self._remembered.get(piece.data) if is_small else None
        if known is not None:
            return known.said_at(number, piece.line)
        place = _place_of(piece, number, record_id)
        findings = tuple(self._findings(piece, RECORD, place))
        if findings and is_small:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[piece.data] = _Verdict.of(findings, place)
        return findings

    def _findings(self, piece: Piece, name: str, place: Place) -> list[Finding]:
        element = piece.element
        if len(piece.data) > _LARGE_BYTES:
            found = self._explain(element, self._model(name), _exactly(place, piece))
            if found:
                return found
            if _has_many_types(piece):
                return [unexplained(place, 1)]
        if not is_valid(self._schema, element):
            return self._explained(element, self._model(name), _exactly(place, piece))
        if holds(piece.data, b"=", b":nil"):
            return remarks(element, self._model(name), _exactly(place, piece))
        return []

    def _model(self, name: str) -> ElementModel:
        model = self._version.model.child(name)
        assert model is not None, "the schema declares the header and the record"
        return model

    def _explain(
        self,
        element: etree._Element,
        model: ElementModel,
        place: Place,
        suspicion: Suspicion | None = None,
    ) -> list[Finding]:
        return explain(element, model, place, suspicion, self._in_another_version)

    def _in_another_version(self, name: str) -> OtherVersion | None:
        return other_version_with(name, self._version, self._versions)

    def _explained(
        self, element: etree._Element, model: ElementModel, place: Place
    ) -> list[Finding]:
        """What is wrong with an element that the schema just refused."""
        log = list(self._schema.error_log)
        suspicion = Suspicion.of(element, log)
        found = self._explain(element, model, place, suspicion) if suspicion else []
        return (
            found
            or self._explain(element, model, place)
            or [unexplained(place, log[0].line if log else 1)]
        )


def _place_of(piece: Piece, number: int, record_id: str | None) -> Place:
    return Place(
        path=record_path(number),
        line=piece.line,
        scope=Scope.RECORD,
        record=number,
        anesthesia_record_id=record_id,
    )


def _has_many_types(piece: Piece) -> bool:
    """Whether more elements name a type than is looked at; the words stand in free text, too."""
    return piece.data.count(b":type") > _MOST_TYPES and _TYPED(piece.element) > _MOST_TYPES


def _exactly(place: Place, piece: Piece) -> Place:
    lines = exact_lines(piece.data, piece.element)
    return replace(place, lines=lines) if lines is not None else place


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was said of a record that began on `line`: for each finding its other fields, its line,
    and its path below the record.
    """

    line: int
    said: tuple[tuple[dict[str, Any], int, str], ...]

    @classmethod
    def of(cls, findings: Iterable[Finding], place: Place) -> "_Verdict":
        return cls(
            place.line,
            tuple(
                (
                    {name: getattr(each, name) for name in _KEPT},
                    each.line or place.line,
                    each.path.removeprefix(place.path),
                )
                for each in findings
            ),
        )

    def said_at(self, number: int, line: int) -> tuple[Finding, ...]:
        down = line - self.line
        path = record_path(number)
        return tuple(
            Finding(**said, record=number, line=at + down, path=path + below)
            for said, at, below in self.said
        )
