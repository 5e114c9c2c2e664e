"""The story of an export: asked for, made by a worker, kept for some days, handed out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import BinaryIO, Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.errors.intake import FileNotKept
from app.domain.errors.keeping import ExportNotDone, ExportUnknown
from app.domain.errors.roster import PracticeUnknown
from app.domain.exports import Export, ExportStatus
from app.domain.identifiers import PracticeId
from app.domain.jobs import MAY_BE_LOST, Job, Queue, Task
from app.exports.building import Archive, Sink, Told
from app.storage.blobs import BlobMissing, BlobStore, BlobWriter
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_MOST_ATTEMPTS: Final = 3
_TOLD_EVERY: Final = timedelta(seconds=1)


class PurgedMeanwhile(Exception):
    """What was written holds cases that are purged now: it has to be made anew."""


def _now() -> datetime:
    return datetime.now(UTC)


def ask_export(practice: PracticeId, actor: Actor, *, open_work: OpenWork) -> Export:
    """Let a worker make an export; while one is under way it is that one.

    Raises: PracticeUnknown.
    """
    with open_work() as work:
        _require_known(practice, work)
        work.retention.lock(practice)
        under_way = work.exports.under_way(practice)
        if under_way is not None:
            _line_up_if_lost(under_way, work)
            return under_way
        export = Export(
            practice_id=practice,
            id=uuids.uuid7(),
            status=ExportStatus.WAITING,
            asked_at=_now(),
            asked_by=actor.label or (None if actor.key_id is None else f"key {actor.key_id}"),
        )
        work.exports.add(export)
        work.jobs.add(_job_for(export))
        _record(AuditAction.EXPORT_ASKED, export, actor, work)
        work.commit()
    return export


def _line_up_if_lost(export: Export, work: UnitOfWork) -> None:
    if _now() - export.asked_at > MAY_BE_LOST:
        work.jobs.add(_job_for(export))
        work.commit()


def read_export(practice: PracticeId, export_id: UUID, *, open_work: OpenWork) -> Export:
    """Raises: ExportUnknown."""
    with open_work() as work:
        return _found(practice, export_id, work)


def open_export(
    practice: PracticeId, export_id: UUID, actor: Actor, *, blobs: BlobStore, open_work: OpenWork
) -> BinaryIO:
    """Write down who gets the file, and return it, to be read forwards and closed.

    Raises: ExportUnknown, ExportNotDone, FileNotKept.
    """
    with open_work() as work:
        export = _found(practice, export_id, work)
        if export.sha256 is None:
            raise ExportNotDone(f"Its `status` is {export.status}.")
        if not export.is_kept_at(_now()):
            raise FileNotKept("The days are over for which an export is kept. Ask for another.")
        try:
            file = blobs.open(export.sha256)
        except BlobMissing:
            raise FileNotKept("The file of this export is no longer kept.") from None
        _record(AuditAction.EXPORT_DOWNLOADED, export, actor, work)
        work.commit()
    return file


def export_to(
    practice: PracticeId, sink: Sink, actor: Actor, *, blobs: BlobStore, open_work: OpenWork
) -> None:
    """Write an export into `sink` at once, told in the trail before. Raises: PracticeUnknown."""
    with open_work() as work:
        _require_known(practice, work)
        work.audit.record(actor, AuditAction.EXPORT_DOWNLOADED, practice=practice)
        work.commit()
    _write(practice, sink, blobs, open_work, tell=lambda done, parts: None)


@dataclass(frozen=True, kw_only=True)
class Exports:
    """Makes exports, and keeps each for `days`."""

    open_work: OpenWork
    blobs: BlobStore
    days: int
    now: Callable[[], datetime] = _now

    def make(self, practice: PracticeId, export_id: UUID) -> None:
        """Done by a job, which comes again after a kill or a fault; at the third it has failed."""
        export = self._begun(practice, export_id)
        if export is None:
            return
        try:
            with self.blobs.writer() as writer:
                began = self.now()
                parts = self._fill(export, writer)
                self._keep(replace(export, parts=parts), writer, began)
        except Exception as error:
            fields = log_fields(practice=practice, **error_fields(error))
            _log.warning("export broke off", extra=fields)
            if export.attempts < _MOST_ATTEMPTS:
                raise
            with self.open_work() as work:
                work.exports.fail(export, at=self.now())
                work.commit()

    def _begun(self, practice: PracticeId, export_id: UUID) -> Export | None:
        """None: it has ended before."""
        with self.open_work() as work:
            export = work.exports.get(practice, export_id)
            if export is None or not export.status.is_under_way:
                return None
            if export.attempts == _MOST_ATTEMPTS:  # each time its process was killed
                work.exports.fail(export, at=self.now())
                work.commit()
                return None
            work.exports.begin(export)
            begun = work.exports.get(practice, export_id)
            work.commit()
        return begun

    def _fill(self, export: Export, writer: BlobWriter) -> int:
        told_at = self.now()

        def tell(parts_done: int, parts: int) -> None:
            nonlocal told_at
            if self.now() - told_at < _TOLD_EVERY:
                return
            told_at = self.now()
            with self.open_work() as work:
                work.exports.tell_progress(export, parts_done=parts_done, parts=parts)
                work.commit()

        return _write(export.practice_id, writer, self.blobs, self.open_work, tell=tell)

    def _keep(self, export: Export, writer: BlobWriter, began: datetime) -> None:
        """Under the lock of the bytes, so that nobody tidies the file away before it is told of.

        Raises: PurgedMeanwhile.
        """
        stored = writer.finish()
        with self.open_work() as work:
            work.retention.lock(export.practice_id)
            if work.retention.is_purged_since(export.practice_id, began):
                raise PurgedMeanwhile
            work.kept_bytes.lock(stored.sha256)
            if not self.blobs.has(stored.sha256):
                writer.keep_again()
            at = self.now()
            work.exports.finish(
                replace(
                    export,
                    finished_at=at,
                    expires_at=at + timedelta(days=self.days),
                    sha256=stored.sha256,
                    bytes=stored.size,
                )
            )
            work.commit()


def _write(
    practice: PracticeId,
    sink: Sink,
    blobs: BlobStore,
    open_work: OpenWork,
    *,
    tell: Told,
) -> int:
    with open_work() as work:
        work.show_one_moment()
        exported = work.exported(practice)
        archive = Archive(
            practice=practice,
            exported=exported,
            documents=[
                (each.id, partial(work.cms.content, each))
                for each in work.cms.own_documents(practice)
            ],
            blobs=blobs,
            tell=tell,
        )
        return archive.write_to(sink)


def _job_for(export: Export) -> Job:
    return Job(
        task=Task.EXPORT,
        queue=Queue.ERRANDS,
        arguments={"practice_id": export.practice_id, "export_id": str(export.id)},
        lock=f"export of {export.practice_id}",
    )


def _require_known(practice: PracticeId, work: UnitOfWork) -> None:
    if not work.practices.exists(practice):
        raise PracticeUnknown("No practice of this id is registered.")


def _found(practice: PracticeId, export_id: UUID, work: UnitOfWork) -> Export:
    export = work.exports.get(practice, export_id)
    if export is None:
        raise ExportUnknown("The practice has no export of this id.")
    return export


def _record(done: AuditAction, export: Export, actor: Actor, work: UnitOfWork) -> None:
    work.audit.record(actor, done, practice=export.practice_id, about=("export", export.id))
