"""Takes up what processes that died left behind: submissions without an end, files without use."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from app.intake.service import Intake
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_ABANDONED_PART_SECONDS: Final = 24 * 3600
_UNUSED_FILE_SECONDS: Final = 3600
_TIDY_EVERY_SECONDS: Final = 3600  # it looks at every file that is kept


def recover(intake: Intake) -> int:
    """Bring every abandoned submission to its end state; return how many there were."""
    recovered = 0
    while intake.process_abandoned():
        recovered += 1
    if recovered:
        _log.info("recovered submissions", extra=log_fields(submissions=recovered))
    return recovered


def tidy(intake: Intake) -> int:
    """Remove the files that no submission needs; return how many there were.

    A process may die between refusing a submission and removing its file, or between keeping a file
    and recording its submission.
    """
    intake.blobs.sweep(older_than_seconds=_ABANDONED_PART_SECONDS)
    removed = intake.forget_unused_files(older_than_seconds=_UNUSED_FILE_SECONDS)
    if removed:
        _log.info("removed files that nobody needs", extra=log_fields(files=removed))
    return removed


def recover_until(stop: threading.Event, intake: Intake, seconds: float) -> None:
    """Look at once, and again every `seconds` until `stop` is set. No error ends it."""
    tidy_at = time.monotonic()
    while not stop.is_set():
        _attempt(recover, intake)
        if time.monotonic() >= tidy_at:
            tidy_at = time.monotonic() + _TIDY_EVERY_SECONDS
            _attempt(tidy, intake)
        stop.wait(seconds)


def _attempt(job: Callable[[Intake], int], intake: Intake) -> None:
    try:
        job(intake)
    except Exception as error:  # a database may be away for hours: the next round comes anyway
        _log.warning("recovery waits", extra=log_fields(job=job.__name__, **error_fields(error)))
