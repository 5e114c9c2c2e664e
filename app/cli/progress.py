"""Progress bars on stderr, where a person looks on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

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

    def done(self) -> None:
        self._progress.remove_task(self._task)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        yield progress
