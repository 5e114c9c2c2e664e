"""Puts a case file into the queue as the service does, without a request around it."""

from typing import IO, Final
from uuid import uuid4

from app.domain.identifiers import PracticeId
from app.domain.submissions import OnError, Submission
from app.intake.receiving import NewSubmission
from app.intake.service import Intake
from bench.fixed import PRACTICE

_CHUNK_BYTES: Final = 1 << 20


def receive(intake: Intake, source: IO[bytes], practice: PracticeId = PRACTICE) -> Submission:
    new = NewSubmission(
        practice_id=practice,
        on_error=OnError.RECORD,
        sandbox=False,
        file_name=None,
        api_key=uuid4(),
        idempotency_key=None,
    )
    with intake.blobs.writer() as file:
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
        return intake.receive(new, file).submission
