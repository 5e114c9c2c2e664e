"""Accepted findings: a practice looked at a warning and says that it is right so."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.findings import FindingCode
from app.domain.identifiers import PracticeId


class AcceptanceState(StrEnum):
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The API key that did it, with its role and label as they were then."""

    key_id: UUID
    role: str
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    at: datetime
    by: Author
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """`path` None: wherever the code is found. It is in force up to and with `expires_on`."""

    id: UUID
    practice_id: PracticeId
    sandbox: bool
    code: FindingCode
    path: str | None
    reason: str
    expires_on: date
    accepted_at: datetime
    by: Author
    withdrawal: Withdrawal | None = None

    def state_on(self, day: date) -> AcceptanceState:
        if self.withdrawal is not None:
            return AcceptanceState.WITHDRAWN
        return AcceptanceState.IN_FORCE if day <= self.expires_on else AcceptanceState.EXPIRED

    def says_the_same_as(self, other: "Acceptance") -> bool:
        """Whether both accept the same for the same reason and as long."""
        mine = (self.code, self.path, self.reason, self.expires_on)
        return mine == (other.code, other.path, other.reason, other.expires_on)
