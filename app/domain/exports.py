"""A complete export of the data of a practice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import PracticeId


class ExportStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_under_way(self) -> bool:
        return self in (ExportStatus.WAITING, ExportStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """`sha256` and `bytes` are those of the ZIP file, once it is done; then it is kept a while.

    `parts_done` counts files written into the ZIP, of `parts` when that is known.
    """

    practice_id: PracticeId
    id: UUID
    status: ExportStatus
    asked_at: datetime
    asked_by: str | None
    attempts: int = 0
    parts: int | None = None
    parts_done: int = 0
    finished_at: datetime | None = None
    expires_at: datetime | None = None
    sha256: str | None = None
    bytes: int | None = None

    def is_kept_at(self, moment: datetime) -> bool:
        return self.expires_at is not None and moment < self.expires_at
