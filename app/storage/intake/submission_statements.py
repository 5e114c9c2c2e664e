"""The statements about submissions that every sender waits for."""

from typing import Final

from sqlalchemy import Delete, bindparam, delete, insert, select, update

from app.storage.fixed_statements import FixedStatement
from app.storage.tables.submissions import submission_progress, submissions


def _progress_away() -> Delete:
    told = submission_progress.c
    return delete(submission_progress).where(
        told.practice_id == bindparam("practice"), told.submission_id == bindparam("submission")
    )


GET: Final = FixedStatement(select(submissions).where(submissions.c.id == bindparam("submission")))
ADD: Final = FixedStatement(
    insert(submissions),
    columns=(
        "practice_id",
        "id",
        "sandbox",
        "status",
        "on_error",
        "replace_period",
        "file_name",
        "sha256",
        "bytes",
        "api_key_id",
        "received_at",
        "attempts",
        "software",
    ),
)
FORGET_PROGRESS: Final = FixedStatement(_progress_away())
FINISH: Final = FixedStatement(
    update(submissions)
    .add_cte(_progress_away().cte("progress_away"))
    .where(
        submissions.c.practice_id == bindparam("practice"),
        submissions.c.id == bindparam("submission"),
    )
    .returning(submissions),
    columns=(
        "status",
        "schema_version",
        "finished_at",
        "created",
        "replaced",
        "unchanged",
        "held",
        "rejected",
        "valid",
        "errors",
        "warnings",
        "findings_accepted",
        "findings_total",
        "failure_cause",
    ),
)
