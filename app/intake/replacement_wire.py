"""The replacement of a period as JSON: in the receipt, confirmed, and what disappears."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.replacements import UNDOABLE_FOR, Preview, Replacement, ReplacementEnd, Undo
from app.domain.submissions import Submission, SubmissionStatus
from app.storage.intake.replacement_cases import DisappearingCase

_EXAMPLE: JsonDict = {
    "period": "2020-03",
    "stored_now": 512,
    "would_delete": 7,
    "share": 0.0137,
    "limit": 0.2,
    "created": 3,
    "replaced": 12,
    "unchanged": 493,
    "held": 0,
    "rejected": 0,
    "previewed_at": "2026-11-21T10:00:01Z",
    "expires_at": "2026-11-28T10:00:01Z",
    "confirmed_at": None,
    "above_limit": False,
    "end": None,
    "undo_until": None,
    "undo": None,
}
_SHARE_DIGITS = 4


class UndoOut(BaseModel):
    """The counts are null while the undo waits for a worker."""

    asked_at: datetime
    done_at: datetime | None
    restored: int | None = Field(description="Cases that had disappeared and are back.")
    reverted: int | None = Field(description="Cases that are again what they were before.")
    removed: int | None = Field(description="Cases that the file had created, deleted again.")
    conflicts: int | None = Field(
        description="Cases left as they are: they were changed since, or what they were cannot be"
        " read any more."
    )

    @classmethod
    def of(cls, undo: Undo) -> "UndoOut":
        counts = undo.counts
        return cls(
            asked_at=undo.asked_at,
            done_at=undo.done_at,
            restored=None if counts is None else counts.restored,
            reverted=None if counts is None else counts.reverted,
            removed=None if counts is None else counts.removed,
            conflicts=None if counts is None else counts.conflicts,
        )


class PreviewOut(BaseModel):
    """What would happen. Once confirmed and done, what happened."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    stored_now: int | None = Field(description="Cases of the period that were stored then.")
    would_delete: int | None = Field(description="Those of them that the file does not name.")
    share: float | None = Field(description="`would_delete / stored_now`.")
    limit: float | None = Field(description="A share above it needs `above_limit` to be confirmed.")
    created: int | None
    replaced: int | None
    unchanged: int | None
    held: int | None
    rejected: int | None = Field(description="Records that cannot be stored; their cases stay.")
    previewed_at: datetime | None


class ReplacementOut(PreviewOut):
    """All but `period` is null before the file is read, and for ever if it is refused."""

    period: str
    expires_at: datetime | None = Field(description="While it can be confirmed.")
    confirmed_at: datetime | None
    above_limit: bool = Field(description="A share above the limit was confirmed.")
    end: ReplacementEnd | None
    undo_until: datetime | None = Field(description="Once the period is replaced.")
    undo: UndoOut | None

    @classmethod
    def of(cls, submission: Submission) -> "ReplacementOut | None":
        replacement = submission.replacement
        if replacement is None:
            return None
        is_awaiting = submission.status is SubmissionStatus.AWAITING_CONFIRMATION
        preview = replacement.preview
        return cls(
            period=replacement.period.name,
            **_fields_of(preview),
            expires_at=preview.expires_at if is_awaiting and preview is not None else None,
            confirmed_at=replacement.confirmed_at,
            above_limit=replacement.above_limit,
            end=replacement.end,
            undo_until=_undo_until(submission, replacement),
            undo=None if replacement.undo is None else UndoOut.of(replacement.undo),
        )


class ConfirmationRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"would_delete": 7}})

    would_delete: int = Field(ge=0, description="The number of the preview, as it was seen.")
    above_limit: bool = Field(
        default=False, description="That a share above the limit is to disappear."
    )


class DisappearingCaseOut(BaseModel):
    case_id: UUID
    anesthesia_record_id: str

    @classmethod
    def of(cls, case: DisappearingCase) -> "DisappearingCaseOut":
        return cls(case_id=case.case_id, anesthesia_record_id=case.anesthesia_record_id)


def _fields_of(preview: Preview | None) -> dict[str, int | float | datetime | None]:
    if preview is None:
        return dict.fromkeys(PreviewOut.model_fields)
    return {
        "stored_now": preview.stored_now,
        "would_delete": preview.would_delete,
        "share": round(preview.share, _SHARE_DIGITS),
        "limit": preview.max_share,
        "created": preview.created,
        "replaced": preview.replaced,
        "unchanged": preview.unchanged,
        "held": preview.held,
        "rejected": preview.rejected,
        "previewed_at": preview.made_at,
    }


def _undo_until(submission: Submission, replacement: Replacement) -> datetime | None:
    if replacement.end is not ReplacementEnd.REPLACED or submission.finished_at is None:
        return None
    return submission.finished_at + UNDOABLE_FOR
