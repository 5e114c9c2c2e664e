"""A process that takes one case file in: received, kept, read, stored, counted, committed.

python -m bench.ingest_process PATH RECORDS, with NACOR_DATA_DIR set; PATH may be - for stdin.
"""

import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import orjson

from app.checking.settling import settle_process
from app.deployment import create_engine_for, create_intake
from app.domain.submissions import OnError, SubmissionStatus
from app.intake.service import Intake, NewSubmission, Received
from app.settings import Settings
from bench.fixed import PRACTICE, STDIN

_CHUNK_BYTES = 1 << 20


def main(path: str, records: int) -> None:
    times = [time.perf_counter()]
    settings = Settings.from_environ(os.environ)
    engine = create_engine_for(settings)
    intake = create_intake(settings, engine)
    settle_process()
    times.append(time.perf_counter())
    with nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as source:
        received = _receive(intake, source)
    times.append(time.perf_counter())
    submission = intake.process(received.submission.id)
    times.append(time.perf_counter())
    if submission.status is not SubmissionStatus.ACCEPTED or submission.records.created != records:
        sys.exit(f"{submission.status}: {submission.records} {submission.failure_cause}")
    names = ("open the database", "receive and keep the file", "take in and commit")
    parts = {name: times[n + 1] - times[n] for n, name in enumerate(names)}
    print(orjson.dumps(parts).decode())
    engine.dispose()


def _receive(intake: Intake, source: BinaryIO) -> Received:
    new = NewSubmission(
        practice_id=PRACTICE,
        on_error=OnError.RECORD,
        sandbox=False,
        file_name=None,
        api_key=uuid4(),
        idempotency_key=None,
    )
    with intake.blobs.writer() as file:
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
        return intake.receive(new, file)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
