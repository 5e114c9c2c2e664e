"""The case file of a submission, as long as it is kept."""

from typing import BinaryIO

from app.domain.errors.intake import FileNotKept
from app.domain.submissions import Submission, SubmissionStatus
from app.storage.blobs import BlobMissing, BlobStore


def open_as_received(submission: Submission, blobs: BlobStore) -> BinaryIO:
    """Return the uncompressed bytes, to be read forwards and closed. Raises: FileNotKept."""
    if submission.status is SubmissionStatus.REJECTED:
        raise FileNotKept("The submission was refused: only its receipt and findings are kept.")
    if submission.purged_at is not None:
        raise FileNotKept("What came with the submission was purged: only its receipt is kept.")
    try:
        return blobs.open(submission.sha256)
    except BlobMissing:
        raise FileNotKept("The file of this submission is no longer kept.") from None
