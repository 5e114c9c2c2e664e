"""Removes what processes that died left on disk, and answers that were kept long enough."""

import logging
from typing import Final

from app.intake.service import Intake
from app.web.logs import log_fields

_log = logging.getLogger(__name__)
_ABANDONED_PART_SECONDS: Final = 24 * 3600
_UNUSED_FILE_SECONDS: Final = 3600
_ANSWERS_KEPT_DAYS: Final = 30


def tidy(intake: Intake) -> int:
    """Remove the files that no submission needs; return how many there were.

    A process may die between refusing a submission and removing its file, or between keeping a file
    and recording its submission.
    """
    _forget_answers(intake)
    intake.blobs.sweep(older_than_seconds=_ABANDONED_PART_SECONDS)
    removed = intake.unused_files.forget_all(older_than_seconds=_UNUSED_FILE_SECONDS)
    if removed:
        _log.info("removed files that nobody needs", extra=log_fields(files=removed))
    return removed


def _forget_answers(intake: Intake) -> None:
    """What people entered stands in them, and nobody sends a request again after so long."""
    with intake.open_work() as work:
        work.idempotency.forget_answers(older_than_days=_ANSWERS_KEPT_DAYS)
        work.commit()
