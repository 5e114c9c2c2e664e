"""`nacor validate`: the same check as the API makes, offline."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from io import BytesIO
from typing import BinaryIO, Final

import typer

from app.checking.cores import usable_cores
from app.checking.pool import CheckingPool
from app.cli.checking import Checked, CheckOptions, check_file, standards_for
from app.cli.inputs import NO_CASE_FILES, STDIN, case_files, shown, stored_bytes
from app.cli.outcome import NO_ERROR, UNREADABLE
from app.reports.formats import ReportFormat, ReportWriter, writer_for

_WORTH_PROCESSES_BYTES: Final = 32 << 20
"""Less is checked before other processes have read the schemas."""


def validate_paths(paths: list[str], options: CheckOptions, *, jobs: int | None = None) -> int:
    """Check every file, write the reports to stdout and return the exit code.

    `jobs` processes check several files at once, or one large file together: as many as there
    are cores, if that is None.
    """
    files = list(case_files(paths))
    if not files:
        return _wrong_usage(NO_CASE_FILES)
    writer = writer_for(options.format, coloured=options.coloured)
    if options.format is ReportFormat.XML and len(files) > 1:
        return _wrong_usage("one file at a time comes back as xml")
    processes = _processes(files, jobs)
    if len(files) > 1:
        return _report(files, writer, options, processes)
    with _pool(processes, options) as pool:
        if options.format is ReportFormat.XML:
            return _annotate(files[0], writer, options, pool)
        return _report(files, writer, options, 1, pool)


def _wrong_usage(reason: str) -> int:
    typer.echo(f"nacor validate: {reason}", err=True)
    return UNREADABLE


def _pool(processes: int, options: CheckOptions) -> AbstractContextManager[CheckingPool | None]:
    """Processes that check one file together, started while there is no thread yet."""
    if processes == 1:
        return nullcontext(None)
    pool = CheckingPool(processes, standards_for(options.rules_file))
    pool.start()
    return pool


def _annotate(
    path: str, writer: ReportWriter, options: CheckOptions, pool: CheckingPool | None
) -> int:
    """The file goes straight to stdout: it may be larger than the memory."""
    checked = check_file(path, options, writer, sys.stdout.buffer, pool=pool)
    _tell(path, checked)
    return checked.exit_code


def _report(
    files: list[str],
    writer: ReportWriter,
    options: CheckOptions,
    processes: int,
    pool: CheckingPool | None = None,
) -> int:
    code = NO_ERROR
    _print_by(writer.begin, options)
    outcomes = (
        partial(_checked_here, pool=pool)
        if processes == 1
        else partial(_checked_apart, processes=processes)
    )
    for path, (checked, report) in zip(files, outcomes(files, options), strict=True):
        _print(report, options)
        _tell(path, checked)
        code = max(code, checked.exit_code)
    _print_by(writer.end, options)
    return code


def _checked_here(
    files: list[str], options: CheckOptions, *, pool: CheckingPool | None
) -> Iterator[tuple[Checked, bytes]]:
    return (_check_and_keep(path, options, pool=pool) for path in files)


def _checked_apart(
    files: list[str], options: CheckOptions, *, processes: int
) -> Iterator[tuple[Checked, bytes]]:
    from app.cli.parallel import in_processes

    work = partial(_check_and_keep, options=options, watched=False)
    with _counter(len(files)) as count:
        for done in in_processes(work, files, processes=processes):
            count()
            yield done


def _counter(total: int) -> AbstractContextManager[Callable[[], None]]:
    """A bar for who waits at a terminal and does not see the reports come."""
    if sys.stdout.isatty() or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    from app.cli.progress import counted

    return counted("case files", total)


def _check_and_keep(
    path: str, options: CheckOptions, *, watched: bool = True, pool: CheckingPool | None = None
) -> tuple[Checked, bytes]:
    out = BytesIO()
    writer = writer_for(options.format, coloured=options.coloured)
    checked = check_file(path, options, writer, out, watched=watched, pool=pool)
    return checked, out.getvalue()


def _processes(files: list[str], jobs: int | None) -> int:
    if STDIN in files:
        return 1
    if jobs is None and sum(map(stored_bytes, files)) < _WORTH_PROCESSES_BYTES:
        return 1
    processes = jobs or usable_cores()
    return processes if len(files) == 1 else min(processes, len(files))


def _print_by(write: Callable[[BinaryIO], None], options: CheckOptions) -> None:
    out = BytesIO()
    write(out)
    _print(out.getvalue(), options)


def _print(report: bytes, options: CheckOptions) -> None:
    """A terminal may have an encoding of its own; the other formats are always UTF-8."""
    if options.format is ReportFormat.TEXT:
        sys.stdout.write(report.decode())
        sys.stdout.flush()
    else:
        sys.stdout.buffer.write(report)
        sys.stdout.buffer.flush()


def _tell(path: str, checked: Checked) -> None:
    if checked.remark:
        typer.echo(f"{shown(path)}: {checked.remark}", err=True)
