"""A report for a spreadsheet: a row for each finding."""

import codecs
import csv
from typing import BinaryIO, Final

from app.reports import words
from app.reports.checked_file import CheckedFile

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
_STDIN: Final = "-"


class CsvReports:
    def begin(self, out: BinaryIO) -> None:
        csv.writer(codecs.getwriter("utf-8")(out)).writerow(("file", *_NAMES))

    def write(self, checked: CheckedFile, out: BinaryIO) -> str | None:
        """Return how many findings have no row: a row that says so would be taken for a finding."""
        rows = csv.writer(codecs.getwriter("utf-8")(out))
        for finding in checked.report.findings:
            cells = (checked.name, *(getattr(finding, name) for name in _NAMES))
            rows.writerow(map(_no_formula, cells))
        return words.omitted(checked.report)

    def end(self, out: BinaryIO) -> None: ...


def _no_formula(value: object) -> object:
    """A cell that begins like a formula would be run by a spreadsheet: it gets a quote."""
    if value == _STDIN or not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
