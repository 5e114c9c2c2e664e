"""Checks one case file and writes its report, in this process or in one of many."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from app.checking.pool import CheckingPool
from app.checking.report import ValidationReport, validate_case_file
from app.checking.settling import settle_process
from app.checking.standards import Standards, load_standards
from app.cli.inputs import NOT_READ, name_of, opened, readable_again, shown, size_of, why_not_read
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE
from app.domain.days import today
from app.reports.checked_file import CheckedFile
from app.reports.formats import ReportFormat, ReportWriter
from app.xsd.window import Source

_DEFAULT_URL: Final = "http://127.0.0.1:8000"
_WORTH_A_BAR_BYTES: Final = 4 << 20
_READ_ONCE: Final = frozenset({ReportFormat.JSON, ReportFormat.CSV})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is asked for; with `strict` a warning counts like an error for the exit code."""

    format: ReportFormat
    max_findings: int
    strict: bool = False
    coloured: bool = False
    service_url: str = _DEFAULT_URL
    rules_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`remark` is for stderr: what has no place in the report, or why there is none."""

    exit_code: int
    remark: str | None


def options_from_settings(
    *, format_: ReportFormat, max_findings: int, strict: bool
) -> CheckOptions:
    """Return options with what the environment decides. Source for NO_COLOR: no-color.org."""
    service_url, rules_file = _DEFAULT_URL, None
    if any(name.startswith("NACOR_") for name in os.environ):
        from app.settings import Settings  # takes as long to load as a small file to check

        settings = Settings.from_environ(os.environ)
        service_url, rules_file = settings.public_url or _DEFAULT_URL, settings.rules_file
    return CheckOptions(
        format=format_,
        max_findings=max_findings,
        strict=strict,
        coloured=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        service_url=service_url,
        rules_file=rules_file,
    )


def check_file(
    path: str,
    options: CheckOptions,
    writer: ReportWriter,
    out: BinaryIO,
    *,
    watched: bool = True,
    pool: CheckingPool | None = None,
) -> Checked:
    """Check the file at `path` and write the report to `out`; nothing of a file not readable.

    `watched` shows a bar at a terminal; the processes of `pool`, if given, check the records.
    """
    try:
        with opened(path) as file, _kept(file, options) as source:
            report = _report(path, source, options, watched=watched, pool=pool)
            checked = CheckedFile(
                name=name_of(path), report=report, source=source, service_url=options.service_url
            )
            remark = writer.write(checked, out)
    except NOT_READ as error:
        return Checked(exit_code=UNREADABLE, remark=f"cannot be read: {why_not_read(error)}")
    return Checked(exit_code=_exit_code(report, options), remark=remark)


def _report(
    path: str,
    source: BinaryIO,
    options: CheckOptions,
    *,
    watched: bool,
    pool: CheckingPool | None,
) -> ValidationReport:
    with _watched(source, path, is_wanted=watched) as looked_at:
        return validate_case_file(
            looked_at,
            standards_for(options.rules_file),
            day=today(),
            max_findings=options.max_findings,
            pool=pool,
        )


def _kept(file: BinaryIO, options: CheckOptions) -> AbstractContextManager[BinaryIO]:
    return nullcontext(file) if options.format in _READ_ONCE else readable_again(file)


def _watched(source: Source, path: str, *, is_wanted: bool) -> AbstractContextManager[Source]:
    total = size_of(path)
    is_small = total is not None and total < _WORTH_A_BAR_BYTES
    if is_small or not is_wanted or not sys.stderr.isatty():
        return nullcontext(source)
    from app.cli.progress import watched  # takes as long to load as a small file to check

    return watched(source, label=shown(path), total=total)


def _exit_code(report: ValidationReport, options: CheckOptions) -> int:
    is_faulty = not report.is_valid or (options.strict and report.warnings > 0)
    return ERRORS_FOUND if is_faulty else NO_ERROR


@cache
def standards_for(rules_file: Path | None) -> Standards:
    standards = load_standards(rules_file)
    settle_process()
    return standards
