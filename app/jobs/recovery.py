"""Takes up submissions whose process died before their end state was committed."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from app.intake.service import Intake

_log = logging.getLogger(__name__)
_ABANDONED_PART_SECONDS = 24 * 3600


def recover(intake: Intake) -> int:
    """Bring every abandoned submission to its end state; return how many there were."""
    recovered = 0
    while intake.process_abandoned():
        recovered += 1
    return recovered


def recover_until(stop: threading.Event, intake: Intake, seconds: float) -> None:
    """Look again every `seconds` until `stop` is set."""
    while not stop.wait(seconds):
        try:
            recovered = recover(intake)
            intake.blobs.sweep(older_than_seconds=_ABANDONED_PART_SECONDS)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("recovery waits: %s", type(error).__name__)
            continue
        if recovered:
            _log.info("recovered %d submissions", recovered)
