"""Changes of a roster as JSON, and who made them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.domain.audit import Actor
from app.domain.roster_changes import ChangeAction, RosterChange


class ActorOut(BaseModel):
    """A key or a user; both ids are null for the command line, whose role is `operator`."""

    key_id: UUID | None
    user_id: UUID | None
    role: str
    label: str | None

    @classmethod
    def of(cls, actor: Actor) -> "ActorOut":
        return cls(
            key_id=actor.key_id,
            user_id=actor.user_id,
            role=actor.role or actor.kind,
            label=actor.label,
        )


class RosterChangeOut(BaseModel):
    """`before` and `after` are the entry in full; null where there was or is none."""

    id: UUID
    at: datetime
    by: ActorOut
    kind: str
    entry_id: UUID | None
    action: ChangeAction
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @classmethod
    def of(cls, change: RosterChange) -> "RosterChangeOut":
        return cls(
            id=change.id,
            at=change.at,
            by=ActorOut.of(change.by),
            kind=change.kind,
            entry_id=change.entry_id,
            action=change.action,
            before=None if change.before is None else dict(change.before),
            after=None if change.after is None else dict(change.after),
        )
