"""API keys as JSON. A key itself is in one answer only: the one that gives it out."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.access.key_service import GivenOut, is_in_force
from app.domain.identifiers import PracticeId, parse_practice_id
from app.domain.principals import Role
from app.storage.access.key_store import KeyRecord, NewKey
from app.web.patterns import NO_CONTROL

_ASKED: JsonDict = {
    "role": "vendor",
    "practice_ids": ["12345"],
    "label": "Example EHR, import server",
    "expires_at": "2028-01-01T00:00:00Z",
}
KEY_SHOWN: JsonDict = {
    "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
    **_ASKED,
    "sandbox": False,
    "organization_id": None,
    "state": "active",
    "created_at": "2026-11-21T10:00:00Z",
    "created_by": "registry@db1",
    "revoked_at": None,
    "last_used_at": "2026-11-21T12:30:00Z",
    "secrets": [{"created_at": "2026-11-21T10:00:00Z", "ends_at": None}],
}
_KEY: Final = "nacor_cW9GZz7kTg0h3M1lq5xR8sVbY2nUeJdAoPiKtLwXyZ4"

Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
AskedPracticeId = Annotated[str, AfterValidator(parse_practice_id)]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_CONTROL),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
]


class KeyState(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class KeyRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    role: Literal[Role.VENDOR, Role.PRACTICE, Role.INTERNAL, Role.ADMIN]
    practice_ids: list[AskedPracticeId] = Field(
        default=[],
        max_length=1_000,
        description="Those that a vendor or practice key acts for by all that its role may do.",
    )
    sandbox: bool = False
    label: Label | None = Field(default=None, description="Whose key it is.")
    organization_id: UUID | None = Field(
        default=None,
        description="Whose keys these are; a vendor's reach what practices grant to it.",
    )
    expires_at: AwareDatetime | None = Field(default=None, description="Never, without it.")

    def as_new(self, *, created_by: str) -> NewKey:
        return NewKey(
            role=self.role,
            practice_ids=tuple(
                PracticeId(practice) for practice in dict.fromkeys(self.practice_ids)
            ),
            sandbox=self.sandbox,
            label=self.label,
            organization_id=self.organization_id,
            expires_at=self.expires_at,
            created_by=created_by,
        )


class KeyRotationRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"overlap_hours": 24}})

    overlap_hours: int = Field(
        default=24,
        ge=0,
        le=24 * 30,
        description="How long the secrets before are good as well; 0 ends them now.",
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.overlap_hours)


class KeySecretOut(BaseModel):
    """A secret in force, without itself. `ends_at` is null until it is replaced."""

    created_at: Instant
    ends_at: Instant | None


class KeyOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": KEY_SHOWN})

    id: UUID
    role: Role
    practice_ids: list[str]
    sandbox: bool
    label: str | None
    organization_id: UUID | None
    state: KeyState
    created_at: Instant
    created_by: str | None = Field(
        description="The id of a key or a user, or an account on a machine."
    )
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None = Field(description="Right to the minute.")
    secrets: list[KeySecretOut] = Field(description="Those in force, the newest first.")

    @classmethod
    def of(cls, record: KeyRecord) -> "KeyOut":
        return cls.model_validate(_fields(record))


class KeyWithSecret(KeyOut):
    model_config = ConfigDict(json_schema_extra={"example": {**KEY_SHOWN, "key": _KEY}})

    key: str | None = Field(
        description="The key in clear. Keep it: null when the same request is sent again."
    )

    @classmethod
    def given_out(cls, given: GivenOut) -> "KeyWithSecret":
        return cls.model_validate({**_fields(given.record), "key": given.key})


def _fields(record: KeyRecord) -> dict[str, Any]:
    new = record.given
    return {
        "id": record.id,
        "role": new.role,
        "practice_ids": list(new.practice_ids),
        "sandbox": new.sandbox,
        "label": new.label,
        "organization_id": new.organization_id,
        "state": _state(record),
        "created_at": record.created_at,
        "created_by": new.created_by,
        "expires_at": new.expires_at,
        "revoked_at": record.revoked_at,
        "last_used_at": record.last_used_at,
        "secrets": [
            {"created_at": secret.created_at, "ends_at": secret.ends_at}
            for secret in record.secrets
        ],
    }


def _state(record: KeyRecord) -> KeyState:
    if record.revoked_at is not None:
        return KeyState.REVOKED
    return KeyState.ACTIVE if is_in_force(record, datetime.now(UTC)) else KeyState.EXPIRED
