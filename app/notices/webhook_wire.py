"""Webhooks and their deliveries as JSON."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.notices import (
    Delivery,
    EventType,
    NoticeFailure,
    NoticeState,
    SwitchedOff,
    WebhookSecret,
)
from app.notices.reach import LONGEST_URL
from app.notices.webhook_service import Revealed, Shown
from app.web.patterns import NO_CONTROL

_ASKED: JsonDict = {
    "url": "https://ehr.example/hooks/nacor",
    "events": ["submission.finished"],
    "description": "Receipts for the import queue",
}
_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
_SHOWN: JsonDict = {
    "id": _ID,
    **_ASKED,
    "enabled": True,
    "switched_off": None,
    "created_at": "2026-11-21T10:00:00Z",
    "secrets": [
        {
            "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24",
            "created_at": "2026-11-21T10:00:00Z",
            "ends_at": None,
        }
    ],
}
_SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the one of the standard

Url = Annotated[str, StringConstraints(max_length=LONGEST_URL)]
Description = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=NO_CONTROL)
]
Events = Annotated[frozenset[Literal[EventType.SUBMISSION_FINISHED]], Field(min_length=1)]


class WebhookRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    url: Url = Field(description="Where events are posted to: https, of the public internet.")
    events: Events = frozenset({EventType.SUBMISSION_FINISHED})
    description: Description | None = None


class WebhookChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"enabled": True}})

    url: Url = ""
    events: Events = frozenset({EventType.SUBMISSION_FINISHED})
    description: Description | None = None
    enabled: bool = Field(
        default=True,
        description="True also switches on one that had answered 410 or had fallen behind.",
    )


class RotationRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"overlap_hours": 24}})

    overlap_hours: int = Field(
        default=24,
        ge=0,
        le=168,
        description="How long the secrets before sign as well; 0 ends them now.",
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.overlap_hours)


class SecretOut(BaseModel):
    """A secret in force, without itself. `ends_at` is null until it is replaced."""

    id: UUID
    created_at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, secret: WebhookSecret) -> "SecretOut":
        return cls(id=secret.id, created_at=secret.created_at, ends_at=secret.ends_at)


class WebhookOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _SHOWN})

    id: UUID
    url: str
    events: list[EventType]
    description: str | None
    enabled: bool
    switched_off: SwitchedOff | None = Field(description="Why nothing is sent; null when it is.")
    created_at: datetime
    secrets: list[SecretOut] = Field(description="Those that sign now, the newest first.")

    @classmethod
    def of(cls, shown: Shown) -> "WebhookOut":
        webhook = shown.webhook
        return cls(
            id=webhook.id,
            url=webhook.url,
            events=sorted(webhook.events),
            description=webhook.description,
            enabled=webhook.switched_off is None,
            switched_off=webhook.switched_off,
            created_at=webhook.created_at,
            secrets=[SecretOut.of(secret) for secret in shown.secrets],
        )


class WebhookWithSecret(WebhookOut):
    model_config = ConfigDict(json_schema_extra={"example": {**_SHOWN, "secret": _SECRET}})

    secret: str = Field(description="Shown this once: keep it. It verifies the signatures.")

    @classmethod
    def revealed(cls, revealed: Revealed) -> "WebhookWithSecret":
        shown = WebhookOut.of(revealed.shown)
        return cls(**shown.model_dump(), secret=revealed.secret)


class DeliveryOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25",
                "webhook_id": _ID,
                "event": "submission.finished",
                "practice_id": "12345",
                "submission_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21",
                "created_at": "2026-11-21T10:00:01Z",
                "state": "waiting",
                "tries": 2,
                "tried_at": "2026-11-21T10:00:33Z",
                "next_try_at": "2026-11-21T10:02:33Z",
                "failure": "refused",
                "status": 503,
            }
        }
    )

    id: UUID = Field(description="The `webhook-id` of every try.")
    webhook_id: UUID
    event: EventType
    practice_id: str | None
    submission_id: UUID | None
    created_at: datetime
    state: NoticeState
    tries: int
    tried_at: datetime | None
    next_try_at: datetime | None = Field(description="While it waits.")
    failure: NoticeFailure | None = Field(description="What the last try came to; null: none.")
    status: int | None = Field(description="Of the last answer, if there was one.")

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        progress = delivery.progress
        return cls(
            id=delivery.id,
            webhook_id=delivery.webhook_id,
            event=delivery.event,
            practice_id=delivery.practice_id,
            submission_id=delivery.submission_id,
            created_at=delivery.created_at,
            state=progress.state,
            tries=progress.tries,
            tried_at=progress.tried_at,
            next_try_at=progress.next_try_at,
            failure=progress.failure,
            status=progress.status,
        )
