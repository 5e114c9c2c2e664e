"""How the registry is doing as a whole: what waits, what was done, what failed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.identifiers import PracticeId


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsStanding:
    """Jobs of one queue in one state of the queue's own: todo, doing, failed, and others."""

    queue: str
    state: str
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedFiles:
    """Case files without an end state, by their status; those of the sandbox too."""

    status: str
    files: int
    bytes: int
    oldest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesStanding:
    """`kind`: webhook or mail."""

    kind: str
    state: str
    notices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillsStanding:
    status: str
    backfills: int
    cases_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """As of one moment. `lanes`: queues that a living worker watches; a worker has all of them."""

    lanes: int
    jobs: tuple[JobsStanding, ...]
    files: tuple[UnfinishedFiles, ...]
    notices: tuple[NoticesStanding, ...]
    backfills: tuple[BackfillsStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """Submissions that ended within a span that began at `begins`.

    Seconds are from receipt to end: half of them took no longer than `usual_seconds`, 95 of 100 no
    longer than `slow_seconds`.
    """

    begins: datetime
    submissions: int
    failed: int
    records: int
    bytes: int
    usual_seconds: float
    slow_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSubmission:
    """`cause` is for the operator: the kind of error and where in the code, no values."""

    id: UUID
    practice_id: PracticeId
    received_at: datetime
    attempts: int
    cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInUse:
    """`schema_version` None: files whose version could not be read."""

    schema_version: str | None
    submissions: int
    records: int
    practices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What happened since a moment."""

    done: tuple[WorkDone, ...]
    failed: tuple[FailedSubmission, ...]
    versions: tuple[VersionInUse, ...]
