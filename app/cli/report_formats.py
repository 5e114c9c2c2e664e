"""A validation report as text, JSON Lines, CSV or a page of HTML."""

import csv
import html
from typing import Protocol, TextIO

import orjson

from app.cli.outcome import OutputFormat
from app.domain.findings import Finding
from app.intake.report import ValidationReport
from app.intake.wire import ValidationReportOut


class ReportWriter(Protocol):
    def begin(self, out: TextIO) -> None: ...
    def write(self, file: str, report: ValidationReport, out: TextIO) -> None: ...
    def end(self, out: TextIO) -> None: ...


def writer_for(output: OutputFormat, *, service_url: str) -> ReportWriter:
    match output:
        case OutputFormat.TEXT:
            return TextReports()
        case OutputFormat.JSON:
            return JsonReports(service_url)
        case OutputFormat.CSV:
            return CsvReports()
        case OutputFormat.HTML:
            return HtmlReports(service_url)


class TextReports:
    """One line a finding, in the form that editors and CI logs make into links."""

    def begin(self, out: TextIO) -> None: ...

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        for finding in report.findings:
            hint = f" (is {finding.suggestion} meant?)" if finding.suggestion else ""
            out.write(
                f"{file}:{finding.line or 1}: {finding.severity} {finding.code}: "
                f"{finding.message}{hint}\n    {finding.path}\n"
            )
        if report.findings_omitted:
            out.write(f"{file}: {report.findings_omitted} more findings are not listed\n")
        verdict = "valid" if report.is_valid else f"{report.errors} errors"
        out.write(
            f"{file}: {verdict}; {report.records_valid} of {report.records_total} records valid"
            f" against {report.schema_version or 'no known version'}\n"
        )

    def end(self, out: TextIO) -> None: ...


class JsonReports:
    """JSON Lines: a report for each file, with its path in `file`."""

    def __init__(self, service_url: str) -> None:
        self._service_url = service_url

    def begin(self, out: TextIO) -> None: ...

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        shown = ValidationReportOut.of(report, service_url=self._service_url)
        out.write(orjson.dumps({"file": file, **shown.model_dump(mode="json")}).decode() + "\n")

    def end(self, out: TextIO) -> None: ...


class CsvReports:
    _COLUMNS = (
        "file",
        "line",
        "severity",
        "code",
        "record",
        "anesthesia_record_id",
        "path",
        "message",
        "suggestion",
    )

    def begin(self, out: TextIO) -> None:
        csv.writer(out).writerow(self._COLUMNS)

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        rows = csv.writer(out)
        for finding in report.findings:
            rows.writerow((file, *(self._field(finding, name) for name in self._COLUMNS[1:])))

    def end(self, out: TextIO) -> None: ...

    def _field(self, finding: Finding, name: str) -> object:
        """A cell that begins like a formula would be run by a spreadsheet: it gets a quote."""
        value = getattr(finding, name)
        return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value


class HtmlReports:
    """A page that stands alone."""

    _HEAD = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Validation report</title>'
        "<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;"
        "padding:.4rem;text-align:left;vertical-align:top}code{font-size:.85em}"
        ".error{color:#b00020}.warning{color:#8a5a00}</style><h1>Validation report</h1>\n"
    )

    def __init__(self, service_url: str) -> None:
        self._service_url = service_url

    def begin(self, out: TextIO) -> None:
        out.write(self._HEAD)

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        verdict = "valid" if report.is_valid else f"{report.errors} errors"
        out.write(
            f"<h2>{html.escape(file)}: {verdict}</h2><p>{report.records_valid} of"
            f" {report.records_total} records valid against"
            f" {html.escape(report.schema_version or 'no known version')}.</p>\n"
        )
        if report.findings:
            out.write("<table><tr><th>Line<th>Code<th>What is wrong<th>Where</tr>\n")
            for finding in report.findings:
                out.write(self._row(finding))
            out.write("</table>\n")
        if report.findings_omitted:
            out.write(f"<p>{report.findings_omitted} more findings are not listed.</p>\n")

    def end(self, out: TextIO) -> None:
        out.write("</html>\n")

    def _row(self, finding: Finding) -> str:
        help_url = html.escape(f"{self._service_url}/docs/findings/{finding.code}")
        hint = f" Is {html.escape(finding.suggestion)} meant?" if finding.suggestion else ""
        return (
            f'<tr class="{finding.severity}"><td>{finding.line or ""}'
            f'<td><a href="{help_url}">{finding.code}</a>'
            f"<td>{html.escape(finding.message)}{hint}"
            f"<td><code>{html.escape(finding.path)}</code></tr>\n"
        )
