"""What is kept of the replacement of a period beside its submission."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select, tuple_

from app.domain.replacements import Preview, Replacement, ReplacementEnd, Undo, UndoCounts
from app.domain.submissions import Submission
from app.storage.tables.replacements import period_replacements


def with_replacements(connection: Connection, found: Sequence[Submission]) -> list[Submission]:
    """Return the submissions, those that replace a period with all that is kept of that."""
    kept = period_replacements.c
    keys = [(each.practice_id, each.id) for each in found if each.replacement is not None]
    if not keys:
        return list(found)
    rows = connection.execute(
        select(period_replacements).where(tuple_(kept.practice_id, kept.submission_id).in_(keys))
    )
    by_id = {row.submission_id: row for row in rows}
    return [_with(each, by_id.get(each.id)) for each in found]


def is_given_up(submissions: Table) -> ColumnElement[bool]:
    """Whether a row of `submissions` is a replacement without an effect that lasts."""
    kept = period_replacements.c
    return (
        select(kept.submission_id)
        .where(
            kept.practice_id == submissions.c.practice_id,
            kept.submission_id == submissions.c.id,
            or_(
                kept.end == ReplacementEnd.WITHDRAWN.value,
                kept.end == ReplacementEnd.EXPIRED.value,
                kept.undo_asked_at.is_not(None),
            ),
        )
        .exists()
    )


def _with(submission: Submission, row: Row[Any] | None) -> Submission:
    if row is None or submission.replacement is None:
        return submission
    return replace(
        submission,
        replacement=Replacement(
            period=submission.replacement.period,
            preview=_preview(row),
            confirmed_at=row.confirmed_at,
            above_limit=row.above_limit,
            end=None if row.end is None else ReplacementEnd(row.end),
            deleted_at=row.deleted_at,
            undo=_undo(row),
        ),
    )


def _preview(row: Row[Any]) -> Preview:
    return Preview(
        stored_now=row.stored_now,
        would_delete=row.would_delete,
        created=row.created,
        replaced=row.replaced,
        unchanged=row.unchanged,
        held=row.held,
        rejected=row.rejected,
        fingerprint=row.fingerprint,
        max_share=row.max_share,
        made_at=row.made_at,
    )


def _undo(row: Row[Any]) -> Undo | None:
    if row.undo_asked_at is None:
        return None
    if row.undone_at is None:
        return Undo(asked_at=row.undo_asked_at)
    return Undo(
        asked_at=row.undo_asked_at,
        done_at=row.undone_at,
        counts=UndoCounts(
            restored=row.restored,
            reverted=row.reverted,
            removed=row.removed,
            conflicts=row.conflicts,
        ),
    )
