"""What becomes of a sent case file and of each record in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from app.domain.findings import FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.domain.replacements import Replacement


class OnError(StrEnum):
    """What one faulty record keeps from being stored: itself, or the whole file."""

    RECORD = "record"
    FILE = "file"


class SubmissionStatus(StrEnum):
    RECEIVED = "received"
    PROCESSING = "processing"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    ACCEPTED = "accepted"
    PARTIALLY_ACCEPTED = "partially_accepted"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def is_under_way(self) -> bool:
        """Whether the registry has something to do before anybody else has."""
        return self in (SubmissionStatus.RECEIVED, SubmissionStatus.PROCESSING)

    @property
    def is_final(self) -> bool:
        return not self.is_under_way and self is not SubmissionStatus.AWAITING_CONFIRMATION


class RecordOutcome(StrEnum):
    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCounts:
    """`created + replaced + unchanged + held + rejected == total`, always."""

    created: int = 0
    replaced: int = 0
    unchanged: int = 0
    held: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, outcomes: Mapping[RecordOutcome, int]) -> Self:
        return cls(**{outcome.value: number for outcome, number in outcomes.items()})

    @property
    def total(self) -> int:
        return self.created + self.replaced + self.unchanged + self.held + self.rejected

    @property
    def stored(self) -> int:
        return self.total - self.rejected

    def by_outcome(self) -> dict[RecordOutcome, int]:
        return {outcome: getattr(self, outcome.value) for outcome in RecordOutcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCounts:
    """`warning` counts those that the practice has not accepted; `total` counts infos too."""

    error: int = 0
    warning: int = 0
    accepted: int = 0
    total: int = 0


FindingKind = tuple[Severity, FindingCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKinds:
    """How many findings of each kind a file has, and how many of those are accepted."""

    found: Mapping[FindingKind, int]
    accepted: Mapping[FindingKind, int]

    def by_code(self) -> Mapping[FindingCode, int]:
        numbers: Counter[FindingCode] = Counter()
        for (_, code), number in self.found.items():
            numbers[code] += number
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a file is read that is being taken in; `bytes_read` of it without compression."""

    records_read: int = 0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One sending of a case file; `failure_cause` is for the operator, never for the sender.

    `attempts` counts how often it was begun to take it in; `progress` is told while that goes on.
    `replacement` None: the file adds to what is stored and makes nothing disappear. What was purged
    has no file and no records any more, only its receipt.
    """

    id: UUID
    practice_id: PracticeId
    sandbox: bool
    status: SubmissionStatus
    on_error: OnError
    file_name: str | None
    sha256: str
    bytes: int
    received_at: datetime
    schema_version: str | None = None
    finished_at: datetime | None = None
    records: RecordCounts = RecordCounts()
    valid_records: int = 0
    findings: FindingCounts = FindingCounts()
    failure_cause: str | None = None
    attempts: int = 0
    progress: Progress | None = None
    replacement: Replacement | None = None
    purged_at: datetime | None = None

    @property
    def records_read(self) -> int:
        """How many the file has. Of those of a preview nothing is stored, so `records` has none."""
        preview = None if self.replacement is None else self.replacement.preview
        return self.records.total or (0 if preview is None else preview.records)

    @property
    def replaced_period(self) -> Period | None:
        return None if self.replacement is None else self.replacement.period


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResult:
    """What became of record `number` of a submission."""

    number: int
    line: int
    anesthesia_record_id: str | None
    outcome: RecordOutcome
    case_id: UUID | None


def final_status(records: RecordCounts) -> SubmissionStatus:
    if records.stored == 0:
        return SubmissionStatus.REJECTED
    return SubmissionStatus.PARTIALLY_ACCEPTED if records.rejected else SubmissionStatus.ACCEPTED
