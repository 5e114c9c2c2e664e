"""What the log says of a try to deliver a notice."""

import logging
from uuid import UUID

from app.domain.notices import NoticeFailure, NoticeProgress
from app.web.logs import log_fields

_log = logging.getLogger(__name__)


def log_try(kind: str, notice_id: UUID, progress: NoticeProgress) -> None:
    """Without the address: it says who works where, and one of a webhook may hold a password."""
    fields = log_fields(
        kind=kind,
        notice=str(notice_id),
        state=progress.state.value,
        tries=progress.tries,
        failure=progress.failure and progress.failure.value,
        status=progress.status,
    )
    # That there is no mail server was told when the process began: it needs no word each time.
    is_usual = progress.failure in (None, NoticeFailure.NOT_CONFIGURED)
    _log.log(logging.INFO if is_usual else logging.WARNING, "notice tried", extra=fields)
