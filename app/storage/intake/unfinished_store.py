"""Submissions that have no end state yet: who works on them, how often, and how far they are."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Cursor
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.domain.identifiers import PracticeId
from app.domain.jobs import Task
from app.domain.submissions import Progress, Submission, SubmissionStatus
from app.storage.fixed_statements import FixedStatement
from app.storage.intake.replacement_rows import with_replacements
from app.storage.intake.submission_rows import submission_of
from app.storage.tables.submissions import submission_progress, submissions

_UNFINISHED = and_(
    submissions.c.finished_at.is_(None),
    # It is the sender's turn, for days: until then the submission is in nobody's way.
    submissions.c.status != SubmissionStatus.AWAITING_CONFIRMATION.value,
)
_HAS_A_JOB = literal_column(
    # The library's own table: it offers no call that asks this of one job.
    f"""EXISTS (SELECT FROM procrastinate_jobs j
               WHERE j.task_name = '{Task.PROCESS_SUBMISSION.value}'
                 AND j.status IN ('todo', 'doing')
                 AND j.args->>'submission_id' = submissions.id::text)""",
    Boolean,
)


_HERE = submissions.c.practice_id == bindparam("practice")


def _are_fewer_than(limit: str, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(literal(1)).where(_UNFINISHED, *which).limit(bindparam(limit)).subquery()
    return select(func.count()).select_from(found).scalar_subquery() < bindparam(limit)


_ARE_FEWER: Final = FixedStatement(
    select(and_(_are_fewer_than("of_practice", _HERE), _are_fewer_than("of_all")))
)
_HAS: Final = FixedStatement(
    select(
        exists().where(
            _HERE,
            _UNFINISHED,
            or_(
                submissions.c.bytes > bindparam("larger_than"),
                submissions.c.replace_period.is_not(None),
                func.nacor_has_a_job(submissions.c.id),
            ),
        )
    )
)
_BYTES_OF: Final = FixedStatement(
    select(func.coalesce(func.sum(submissions.c.bytes), 0)).where(_HERE, _UNFINISHED)
)
_LOCK: Final = FixedStatement(
    select(submissions)
    .where(submissions.c.id == bindparam("submission"), _UNFINISHED)
    .with_for_update()
)


class UnfinishedStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has(self, practice: PracticeId, *, larger_than: int) -> bool:
        """Whether a file with more bytes, one for a whole period, or one in line is unfinished.

        Who takes in a newer one before it lets the older one have the last word.
        """
        return bool(_only(_HAS.ask(self._connection, practice=practice, larger_than=larger_than)))

    def bytes_of(self, practice: PracticeId) -> int:
        """How much of the practice is still to be taken in."""
        return int(_only(_BYTES_OF.ask(self._connection, practice=practice)))

    def are_fewer(self, *, of_all: int, practice: PracticeId, of_practice: int) -> bool:
        """Whether there are fewer of all practices, and fewer of one; not counted any further."""
        limits = {"of_all": of_all, "practice": practice, "of_practice": of_practice}
        return bool(_only(_ARE_FEWER.ask(self._connection, **limits)))

    def begin(self, submission_id: UUID) -> Submission | None:
        """Count an attempt at a submission; None when it has its end state."""
        row = self._connection.execute(
            update(submissions)
            .where(submissions.c.id == submission_id, _UNFINISHED)
            .values(attempts=submissions.c.attempts + 1, status=SubmissionStatus.PROCESSING.value)
            .returning(submissions)
        ).first()
        return None if row is None else submission_of(row)

    def put_back(self, submission_id: UUID) -> None:
        """Let an attempt that was not finished through no fault of its own not count."""
        self._connection.execute(
            update(submissions)
            .where(submissions.c.id == submission_id, _UNFINISHED)
            .values(attempts=func.greatest(submissions.c.attempts - 1, 0))
        )

    def lock(self, submission_id: UUID) -> Submission | None:
        """Lock a submission for its end; None when another process brought it there meanwhile."""
        row = _LOCK.ask(self._connection, submission=submission_id).fetchone()
        if row is None:
            return None
        return with_replacements(self._connection, [submission_of(row)])[0]

    def find_abandoned(self, *, received_before: datetime) -> Submission | None:
        """One that nobody works on, who would have locked it, and that no job is about."""
        row = self._connection.execute(
            select(submissions)
            .where(_UNFINISHED, not_(_HAS_A_JOB), submissions.c.received_at <= received_before)
            .order_by(submissions.c.received_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        return None if row is None else submission_of(row)

    def note_progress(self, submission: Submission, progress: Progress) -> None:
        told = submission_progress.c
        seen = {"records_read": progress.records_read, "bytes_read": progress.bytes_read}
        self._connection.execute(
            insert(submission_progress)
            .values(practice_id=submission.practice_id, submission_id=submission.id, **seen)
            .on_conflict_do_update(index_elements=[told.practice_id, told.submission_id], set_=seen)
        )


def _only(found: Cursor[Any]) -> Any:  # noqa: ANN401 - whatever is asked for
    """The one value of the one row."""
    row = found.fetchone()
    assert row is not None, "it is asked for a value"
    return row[0]
