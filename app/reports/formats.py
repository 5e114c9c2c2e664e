"""The formats of a validation report. A format is loaded when it is asked for."""

from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

if TYPE_CHECKING:  # the command line lists the formats before it knows whether one is asked for
    from app.reports.checked_file import CheckedFile


class _Told(NamedTuple):
    label: str
    media_type: str
    suffix: str


class ReportFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XML = "xml"

    @property
    def label(self) -> str:
        """What a person would call a report of this kind."""
        return _TOLD[self].label

    @property
    def quotes_the_file(self) -> bool:
        """Whether a report of this kind shows what stands in the file."""
        return self in (ReportFormat.TEXT, ReportFormat.HTML, ReportFormat.XML)

    @property
    def media_type(self) -> str:
        return _TOLD[self].media_type

    @property
    def suffix(self) -> str:
        """What the name of a report ends with, as in "march.report.csv"."""
        return _TOLD[self].suffix


_TOLD = {
    ReportFormat.TEXT: _Told("Text", "text/plain", ".report.txt"),
    ReportFormat.JSON: _Told("JSON", "application/json", ".report.json"),
    ReportFormat.CSV: _Told("CSV for a spreadsheet", "text/csv", ".report.csv"),
    ReportFormat.HTML: _Told("HTML page", "text/html", ".report.html"),
    ReportFormat.XML: _Told("Case file with comments", "application/xml", ".checked.xml"),
}


class ReportWriter(Protocol):
    """Writes reports on any number of files, in UTF-8; XML as the case file is encoded."""

    def begin(self, out: BinaryIO) -> None: ...

    def write(self, checked: "CheckedFile", out: BinaryIO) -> str | None:
        """Return what belongs to the report and has no place in the format, None for nothing."""
        ...

    def end(self, out: BinaryIO) -> None: ...


def writer_for(format_: ReportFormat, *, coloured: bool = False) -> ReportWriter:
    """Return the writer for `format_`; `coloured` text is for terminals."""
    match format_:
        case ReportFormat.TEXT:
            from app.reports.text_report import TextReports

            return TextReports(coloured=coloured)
        case ReportFormat.JSON:
            from app.reports.json_report import JsonReports

            return JsonReports()
        case ReportFormat.CSV:
            from app.reports.csv_report import CsvReports

            return CsvReports()
        case ReportFormat.HTML:
            from app.reports.html_report import HtmlReports

            return HtmlReports()
        case ReportFormat.XML:
            from app.reports.annotated_file import AnnotatedFiles

            return AnnotatedFiles()


def write_report(checked: "CheckedFile", format_: ReportFormat, out: BinaryIO) -> None:
    """Write the whole report on one file to `out`; JSON is one object."""
    if format_ is ReportFormat.JSON:
        from app.reports.json_report import json_of

        out.write(json_of(checked.report, service_url=checked.service_url))
        return
    writer = writer_for(format_)
    writer.begin(out)
    writer.write(checked, out)
    writer.end(out)


def report_name(file_name: str | None, format_: ReportFormat) -> str:
    """Return a name for the report on a file of that name: "march.xml" gives "march.report.csv"."""
    stem = PurePath(file_name or "case-file").name
    for ending in (".gz", ".xml"):
        stem = stem.removesuffix(ending)
    return f"{stem or 'case-file'}{format_.suffix}"
