"""New master keys for the data keys, and new data keys for all that is stored.

The intake goes on meanwhile. What is stored says by itself which data key sealed it, so whoever is
killed leaves nothing to mend: the next one seals what does not have the newest yet.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.audit import Actor, AuditAction
from app.domain.identifiers import PracticeId
from app.intake.verifying import Watch, watch_nothing
from app.storage.blobs import BlobDamaged, BlobMissing, BlobStore
from app.storage.sealing.data_key_store import ReEncryption
from app.storage.sealing.data_keys import FILES, DataKeys
from app.storage.sealing.resealing import BEGINNING, Place, Resealed
from app.storage.unit_of_work import OpenWork

_PIECE_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReEncrypted:
    """Rows and files that were sealed anew. What is damaged does not open, and stays as it is."""

    records: Resealed
    files: Resealed

    @property
    def damaged(self) -> int:
        return self.records.damaged + self.files.damaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """On behalf of `by`; `wait` takes seconds."""

    open_work: OpenWork
    keys: DataKeys
    blobs: BlobStore
    by: Actor
    wait: Callable[[float], None] = time.sleep

    def wrap_anew(self) -> int:
        """Wrap every data key with the first master key; return how many another one had wrapped.

        Raises: KeysMissing.
        """
        masters = self.keys.masters
        with self.open_work() as work:
            count = work.data_keys.wrap_anew(masters)
            if count:
                work.audit.record(
                    self.by,
                    AuditAction.DATA_KEYS_WRAPPED,
                    practice=None,
                    count=count,
                    master_key=masters.newest,
                )
            work.commit()
        return count

    def begin(self) -> ReEncryption:
        """Make new data keys for everybody, or go on with those of a run that has not ended."""
        with self.open_work() as work:
            under_way = work.data_keys.begin_re_encryption()
            if not under_way.is_resumed:
                work.audit.record(
                    self.by,
                    AuditAction.RE_ENCRYPTION_BEGUN,
                    practice=None,
                    about=("re-encryption", under_way.id),
                )
            work.commit()
        for owner in (*self._practices(), FILES):
            with self.open_work() as work:
                made_at = work.data_keys.newest_made_at(owner)
            if made_at is not None and made_at < under_way.begun_at:
                self.keys.make_next(owner)
        return under_way

    def count_records(self) -> int:
        """The rows that are still to be sealed."""
        total = 0
        for practice in self._practices():
            newest = self._newest(practice)
            with self.open_work() as work:
                total += work.resealing(practice, newest=newest).count()
        return total

    def count_files(self) -> int:
        return sum(1 for _ in self.blobs.kept(older_than_seconds=0))

    def seal_records(self, watch: Watch = watch_nothing) -> Resealed:
        """Seal batch after batch, each in a transaction of its own."""
        done = Resealed()
        for practice in self._practices():
            place: Place | None = BEGINNING
            while place is not None:
                more, place = self._seal_some(practice, place)
                done += more
                watch(more.sealed + more.damaged)
        return done

    def seal_files(self, watch: Watch = watch_nothing) -> Resealed:
        """Seal each file that has another key; those that nobody needs any more are left out."""
        done = Resealed()
        for sha256 in self.blobs.kept(older_than_seconds=0):
            try:
                done += Resealed(sealed=self._seal_file(sha256))
            except BlobDamaged:
                done += Resealed(damaged=1)
            watch(1)
        return done

    def finish(self, under_way: ReEncryption, so_far: ReEncrypted) -> ReEncrypted:
        """Seal what came with the keys before while the new ones got known, and end it."""
        self.wait(self.keys.fresh_seconds)
        records = so_far.records
        for practice in self._practices():
            newest = self._newest(practice)
            with self.open_work() as work:
                work.practices.lock(practice)  # whoever stores something has stored it then
                late = work.resealing(practice, newest=newest).seal_all()
                records += Resealed(sealed=late.sealed)
                work.commit()
        files = so_far.files + Resealed(sealed=self.seal_files().sealed)
        with self.open_work() as work:
            work.data_keys.end_re_encryption(under_way)
            work.audit.record(
                self.by,
                AuditAction.RE_ENCRYPTION_ENDED,
                practice=None,
                about=("re-encryption", under_way.id),
                records=records.sealed,
                files=files.sealed,
            )
            work.commit()
        return ReEncrypted(records=records, files=files)

    def _practices(self) -> list[PracticeId]:
        with self.open_work() as work:
            return work.practices_with_rows()

    def _newest(self, owner: str) -> int:
        return self.keys.newest(owner).number

    def _seal_some(self, practice: PracticeId, place: Place) -> tuple[Resealed, Place | None]:
        newest = self._newest(practice)  # before: it may need a connection
        with self.open_work() as work:
            done = work.resealing(practice, newest=newest).seal_some(place)
            work.commit()
        return done

    def _seal_file(self, sha256: str) -> int:
        """Return how many files were sealed: one or none. Raises: BlobDamaged."""
        try:
            if self.blobs.key_number(sha256) == self._newest(FILES):
                return 0
            with self.blobs.open(sha256) as file, self.blobs.writer() as copy:
                for piece in iter(partial(file.read, _PIECE_BYTES), b""):
                    copy.write(piece)
                if copy.sha256 != sha256:
                    raise BlobDamaged(sha256)
                with self.open_work() as work:
                    work.kept_bytes.lock(sha256)
                    if not self.blobs.has(sha256):  # removed, and not to come back
                        return 0
                    copy.finish()
        except BlobMissing:
            return 0
        return 1
