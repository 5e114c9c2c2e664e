"""Case files as their sender looks back at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.identifiers import PracticeId
from app.domain.submissions import FindingKind, RecordCounts, SubmissionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """`software` is the program that sent it, None where that did not say; `found`: by kind."""

    id: UUID
    practice_id: PracticeId
    received_at: datetime
    status: SubmissionStatus
    software: str | None
    schema_version: str | None
    records: RecordCounts
    found: Mapping[FindingKind, int]
