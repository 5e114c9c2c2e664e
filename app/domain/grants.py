"""Organizations, and what a practice lets the organization of a vendor do for a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import PracticeId


class OrganizationKind(StrEnum):
    VENDOR = "vendor"
    PRACTICE = "practice"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Whose keys are whose. `name` is in the words of who registered it."""

    id: UUID
    kind: OrganizationKind
    name: str
    created_at: datetime


class GrantedRight(StrEnum):
    """Published words: what a practice can grant, right by right."""

    SUBMIT = "submit"
    SEE_SUBMISSIONS = "see_submissions"
    DELETE_CASES = "delete_cases"
    SEE_ACCEPTED_FINDINGS = "see_accepted_findings"


class GrantState(StrEnum):
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """In force from `valid_from`, and until `valid_until` or, without one, until withdrawn."""

    id: UUID
    practice_id: PracticeId
    organization: Organization
    rights: frozenset[GrantedRight]
    valid_from: datetime
    valid_until: datetime | None
    granted_at: datetime
    granted_by: UUID
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None

    def state_at(self, moment: datetime) -> GrantState:
        if self.withdrawn_at is not None:
            return GrantState.WITHDRAWN
        if self.valid_until is not None and self.valid_until <= moment:
            return GrantState.ENDED
        return GrantState.COMING if moment < self.valid_from else GrantState.IN_FORCE
