"""A report for a spreadsheet: a row for each finding, with the reason where it is accepted."""

import codecs
import csv
from typing import TYPE_CHECKING, BinaryIO, Final

from app.domain.spreadsheets import guarded_cell
from app.reports import words
from app.reports.checked_file import CheckedFile

if TYPE_CHECKING:  # the name is known to type checkers only
    from _csv import Writer as CsvWriter

_NAMES: Final = (
    "line",
    "severity",
    "code",
    "record",
    "anesthesia_record_id",
    "path",
    "message",
    "suggestion",
)
_ACCEPTED: Final = "accepted"
_STDIN: Final = "-"


class CsvReports:
    def begin(self, out: BinaryIO) -> None:
        _rows(out).writerow(("file", *_NAMES, _ACCEPTED))

    def write(self, checked: CheckedFile, out: BinaryIO) -> str | None:
        """Return how many findings have no row: a row that says so would be taken for a finding."""
        rows = _rows(out)
        for finding in checked.report.findings:
            found = (getattr(finding, name) for name in _NAMES)
            cells = (checked.name, *found, checked.accepted_because(finding))
            rows.writerow(map(_guarded, cells))
        return words.omitted(checked.report)

    def end(self, out: BinaryIO) -> None: ...


def _rows(out: BinaryIO) -> "CsvWriter":
    return csv.writer(codecs.getwriter("utf-8")(out), quoting=csv.QUOTE_ALL)


def _guarded(value: object) -> object:
    if value == _STDIN or not isinstance(value, str):
        return value
    return guarded_cell(value)
