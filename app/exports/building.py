"""Writes all that a practice has here into a ZIP file, part by part, in flat memory."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Final, Protocol
from uuid import UUID

from app.domain.identifiers import PracticeId
from app.storage.blobs import BlobDamaged, BlobMissing, BlobStore
from app.storage.keeping.export_parts import ExportedPractice, part_names
from app.storage.sealing.records import RecordDamaged

_READ_BYTES: Final = 1 << 20
_QUICKLY: Final = 1
MANIFEST: Final = "MANIFEST.json"
README: Final = "README.txt"
_README: Final = """\
All that the registry has of practice {practice}, as of {made_at}.

{manifest} lists every file in here with its SHA-256, its bytes and, of data/, its rows.

data/    one file for each kind of data, a JSON object in each line (UTF-8). Times are UTC with
         their zone; clinical times have none and are as they came in the case files.
files/   the case files as they were received, named by their SHA-256. data/submissions.jsonl
         tells which submission sent which. Files of refused and of purged submissions are not
         kept. What stands under `unreadable` in {manifest} is lost or damaged in the registry.
cms/     the documents for CMS, named by their ids in data/cms_documents.jsonl, but for those of
         virtual groups: they have cases of other practices.

"""


class Sink(Protocol):
    def write(self, chunk: bytes, /) -> object: ...


Told = Callable[[int, int], None]
"""Is told how many parts are written, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPart:
    """`rows` None: a file that is no list of rows."""

    name: str
    sha256: str
    bytes: int
    rows: int | None


_Copied = tuple[str, WrittenPart | None]
"""The name by which it is known, and what was written; None: it cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """The export of one practice, written into a ZIP file that is never read back.

    `documents` are those for CMS, each as its id and what reads its bytes.
    """

    practice: PracticeId
    exported: ExportedPractice
    documents: Sequence[tuple[UUID, Callable[[], bytes]]]
    blobs: BlobStore
    tell: Told

    def write_to(self, sink: Sink) -> int:
        """Return how many parts were written."""
        files = self.exported.files()
        every = len(part_names()) + len(files) + len(self.documents)
        written: list[WrittenPart] = []
        unreadable: list[str] = []
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        with _zip_into(sink) as zip_:
            readme = _README.format(practice=self.practice, made_at=made_at, manifest=MANIFEST)
            for part in self.exported.parts():
                name = f"data/{part.name}.jsonl"
                readme += f"{name}\n    {part.about}\n"
                written.append(_write_rows(zip_, name, part.rows))
                self.tell(len(written), every)
            for name, copied in chain(self._case_files(zip_, files), self._documents(zip_)):
                if copied is None:
                    unreadable.append(name)
                else:
                    written.append(copied)
                self.tell(len(written), every)
            written.append(_write(zip_, README, iter([readme.encode()])))
            zip_.writestr(MANIFEST, self._manifest(made_at, written, unreadable))
        return len(written)

    def _case_files(self, zip_: zipfile.ZipFile, files: Iterable[str]) -> Iterator[_Copied]:
        for sha256 in files:
            yield sha256, self._copied(zip_, sha256)

    def _documents(self, zip_: zipfile.ZipFile) -> Iterator[_Copied]:
        for document_id, read in self.documents:
            try:
                content = read()
            except RecordDamaged:
                yield str(document_id), None
            else:
                yield str(document_id), _write(zip_, f"cms/{document_id}.json", iter([content]))

    def _copied(self, zip_: zipfile.ZipFile, sha256: str) -> WrittenPart | None:
        try:
            with self.blobs.open(sha256) as file:
                pieces = iter(lambda: file.read(_READ_BYTES), b"")
                return _write(zip_, f"files/{sha256}.xml", pieces)
        except (BlobMissing, BlobDamaged):
            return None

    def _manifest(self, made_at: str, written: list[WrittenPart], unreadable: list[str]) -> bytes:
        told = {
            "practice_id": self.practice,
            "made_at": made_at,
            "parts": [asdict(part) for part in written],
            "unreadable": unreadable,
        }
        return json.dumps(told, indent=2).encode()


def _zip_into(sink: Sink) -> zipfile.ZipFile:
    return zipfile.ZipFile(_Unseekable(sink), "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY)


def _write(zip_: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> WrittenPart:
    hashed, size = hashlib.sha256(), 0
    with zip_.open(name, "w", force_zip64=True) as entry:
        for piece in pieces:
            hashed.update(piece)
            size += entry.write(piece)
    return WrittenPart(name=name, sha256=hashed.hexdigest(), bytes=size, rows=None)


def _write_rows(zip_: zipfile.ZipFile, name: str, rows: Iterator[str]) -> WrittenPart:
    number = 0

    def lines() -> Iterator[bytes]:
        nonlocal number
        for row in rows:
            number += 1
            yield row.encode() + b"\n"

    written = _write(zip_, name, lines())
    return replace(written, rows=number)


class _Unseekable:
    """What `zipfile` needs of a file that is only ever written on."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, chunk: bytes, /) -> int:
        self._sink.write(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Whoever gave the sink ends it."""

    def close(self) -> None:
        """As `flush`."""
