"""A validation report as text, JSON Lines, CSV or a page of HTML."""

import csv
import html
import os
from typing import Protocol, TextIO

import orjson
import typer

from app.cli.inputs import STDIN
from app.cli.outcome import OutputFormat
from app.domain.findings import Finding, Severity
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
        coloured = _shows_colour(out)
        for finding in report.findings:
            hint = f" (is {finding.suggestion} meant?)" if finding.suggestion else ""
            kind = f"{finding.severity} {finding.code}"
            out.write(
                f"{file}:{finding.line or 1}: "
                f"{_painted(kind, finding.severity) if coloured else kind}: "
                f"{finding.message}{hint}\n    {finding.path}\n"
            )
        verdict = "; ".join(filter(None, (_verdict(report), _records(report), _omitted(report))))
        out.write(f"{file}: {verdict}\n")

    def end(self, out: TextIO) -> None: ...


def _shows_colour(out: TextIO) -> bool:
    """Source for the variable: no-color.org."""
    return out.isatty() and not os.environ.get("NO_COLOR")


def _painted(text: str, severity: Severity) -> str:
    colours = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
    return typer.style(text, fg=colours[severity], bold=True)


def _verdict(report: ValidationReport) -> str:
    return "valid" if report.is_valid else _counted(report.errors, "error")


def _records(report: ValidationReport) -> str:
    """A file whose header could not be read has no version, and no record was looked at."""
    if report.schema_version is None and report.records_total == 0:
        return "no record could be read"
    known = f" against {report.schema_version}" if report.schema_version else ""
    return f"{report.records_valid} of {_counted(report.records_total, 'record')} valid{known}"


def _omitted(report: ValidationReport) -> str | None:
    omitted, total = report.findings_omitted, report.findings_total
    return f"{omitted} of {_counted(total, 'finding')} not listed" if omitted else None


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
    """A row for each finding."""

    _NAMES = (
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
        csv.writer(out).writerow(("file", *self._NAMES))

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        rows = csv.writer(out)
        for finding in report.findings:
            rows.writerow(
                (_no_formula(file), *(_no_formula(getattr(finding, name)) for name in self._NAMES))
            )
        omitted = _omitted(report)
        if omitted:  # a row that says so would be taken for a finding
            typer.echo(f"{file}: {omitted}", err=True)

    def end(self, out: TextIO) -> None: ...


def _no_formula(value: object) -> object:
    """A cell that begins like a formula would be run by a spreadsheet: it gets a quote."""
    if value == STDIN or not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


class HtmlReports:
    """A page that stands alone."""

    _HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Validation report</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #ccc; padding: .4rem; text-align: left; vertical-align: top }
td:first-child, th:first-child { text-align: right }
code { font-size: .85em; overflow-wrap: anywhere }
.error td:nth-child(2) { color: #b00020 }
.warning td:nth-child(2) { color: #8a5a00 }
</style>
<h1>Validation report</h1>
"""

    def __init__(self, service_url: str) -> None:
        self._service_url = service_url

    def begin(self, out: TextIO) -> None:
        out.write(self._HEAD)

    def write(self, file: str, report: ValidationReport, out: TextIO) -> None:
        told = "; ".join(filter(None, (_records(report), _omitted(report))))
        out.write(
            f"<h2>{html.escape(file)}: {_verdict(report)}</h2>\n<p>{html.escape(told)}.</p>\n"
        )
        if report.findings:
            out.write("<table>\n<tr><th>Line<th>Severity<th>Code<th>What is wrong<th>Where</tr>\n")
            for finding in report.findings:
                out.write(self._row(finding))
            out.write("</table>\n")

    def end(self, out: TextIO) -> None:
        out.write("</html>\n")

    def _row(self, finding: Finding) -> str:
        help_url = html.escape(f"{self._service_url}/docs/findings/{finding.code}")
        hint = f" Is {html.escape(finding.suggestion)} meant?" if finding.suggestion else ""
        return (
            f'<tr class="{finding.severity}"><td>{finding.line or ""}'
            f'<td>{finding.severity}<td><a href="{help_url}">{finding.code}</a>'
            f"<td>{html.escape(finding.message)}{hint}"
            f"<td><code>{html.escape(finding.path)}</code></tr>\n"
        )
