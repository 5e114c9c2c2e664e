"""The report of a submission: its findings as they were stored, in every format of a validation."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO, Final
from uuid import UUID

from app.checking.report import ValidationReport
from app.domain.acceptances import Acceptance
from app.domain.errors.intake import FileNotKept
from app.domain.errors.service import ServiceBusy
from app.domain.submissions import Submission
from app.intake.files_as_received import open_as_received
from app.reports.checked_file import CheckedFile
from app.reports.formats import ReportFormat, write_report
from app.storage.blobs import BlobStore
from app.storage.blobs.private_folders import make_private
from app.storage.unit_of_work import UnitOfWork

_MOST_IN_MEMORY: Final = 8 << 20
_COPIED_BYTES: Final = 1 << 20
_RETRY_SECONDS: Final = 10
# Each report that quotes its file may take twice the size of it on disk, and seconds.
_places: Final = BoundedSemaphore(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """`acceptances` has all that the findings of the report name."""

    report: ValidationReport
    acceptances: Mapping[UUID, Acceptance]


def read_stored_report(
    submission: Submission, work: UnitOfWork, *, accepted: bool | None, max_findings: int
) -> StoredReport:
    """`accepted` True lists only what the practice has accepted, False all the rest."""
    findings = work.submissions.findings_of(submission, accepted=accepted, limit=max_findings)
    kinds = work.submissions.kinds_of(submission)
    named = {finding.acceptance for finding in findings if finding.acceptance is not None}
    report = ValidationReport(
        schema_version=submission.schema_version,
        practice_id=submission.practice_id,
        sha256=submission.sha256,
        bytes=submission.bytes,
        records_total=submission.records_read,
        records_valid=submission.valid_records,
        findings=tuple(findings),
        findings_total=submission.findings.total,
        errors=submission.findings.error,
        kinds=kinds.found,
        accepted={kind: number for kind, number in kinds.accepted.items() if number},
    )
    acceptances = work.acceptances.with_ids(submission.practice_id, named)
    return StoredReport(report=report, acceptances=acceptances)


def write_stored_report(
    stored: StoredReport,
    submission: Submission,
    format_: ReportFormat,
    *,
    blobs: BlobStore,
    spool: Path,
    service_url: str,
) -> BinaryIO:
    """Return the report, to be read from its beginning and closed.

    `spool` is the private folder of what is too large for the memory.
    Of a file that is not kept, text and HTML show the findings without its lines.
    Raises: FileNotKept for the file with comments, and ServiceBusy when many are being written.
    """
    write = partial(_written, stored, submission, format_, spool=spool, service_url=service_url)
    if not _is_quoting(format_, stored.report):
        return write(source=None)
    if not _places.acquire(blocking=False):
        raise ServiceBusy(retry_after=_RETRY_SECONDS)
    try:
        with _readable_again(submission, format_, blobs, spool) as source:
            return write(source=source)
    finally:
        _places.release()


def _is_quoting(format_: ReportFormat, report: ValidationReport) -> bool:
    return format_ is ReportFormat.XML or (format_.quotes_the_file and bool(report.findings))


@contextmanager
def _readable_again(
    submission: Submission, format_: ReportFormat, blobs: BlobStore, spool: Path
) -> Iterator[BinaryIO | None]:
    """Yield a copy that can be sought; None for a format that can do without a file not kept."""
    try:
        kept = open_as_received(submission, blobs)
    except FileNotKept:
        if format_ is ReportFormat.XML:
            raise
        yield None
        return
    make_private(spool)  # for what is made of it, too: that may be larger
    with kept, _room_for(submission, spool) as copy:
        copyfileobj(kept, copy, _COPIED_BYTES)
        yield copy


def _written(
    stored: StoredReport,
    submission: Submission,
    format_: ReportFormat,
    *,
    source: BinaryIO | None,
    spool: Path,
    service_url: str,
) -> BinaryIO:
    checked = CheckedFile(
        name=submission.file_name or "case-file.xml",
        report=stored.report,
        source=source,
        service_url=service_url,
        reasons={each.id: each.reason for each in stored.acceptances.values()},
        spool=spool,
    )
    with ExitStack() as unless_written:
        out = unless_written.enter_context(_room_for(submission, spool))
        write_report(checked, format_, out)
        out.seek(0)
        unless_written.pop_all()
        return out


def _room_for(submission: Submission, spool: Path) -> BinaryIO:
    """A file on disk has no name: nobody else finds it, and it goes with its last reader.

    Not in the system's folder for such files, which many systems keep in their memory.
    """
    if submission.bytes <= _MOST_IN_MEMORY:
        return BytesIO()
    make_private(spool)
    return TemporaryFile(dir=spool)
