"""A backfill: the stored cases of a practice and year, decided anew by the rules of today."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import PracticeId


class BackfillStatus(StrEnum):
    """`SUPERSEDED`: the rules changed again before it ended; another one goes on."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """`from_versions` are the catalogue versions that the cases stood under when it was lined up.

    `position` is the last case that is done. Cases that came since it began are among those done,
    but not among `cases_total`. `cases_moved` landed elsewhere in at least one measure; the records
    of `cases_unreadable` cannot be read, so they stay as they are.
    """

    practice_id: PracticeId
    id: UUID
    performance_year: int
    status: BackfillStatus
    from_versions: tuple[str, ...]
    to_version: str
    lined_up_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    position: UUID | None = None
    cases_total: int | None = None
    cases_done: int = 0
    cases_moved: int = 0
    cases_unreadable: int = 0

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A case that landed elsewhere in a measure: a population, or a landing at a surgical center.

    `stratum` and `facility_id` are "" where there is none. A place is None where the case did not
    belong to the measure.
    """

    case_id: UUID
    measure_id: str
    stratum: str
    facility_id: str
    place_before: str | None
    reason_before: str | None
    place_after: str | None
    reason_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveClass:
    """How many cases moved from one place and reason to another, in one measure."""

    measure_id: str
    stratum: str
    place_before: str | None
    reason_before: str | None
    place_after: str | None
    reason_after: str | None
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCount:
    """The cases of a level in one place of a measure before and after.

    A level is a TIN (`npi` is ""), a TIN and NPI, or a center (`tin` is "").
    """

    measure_id: str
    stratum: str
    tin: str
    npi: str
    facility_id: str
    place: str
    before: int
    after: int
