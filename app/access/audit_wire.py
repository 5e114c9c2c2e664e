"""Entries of the audit trail as JSON."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.access.key_wire import Instant
from app.domain.audit import Actor, AuditEntry

_EXAMPLE: JsonDict = {
    "practice_id": "12345",
    "number": 42,
    "at": "2026-11-21T10:00:00.123456Z",
    "actor": {
        "kind": "key",
        "key_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
        "user_id": None,
        "role": "practice",
        "label": "Quality office",
        "address": "203.0.113.7",
        "request_id": "9f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f",
        "sandbox": False,
    },
    "action": "case.deleted",
    "about": "case",
    "about_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24",
    "reason": "sent twice",
    "details": {},
    "hash": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
}


class ActorOut(BaseModel):
    """Who: a key, a user, an operator at the command line, or a worker; and from where."""

    kind: str
    key_id: UUID | None
    user_id: UUID | None
    role: str | None
    label: str | None
    address: str | None
    request_id: str | None
    sandbox: bool

    @classmethod
    def of(cls, actor: Actor) -> "ActorOut":
        return cls(
            kind=str(actor.kind),
            key_id=actor.key_id,
            user_id=actor.user_id,
            role=actor.role,
            label=actor.label,
            address=actor.address,
            request_id=actor.request_id,
            sandbox=actor.sandbox,
        )


class AuditEntryOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    practice_id: str | None = Field(description="Null for what belongs to no practice.")
    number: int = Field(description="Place in the chain of its practice, from 1, without a gap.")
    at: Instant
    actor: ActorOut
    action: str
    about: str | None = Field(description="A kind of thing; `about_id` says which one.")
    about_id: str | None
    reason: str | None
    details: dict[str, str]
    hash: str = Field(description="Over the hash before and all of this.")

    @classmethod
    def of(cls, entry: AuditEntry) -> "AuditEntryOut":
        event = entry.event
        return cls(
            practice_id=event.practice_id,
            number=entry.number,
            at=entry.at,
            actor=ActorOut.of(event.actor),
            action=event.action,
            about=event.about,
            about_id=event.about_id,
            reason=event.reason,
            details=event.details,
            hash=entry.hash.hex(),
        )
