"""Reads a case file in one pass, record by record, in memory that does not grow with the file."""

from collections.abc import Iterator, Sequence

from app.xsd.catalogue import SchemaCatalogue
from app.xsd.cutter import AfterTheEnd, BrokenPiece, Cut, CutOff, Cutter, Piece, Stray
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.file_findings import (
    between,
    meant_by,
    misplaced_header,
    missing_header,
    no_records,
    of_broken_header,
    of_broken_record,
    of_prolog,
    of_root,
    refused_encoding,
)
from app.xsd.header import read_header, without_refused_practice
from app.xsd.judge import Judge
from app.xsd.prolog import HEADER, RECORD, ROOT, PrologFault, Root, read_root
from app.xsd.reads import NO_HEADER, HeaderRead, Read, ReadOrRun, RecordRead, RecordRun, RunsOver
from app.xsd.texts import child_text
from app.xsd.window import Source, Window


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
            header, findings = read_header(cut, self._catalogue)
        else:
            header, findings = NO_HEADER, [of_broken_header(cut)]
        if header.version is not None and isinstance(cut, Piece):
            self._judge = Judge(header.version, self._catalogue)
            faults = self._judge.findings_of_header(cut)
            header = without_refused_practice(header, faults)
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
    record_id = child_text(piece.element, "AnesthesiaCase", "AnesthesiaRecordID")
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
