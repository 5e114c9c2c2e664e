"""`nacor validate`: the same check as the API makes, offline."""

import os
import sys
from collections.abc import Iterator

import typer

from app.cli.inputs import NO_CASE_FILES, NOT_READ, case_files, opened, shown, size_of, why_not_read
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE, OutputFormat
from app.cli.progress import watched
from app.cli.report_formats import writer_for
from app.domain.days import today
from app.intake.report import ValidationReport, validate_case_file
from app.settings import Settings
from app.xsd.catalogue import SchemaCatalogue

_DEFAULT_URL = "http://127.0.0.1:8000"


def validate_paths(paths: list[str], output: OutputFormat, max_findings: int) -> int:
    """Check every file, write the reports to stdout and return the exit code."""
    service_url = Settings.from_environ(os.environ).public_url or _DEFAULT_URL
    writer = writer_for(output, service_url=service_url)
    code = NO_ERROR
    writer.begin(sys.stdout)
    for path, report in _reports(paths, max_findings):
        if report is None:
            code = UNREADABLE
            continue
        writer.write(path, report, sys.stdout)
        if not report.is_valid:
            code = max(code, ERRORS_FOUND)
    writer.end(sys.stdout)
    return code


def _reports(paths: list[str], max_findings: int) -> Iterator[tuple[str, ValidationReport | None]]:
    catalogue = SchemaCatalogue()
    found = False
    for path in case_files(paths):
        found = True
        yield shown(path), _report(path, catalogue, max_findings)
    if not found:
        typer.echo(f"nacor validate: {NO_CASE_FILES}", err=True)
        yield "", None


def _report(path: str, catalogue: SchemaCatalogue, max_findings: int) -> ValidationReport | None:
    try:
        with (
            opened(path) as file,
            watched(file, label=shown(path), total=size_of(path)) as source,
        ):
            return validate_case_file(source, catalogue, day=today(), max_findings=max_findings)
    except NOT_READ as error:
        typer.echo(f"{shown(path)}: cannot be read: {why_not_read(error)}", err=True)
        return None
