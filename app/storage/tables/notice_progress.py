"""How far a notice came, as columns: webhooks and mails keep it alike."""

from typing import Any

from sqlalchemy import Row

from app.domain.notices import NoticeFailure, NoticeProgress, NoticeState


def progress_columns(progress: NoticeProgress) -> dict[str, Any]:
    return {
        "state": progress.state.value,
        "tries": progress.tries,
        "tried_at": progress.tried_at,
        "next_try_at": progress.next_try_at,
        "failure": None if progress.failure is None else progress.failure.value,
        "status": progress.status,
    }


def progress_of(row: Row[Any]) -> NoticeProgress:
    return NoticeProgress(
        state=NoticeState(row.state),
        tries=row.tries,
        tried_at=row.tried_at,
        next_try_at=row.next_try_at,
        failure=None if row.failure is None else NoticeFailure(row.failure),
        status=row.status,
    )
