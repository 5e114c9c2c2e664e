"""A process that takes one case file in: received, kept, read, stored, counted, committed.

python -m bench.ingest_process PATH RECORDS, with NACOR_DATA_DIR set; PATH may be - for stdin.
"""

import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import orjson

from app.checking.settling import settle_process
from app.deployment import create_intake
from app.domain.submissions import SubmissionStatus
from app.opening import create_engine_for
from app.settings import Settings
from bench.fixed import STDIN
from bench.receiving import receive


def main(path: str, records: int) -> None:
    times = [time.perf_counter()]
    settings = Settings.from_environ(os.environ)
    engine = create_engine_for(settings)
    intake = create_intake(settings, engine)
    settle_process()
    times.append(time.perf_counter())
    with nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as source:
        received = receive(intake, source)
    times.append(time.perf_counter())
    submission = intake.process(received.id)
    times.append(time.perf_counter())
    if submission.status is not SubmissionStatus.ACCEPTED or submission.records.created != records:
        sys.exit(f"{submission.status}: {submission.records} {submission.failure_cause}")
    names = ("open the database", "receive and keep the file", "take in and commit")
    parts = {name: times[n + 1] - times[n] for n, name in enumerate(names)}
    print(orjson.dumps(parts).decode())
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
