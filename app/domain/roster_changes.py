"""Who did what to a roster, and to the lock of a provider list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.audit import Actor
from app.domain.identifiers import PracticeId


class ChangeAction(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """`before` and `after` are the entry in full; None where there was or is none."""

    practice_id: PracticeId
    id: UUID
    at: datetime
    by: Actor
    kind: str
    entry_id: UUID | None
    action: ChangeAction
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrder:
    """An operator locks or unlocks the provider list of a year. `opens_on` of a lock: or never."""

    id: UUID
    performance_year: int
    locks: bool
    given_on: date
    opens_on: date | None
    reason: str
    at: datetime
    by: Actor
