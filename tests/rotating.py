"""Master keys of before and after, and somebody who sends while keys are replaced."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.storage.blobs import BlobStore
from tests.case_files import a_case_file, a_record
from tests.registry import MASTER_KEY, Caller

OLD = "the master key before which is to be taken away"
BOTH = f"{MASTER_KEY},{OLD}"


def files_by_key(blobs: BlobStore) -> set[int | None]:
    return {blobs.key_number(sha256) for sha256 in blobs.kept(older_than_seconds=0)}


@contextmanager
def files_coming_in(service: Caller, *, every_seconds: float = 0) -> Iterator[list[Any]]:
    """Somebody who sends a new case and replaces another one, again and again."""
    receipts: list[Any] = []
    enough = threading.Event()

    def send() -> None:
        while not enough.wait(every_seconds):
            number = len(receipts)
            sent = a_record(f"B-{number}"), a_record("A-2", age=str(20 + number % 50))
            receipts.append(service.send(a_case_file(*sent)))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield receipts
    finally:
        enough.set()
        sender.join()
