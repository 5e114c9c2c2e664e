"""Progress bars on stderr, where a person looks on.

A bar lives as long as the one thing that it shows and is gone before anything is printed. Nothing
is redirected: Rich would send what is meant for a file in stdout to the terminal of the bar.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.xsd.window import Source


class WatchedSource:
    """Tells a progress bar how many bytes were read."""

    def __init__(self, source: Source, progress: Progress, total: int | None, label: str) -> None:
        self._source = source
        self._progress = progress
        self._task = progress.add_task(label, total=total)

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self._progress.advance(self._task, len(data))
        return data


class FileTakenIn:
    """Tells a progress bar how far the registry has read a file of `total` bytes."""

    def __init__(self, progress: Progress, label: str, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=total, status="received", records=0)

    def show(self, status: str, *, records: int, bytes_read: int) -> None:
        self._progress.update(self._task, status=status, records=records, completed=bytes_read)


@contextmanager
def watched(source: Source, *, label: str, total: int | None) -> Iterator[Source]:
    with _display(BarColumn(), DownloadColumn(), TimeRemainingColumn()) as progress:
        yield WatchedSource(source, progress, total, label)


@contextmanager
def counted(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Yield what tells that one more of `total` is done."""
    with counted_by_many(label, total) as done:
        yield lambda: done(1)


@contextmanager
def counted_by_many(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield what tells how many more of `total` are done."""
    with _display(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task(label, total=total)
        yield lambda more: progress.advance(task, more)


@contextmanager
def taken_in(label: str, total: int) -> Iterator[FileTakenIn]:
    told = TextColumn("{task.fields[status]}, {task.fields[records]} records")
    with _display(BarColumn(), told, TimeElapsedColumn(), TimeRemainingColumn()) as progress:
        yield FileTakenIn(progress, label, total)


def _display(*columns: ProgressColumn) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not sys.stderr.isatty(),
    )
