"""Notices that a submission has ended: what is told, to whom, and how far each one came."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.identifiers import PracticeId


class EventType(StrEnum):
    """Published names. Never reused; a retired one keeps its line."""

    SUBMISSION_FINISHED = "submission.finished"
    PING = "webhook.ping"


class NoticeState(StrEnum):
    """`pending` has not been tried, `waiting` will be tried again, `dead` will not."""

    PENDING = "pending"
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"

    @property
    def is_final(self) -> bool:
        return self in (NoticeState.DELIVERED, NoticeState.DEAD)


class NoticeFailure(StrEnum):
    """Why a try was in vain. Never the words of the other side: they may say anything."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMED_OUT = "timed_out"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    REFUSED = "refused"
    GONE = "gone"
    SWITCHED_OFF = "switched_off"
    NO_LONGER_ALLOWED = "no_longer_allowed"
    SECRET_LOST = "secret_lost"  # noqa: S105 - the name of a failure
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What one try came to. `failure` None: it was taken. `is_final`: no other try would help.

    `status` is that of HTTP or SMTP, if the other side answered.
    """

    failure: NoticeFailure | None = None
    status: int | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeProgress:
    """How far a notice came. `next_try_at` is there as long as it waits."""

    state: NoticeState = NoticeState.PENDING
    tries: int = 0
    tried_at: datetime | None = None
    next_try_at: datetime | None = None
    failure: NoticeFailure | None = None
    status: int | None = None

    def is_at(self, tries: int) -> bool:
        """Whether it was tried so often and goes on: a job that came before may have tried it."""
        return self.tries == tries and not self.state.is_final


class SwitchedOff(StrEnum):
    """Why nothing is sent to a webhook: asked for, it answered 410, or too much waits for it."""

    BY_REQUEST = "by_request"
    GONE = "gone"
    FELL_BEHIND = "fell_behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that events are posted to, for the API key that registered it."""

    id: UUID
    api_key_id: UUID
    url: str
    events: frozenset[EventType]
    description: str | None
    switched_off: SwitchedOff | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret:
    """A secret by what it is derived from. `ends_at` None: until it is replaced."""

    id: UUID
    master_key: str
    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to a webhook. `body` is what is signed and posted, at every try alike.

    `practice_id` None: it is about no practice.
    """

    id: UUID
    webhook_id: UUID
    event: EventType
    practice_id: PracticeId | None
    submission_id: UUID | None
    body: str
    created_at: datetime
    progress: NoticeProgress = NoticeProgress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter on its way to one address. `address` None: it has ended."""

    id: UUID
    practice_id: PracticeId
    submission_id: UUID
    address: str | None
    created_at: datetime
    progress: NoticeProgress = NoticeProgress()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDomain:
    """A domain whose addresses may be written to, and the API key that said so."""

    practice_id: PracticeId
    domain: str
    sandbox: bool
    allowed_at: datetime
    allowed_by: UUID
    allowed_by_role: str
