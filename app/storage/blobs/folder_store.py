"""Received files in a local folder. They hold patients' data: files are 0600, folders 0700."""

import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Final

from app.storage.blobs.errors import BlobMissing, told_as_busy
from app.storage.blobs.marked_folder import MarkedFolder
from app.storage.blobs.naming import hash_in, name_of
from app.storage.blobs.private_folders import make_private
from app.storage.blobs.reading import CheckedReader
from app.storage.blobs.sealed_file import KEY_NUMBER_END, key_number_in
from app.storage.blobs.writer import BlobWriter
from app.storage.sealing.key import DataKey, KeySource

_INCOMING: Final = "incoming"


class FolderStore:
    def __init__(self, folder: Path, keys: KeySource) -> None:
        self._folder = folder
        self._keys = keys
        self._marked = MarkedFolder(folder)
        self._lasting: set[Path] = set()

    def writer(self) -> BlobWriter:
        self._marked.require_unless_new()
        key = self._keys.newest()
        with told_as_busy():
            return _FolderWriter(self._marked, key, self._lasting)

    def open(self, sha256: str) -> BinaryIO:
        with self._told(sha256):
            file = (self._folder / name_of(sha256)).open("rb")
        return io.BufferedReader(CheckedReader(_KeptFile(file), sha256, self._keys))

    def has(self, sha256: str) -> bool:
        try:
            with self._told(sha256):
                (self._folder / name_of(sha256)).stat()
        except BlobMissing:
            return False
        return True

    def key_number(self, sha256: str) -> int | None:
        with self._told(sha256), (self._folder / name_of(sha256)).open("rb") as file:
            return key_number_in(file.read(KEY_NUMBER_END))

    def delete(self, sha256: str) -> None:
        path = self._folder / name_of(sha256)
        with self._told(sha256):
            path.unlink()
            _flush_folder(path.parent)

    def kept(self, *, older_than_seconds: float) -> Iterator[str]:
        limit = time.time() - older_than_seconds
        with told_as_busy():
            for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*.zst"):
                sha256 = hash_in(path.relative_to(self._folder).as_posix())
                if sha256 is not None and _is_older(path, limit):
                    yield sha256

    def check(self) -> None:
        with self.writer() as writer:
            writer.check()

    def sweep(self, *, older_than_seconds: float) -> int:
        limit = time.time() - older_than_seconds
        with told_as_busy():
            parts = (self._folder / _INCOMING).glob("*.part")
            leftovers = [path for path in parts if _is_older(path, limit)]
            for path in leftovers:
                path.unlink(missing_ok=True)
        return len(leftovers)

    @contextmanager
    def _told(self, sha256: str) -> Iterator[None]:
        """Raises: BlobMissing if the folder is there without the file; else ServiceBusy."""
        with told_as_busy():
            try:
                yield
            except FileNotFoundError:
                self._marked.require()
                raise BlobMissing(sha256) from None


class _KeptFile:
    """Raises: ServiceBusy when the disk breaks off."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        with told_as_busy():
            return self._file.read(size)

    def close(self) -> None:
        self._file.close()


class _FolderWriter(BlobWriter):
    """Spools beside the files, so that the file only has to be renamed.

    `lasting` are the folders of the first level whose place in the store this process has flushed.
    """

    def __init__(self, marked: MarkedFolder, key: DataKey, lasting: set[Path]) -> None:
        self._lasting = lasting
        self._folder = marked.path
        self._marked = marked
        self._incoming = self._folder / _INCOMING
        make_private(self._incoming)
        spool, self._part = self._new_part()
        super().__init__(spool, key)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        with suppress(OSError):  # what is left is swept away later
            self._part.unlink(missing_ok=True)

    def _keep(self, sha256: str) -> None:
        """Return once the file would survive a loss of power."""
        path = self._folder / name_of(sha256)
        self._marked.require_unless_new()
        with told_as_busy():
            self._fill_part()
            make_private(path.parent)
            self._marked.mark()
            self._part.replace(path)
            self._flush(path.parent)

    def _flush(self, folder: Path) -> None:
        """And what it stands in: who made that may not have come to flushing it."""
        _flush_folder(folder)
        _flush_folder(folder.parent)
        if folder.parent not in self._lasting:
            _flush_folder(self._folder)
            self._lasting.add(folder.parent)

    def _fill_part(self) -> None:
        """The spool itself, the first time; then it has been renamed, and is read once more."""
        if self._part.exists():
            os.fsync(self._spool.fileno())
            return
        copy, self._part = self._new_part()
        with copy:
            self._spool.seek(0)
            shutil.copyfileobj(self._spool, copy)
            copy.flush()
            os.fsync(copy.fileno())

    def _new_part(self) -> tuple[IO[bytes], Path]:
        handle, name = tempfile.mkstemp(suffix=".part", dir=self._incoming)  # 0600, ours alone
        return os.fdopen(handle, "w+b"), Path(name)


def _is_older(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:  # somebody was faster
        return False


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
