"""What the log says of a try to deliver a notice."""

import logging
from uuid import UUID

from app.domain.notices import NoticeProgress
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
    level = logging.INFO if progress.failure is None else logging.WARNING
    _log.log(level, "notice tried", extra=fields)
