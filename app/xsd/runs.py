"""Reads a run of records apart from its file: the same as if it had been read inside it."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from app.xsd.catalogue import SchemaCatalogue, SchemaVersion
from app.xsd.cutter import Cut, Cutter, Piece
from app.xsd.judge import Judge
from app.xsd.prolog import RECORD, ROOT, Root
from app.xsd.reader import read_record
from app.xsd.reads import RecordRead, RecordRun
from app.xsd.window import Window

_ROOT_END: Final = f"</{ROOT}>".encode()


class NoRun(Exception):
    """The bytes are not just whole records: only in their file can be told what they are."""


def read_run(
    run: RecordRun, version: SchemaVersion, catalogue: SchemaCatalogue
) -> Iterator[RecordRead]:
    """Yield the records of `run`.

    When every byte belongs to a whole record, or to white space and whole comments between two,
    then no comment or other section reaches over the ends of the run, and it reads as in its file.
    Raises: NoRun, which takes back what was yielded.
    """
    judge = Judge(version, catalogue)
    found = 0
    for cut in _cuts(run):
        if not isinstance(cut, Piece) or cut.name != RECORD:
            raise NoRun
        yield read_record(cut, run.number + found, judge)
        found += 1
    if found != run.records:
        raise NoRun


def _cuts(run: RecordRun) -> Iterator[Cut]:
    window = Window.over(run.data + _ROOT_END, line=run.line)
    element = etree.Element(
        ROOT, nsmap={prefix or None: uri for prefix, uri in run.namespaces.items()}
    )
    root = Root(tag=ROOT, at=0, line=run.line, is_empty=False, element=element)
    return Cutter(window, root).cuts()
