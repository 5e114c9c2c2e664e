"""`nacor validate`: the same check as the API makes, offline."""

import gzip
import os
import sys
import zlib
from collections.abc import Iterator

import typer

from app.cli.inputs import case_files, opened, size_of
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE, OutputFormat
from app.cli.progress import WatchedSource, progress_bar
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
    with progress_bar() as progress:
        for path in case_files(paths):
            found = True
            try:
                with opened(path) as file:
                    watched = WatchedSource(file, progress, size_of(path), path)
                    report = validate_case_file(
                        watched, catalogue, day=today(), max_findings=max_findings
                    )
                    watched.done()
            except (OSError, EOFError, zlib.error, gzip.BadGzipFile) as error:
                typer.echo(f"{path}: cannot be read: {_reason(error)}", err=True)
                yield path, None
            else:
                yield path, report
    if not found:
        typer.echo("no case files there", err=True)
        yield "", None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is not whole gzip data"
