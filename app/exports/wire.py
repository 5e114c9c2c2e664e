"""Exports as JSON."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.access.key_wire import Instant
from app.domain.exports import Export, ExportStatus


class ExportOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f29",
                "practice_id": "12345",
                "status": "done",
                "asked_at": "2026-11-21T10:00:00Z",
                "asked_by": "Quality office",
                "parts_done": 52,
                "parts": 52,
                "finished_at": "2026-11-21T10:00:09Z",
                "expires_at": "2026-11-28T10:00:09Z",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "bytes": 118244,
            }
        }
    )

    id: UUID
    practice_id: str
    status: ExportStatus
    asked_at: Instant
    asked_by: str | None
    parts_done: int
    parts: int | None = Field(description="Null until it is known how many there are.")
    finished_at: Instant | None
    expires_at: Instant | None = Field(description="From then on the file is no longer kept.")
    sha256: str | None = Field(description="Of the ZIP file.")
    bytes: int | None

    @classmethod
    def of(cls, export: Export) -> "ExportOut":
        return cls(
            id=export.id,
            practice_id=export.practice_id,
            status=export.status,
            asked_at=export.asked_at,
            asked_by=export.asked_by,
            parts_done=export.parts_done,
            parts=export.parts,
            finished_at=export.finished_at,
            expires_at=export.expires_at,
            sha256=export.sha256,
            bytes=export.bytes,
        )
