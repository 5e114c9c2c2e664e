"""How long the data of a practice is kept, what holds it longer, and how it is purged."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.identifiers import PracticeId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """`years` after the end of its performance year a case may be purged.

    `purges_by_itself`: what may be purged is, day by day, without anybody's word.
    """

    practice_id: PracticeId
    years: int
    purges_by_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """While it is in force nothing of the practice is purged. Who placed it is told by label."""

    practice_id: PracticeId
    id: UUID
    reason: str
    placed_at: datetime
    placed_by: str | None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeCounts:
    """`counted`: those of the cases that stood in the figures. `versions`: of their histories."""

    cases: int = 0
    counted: int = 0
    versions: int = 0
    submissions: int = 0

    def __add__(self, more: "PurgeCounts") -> "PurgeCounts":
        return PurgeCounts(
            cases=self.cases + more.cases,
            counted=self.counted + more.counted,
            versions=self.versions + more.versions,
            submissions=self.submissions + more.submissions,
        )

    @property
    def is_empty(self) -> bool:
        return self == PurgeCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """Removes the cases with a date of service before `older_than`, and what came with them.

    `done` grows while it goes on. `is_stopped`: it ended before its work did, by a legal hold.
    """

    practice_id: PracticeId
    id: UUID
    older_than: date
    reason: str
    started_at: datetime
    done: PurgeCounts = PurgeCounts()
    ended_at: datetime | None = None
    is_stopped: bool = False


def first_day_kept(years: int, day: date) -> date:
    """The first date of service that must still be there on `day`.

    A performance year is kept until the end of the year `years` after it.
    """
    return date(max(day.year - years, 1), 1, 1)
