"""Reads a case file in one pass, record by record, in memory that does not grow with the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from lxml import etree

from app.domain.findings import Finding, FindingCode
from app.xsd.catalogue import SchemaCatalogue, SchemaVersion, VersionUnknown
from app.xsd.cutter import AfterTheEnd, BrokenPiece, Cut, CutOff, Cutter, Piece, Stray
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.file_findings import (
    HEADER_PATH,
    between,
    file_finding,
    meant_by,
    misplaced_header,
    missing_header,
    no_records,
    of_broken_header,
    of_broken_record,
    of_prolog,
    of_root,
    record_path,
    refused_encoding,
)
from app.xsd.judge import Judge
from app.xsd.markup_faults import text_of
from app.xsd.parsing import XML_SPACE_TEXT
from app.xsd.prolog import HEADER, RECORD, ROOT, PrologFault, Root, read_root
from app.xsd.suggestions import closest_element, closest_version
from app.xsd.window import Source, Window

VERSION: Final = "AQIXMLVersion"
_PRACTICE: Final = "PracticeID"
_MOST_IN_HEADER: Final = 1000
_OTHER_FORM: Final = frozenset({FindingCode.PATTERN, FindingCode.NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRead:
    """What the header says. `version` is None when its id is missing or not known.

    `practice_id` is None when it is missing or in a form that the schema refuses: that is a finding
    already, and what stands there may be anybody's value.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """Records from `number` on that are not read yet: `runs.read_run` does, in any process.

    `data` looks like `records` whole records; `namespaces` are the declarations of the root.
    """

    number: int
    line: int
    records: int
    data: bytes
    namespaces: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunsOver:
    """The runs so far are the last for now: the reader cannot take them back once it goes on."""


Read = HeaderRead | RecordRead | Finding
ReadOrRun = Read | RecordRun | RunsOver


def read_case_file(source: Source, catalogue: SchemaCatalogue) -> Iterator[Read]:
    """Yield the header once, every record, and the findings that belong to no record.

    `source` gives the bytes of an XML file in UTF-8, UTF-16 or ISO-8859-1. Whatever is wrong with
    them is yielded, nothing is raised; reading goes on behind a bad record.
    """
    for read in CaseFileReader(source, catalogue).reads():
        assert not isinstance(read, RecordRun | RunsOver), "runs are made on demand only"
        yield read


class CaseFileReader:
    """Reads a case file as `read_case_file` does; with `run_bytes` it leaves records unread.

    What follows the header comes in runs of about `run_bytes` then, as long as a known version
    is named and the records are written as nearly all are. A run may prove to be none: give it
    back with all that came after it before the reader goes on behind RunsOver, and it is read
    record by record.
    """

    def __init__(self, source: Source, catalogue: SchemaCatalogue, *, run_bytes: int = 0) -> None:
        self._source = source
        self._catalogue = catalogue
        self._run_bytes = run_bytes
        self._content: _ContentReader | None = None

    def reads(self) -> Iterator[ReadOrRun]:
        try:
            window = Window(as_utf8(self._source))
            root = read_root(window)
        except EncodingRefused:
            yield refused_encoding()
            return
        except PrologFault as fault:
            yield of_prolog(fault)
            return
        yield from of_root(root)
        if root.local_name == ROOT:
            cutter = Cutter(window, root)
            self._content = _ContentReader(root, self._catalogue, cutter, self._run_bytes)
            yield from self._content.read()

    def give_back(self, runs: Sequence[RecordRun]) -> None:
        """Take back the last `runs` that were yielded, in their order; no more are made."""
        assert self._content is not None, "only what was yielded can be given back"
        self._content.give_back(runs)


class _ContentReader:
    """Turns what the cutter cuts into header, records and findings."""

    def __init__(
        self, root: Root, catalogue: SchemaCatalogue, cutter: Cutter, run_bytes: int
    ) -> None:
        self._root = root
        self._cutter = cutter
        self._run_bytes = run_bytes
        self._namespaces = root.namespaces
        self._catalogue = catalogue
        # In a foreign namespace every element would be a fault: it is named once, at the root.
        self._header: HeaderRead | None = NO_HEADER if root.namespace else None
        self._lacks_header = False
        self._has_misnamed_header = False
        self._has_misnamed_records = False
        self._is_cut_off = False
        self._judge: Judge | None = None
        self._number = 0

    def give_back(self, runs: Sequence[RecordRun]) -> None:
        self._run_bytes = 0
        self._number = runs[0].number - 1
        self._cutter.put_back(b"".join(run.data for run in runs))

    def read(self) -> Iterator[ReadOrRun]:
        if self._header is not None:
            yield self._header
        cuts = self._cutter.cuts()
        while True:
            yield from self._runs()
            cut = next(cuts, None)
            if cut is None:
                break
            self._is_cut_off = _ends_early(cut)
            if not isinstance(cut, Piece):
                self._run_bytes = 0  # behind what is odd, even the end of the root, look closely
            if not isinstance(cut, Piece | BrokenPiece):
                yield from self._on_other(cut)
            elif cut.name == HEADER:
                yield from self._on_header(cut)
            else:
                yield from self._on_record(cut)
        yield from self._at_end()

    def _runs(self) -> Iterator[RecordRun | RunsOver]:
        first = self._number
        while self._run_bytes and self._judge is not None:
            run = self._cutter.take_run(self._run_bytes)
            if run is None:
                if self._number > first:
                    yield RunsOver()
                return
            number = self._number + 1
            self._number += run.records
            yield RecordRun(
                number=number,
                line=run.line,
                records=run.records,
                data=run.data,
                namespaces=self._namespaces,
            )

    def _on_other(self, cut: Stray | CutOff | AfterTheEnd) -> Iterator[Read]:
        meant = meant_by(cut) if isinstance(cut, Stray) else None
        if meant == RECORD:
            self._has_misnamed_records = True
        elif meant == HEADER:
            self._has_misnamed_header = True
        yield between(cut)

    def _on_header(self, cut: Piece | BrokenPiece) -> Iterator[Read]:
        if self._root.namespace:
            return
        if self._header is not None:
            self._lacks_header = False  # it has one, in the wrong place: one fault, one finding
            yield misplaced_header(cut.line)
            return
        if isinstance(cut, Piece):
            header, findings = _read_header(cut, self._catalogue)
        else:
            header, findings = NO_HEADER, [of_broken_header(cut)]
        if header.version is not None and isinstance(cut, Piece):
            self._judge = Judge(header.version, self._catalogue)
            faults = self._judge.findings_of_header(cut)
            header = _without_refused_practice(header, faults)
            findings += faults
        self._header = header
        yield header
        yield from findings

    def _on_record(self, cut: Piece | BrokenPiece) -> Iterator[Read]:
        if self._header is None:
            self._header = NO_HEADER
            self._lacks_header = not self._has_misnamed_header
            yield self._header
        self._number += 1
        if isinstance(cut, Piece):
            yield read_record(cut, self._number, self._judge)
        else:
            yield _broken_record(cut, self._number)

    def _at_end(self) -> Iterator[Read]:
        if self._header is None:
            yield NO_HEADER
        if self._is_cut_off:
            return  # what is missing may stand in the part that did not come
        never_came = self._header is None and not self._has_misnamed_header
        if never_came or self._lacks_header:
            yield missing_header(self._root.line)
        if self._number == 0 and not self._has_misnamed_records:
            yield no_records(self._root.line)


def _ends_early(cut: Cut) -> bool:
    return isinstance(cut, CutOff) or (isinstance(cut, BrokenPiece) and cut.cut_off)


def read_record(piece: Piece, number: int, judge: Judge | None) -> RecordRead:
    """Return the record of `piece`; `judge` is None when its version is not known.

    An id of nothing but white space that is none to XML, such as no-break spaces, is none.
    """
    record_id = _text_of(piece.element, "AnesthesiaCase", "AnesthesiaRecordID")
    if record_id is not None and not record_id.strip():
        record_id = None
    return RecordRead(
        number=number,
        line=piece.line,
        data=piece.data,
        element=piece.element,
        anesthesia_record_id=record_id,
        checked=judge is not None,
        findings=() if judge is None else judge.findings_of_record(piece, number, record_id),
    )


def _broken_record(broken: BrokenPiece, number: int) -> RecordRead:
    return RecordRead(
        number=number,
        line=broken.line,
        data=b"",
        element=None,
        anesthesia_record_id=None,
        checked=True,
        findings=(of_broken_record(broken, number),),
    )


def _read_header(piece: Piece, catalogue: SchemaCatalogue) -> tuple[HeaderRead, list[Finding]]:
    element, line = piece.element, piece.line
    version_id = _text_of(element, VERSION)
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
        practice_id=_text_of(element, _PRACTICE),
        version_id=version_id if version else None,
        version=version,
        practice_line=_line_of(element, _PRACTICE, line),
        version_line=_line_of(element, VERSION, line),
    )
    return header, findings


def _without_refused_practice(header: HeaderRead, faults: Iterable[Finding]) -> HeaderRead:
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


def _text_of(element: etree._Element, *path: str) -> str | None:
    found: etree._Element | None = element
    for name in path:
        # A tenth of the time of `find`, which counts for something once a record.
        found = next(found.iterchildren(name), None) if found is not None else None
    return None if found is None else text_of(found).strip(XML_SPACE_TEXT) or None


def _line_of(element: etree._Element, name: str, line: int) -> int | None:
    child = element.find(name)
    return None if child is None else line + (child.sourceline or 1) - 1
