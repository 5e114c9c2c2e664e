"""Webhooks by the API key that registered them. Of a secret only what it is derived from."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.domain.grants import GrantedRight
from app.domain.identifiers import PracticeId
from app.domain.notices import EventType, SwitchedOff, Webhook, WebhookSecret
from app.domain.principals import Role
from app.storage.fixed_statements import FixedStatement
from app.storage.locks import WEBHOOKS_OF_A_KEY
from app.storage.tables.access import api_keys, grants
from app.storage.tables.notices import webhook_secrets as secrets
from app.storage.tables.notices import webhooks

# Whether the practice lets the organization of a vendor's key see its submissions now.
_IS_GRANTED: Final = and_(
    api_keys.c.role == Role.VENDOR.value,
    exists().where(
        grants.c.practice_id == bindparam("practice"),
        grants.c.organization_id == api_keys.c.organization_id,
        grants.c.rights.contains([GrantedRight.SEE_SUBMISSIONS.value]),
        grants.c.withdrawn_at.is_(None),
        grants.c.valid_from <= func.now(),
        or_(grants.c.valid_until.is_(None), grants.c.valid_until > func.now()),
    ),
)
# The same as `app.access.rights` says of USE_WEBHOOKS, asked of all keys at once.
_MAY_BE_TOLD: Final = and_(
    or_(api_keys.c.role == Role.VENDOR.value, api_keys.c.role == Role.PRACTICE.value),
    or_(api_keys.c.practice_ids.contains(bindparam("practices")), _IS_GRANTED),
    api_keys.c.sandbox == bindparam("on_sandbox"),
    api_keys.c.revoked_at.is_(None),
    or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > func.now()),
)
_LISTENING: Final = FixedStatement(
    select(webhooks)
    .join(api_keys, api_keys.c.id == webhooks.c.api_key_id)
    .where(
        _MAY_BE_TOLD,
        webhooks.c.switched_off.is_(None),
        webhooks.c.events.contains(bindparam("events")),
    )
    .order_by(webhooks.c.id)
)


class WebhookStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, api_key: UUID) -> None:
        """Let one transaction at a time change the webhooks of a key."""
        hashed = func.hashtextextended(str(api_key), WEBHOOKS_OF_A_KEY)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def add(self, webhook: Webhook) -> None:
        self._connection.execute(insert(webhooks).values(_columns(webhook)))

    def save(self, webhook: Webhook) -> None:
        self._connection.execute(
            update(webhooks).where(webhooks.c.id == webhook.id).values(_columns(webhook))
        )

    def switch_off(self, webhook: Webhook, why: SwitchedOff) -> None:
        """Send nothing more to the address that it has here; a new one is left alone."""
        self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook.id, webhooks.c.url == webhook.url)
            .values(switched_off=why.value)
        )

    def remove(self, webhook_id: UUID) -> None:
        """With its secrets and all that was or is on the way to it."""
        self._connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))

    def get(self, api_key: UUID, webhook_id: UUID, *, to_change: bool = False) -> Webhook | None:
        """`to_change`: nobody else changes it until this transaction ends."""
        query = select(webhooks).where(
            webhooks.c.id == webhook_id, webhooks.c.api_key_id == api_key
        )
        if to_change:
            query = query.with_for_update(key_share=True)
        row = self._connection.execute(query).first()
        return None if row is None else _webhook(row)

    def of_key(
        self, api_key: UUID, *, before: UUID | None = None, limit: int | None = None
    ) -> list[Webhook]:
        """Newest first: ids are UUIDv7 and grow with time."""
        query = select(webhooks).where(webhooks.c.api_key_id == api_key)
        if before is not None:
            query = query.where(webhooks.c.id < before)
        rows = self._connection.execute(query.order_by(webhooks.c.id.desc()).limit(limit))
        return [_webhook(row) for row in rows]

    def listening(self, event: EventType, practice: PracticeId, *, sandbox: bool) -> list[Webhook]:
        """Those that are on, for this event, and of keys that reach the practice now."""
        told_of = _told_of(practice, sandbox=sandbox)
        rows = _LISTENING.ask(self._connection, events=[event.value], **told_of)
        return [_webhook(row) for row in rows]

    def hold(self, webhook_id: UUID) -> Webhook | None:
        """The webhook, whoever's it is; it is not removed until this transaction ends.

        To be called before a delivery is locked: `remove` locks them in this order too.
        """
        row = self._connection.execute(
            select(webhooks)
            .where(webhooks.c.id == webhook_id)
            .with_for_update(read=True, key_share=True)
        ).first()
        return None if row is None else _webhook(row)

    def may_be_told(self, webhook: Webhook, practice: PracticeId, *, sandbox: bool) -> bool:
        """Whether the key of the webhook reaches the practice now."""
        found = self._connection.execute(
            select(api_keys.c.id).where(api_keys.c.id == webhook.api_key_id, _MAY_BE_TOLD),
            _told_of(practice, sandbox=sandbox),
        ).first()
        return found is not None

    def add_secret(self, webhook_id: UUID, secret: WebhookSecret) -> None:
        self._connection.execute(
            insert(secrets).values(
                webhook_id=webhook_id,
                id=secret.id,
                master_key=secret.master_key,
                created_at=secret.created_at,
                ends_at=secret.ends_at,
            )
        )

    def end_secrets(self, webhook_id: UUID, *, at: datetime) -> None:
        """Let every secret of the webhook end at that moment, if it does not end before."""
        self._connection.execute(
            update(secrets)
            .where(
                secrets.c.webhook_id == webhook_id,
                or_(secrets.c.ends_at.is_(None), secrets.c.ends_at > at),
            )
            .values(ends_at=at)
        )

    def secrets_of(self, webhook_id: UUID, *, at: datetime) -> list[WebhookSecret]:
        """Those in force at that moment, the newest first."""
        rows = self._connection.execute(
            select(secrets)
            .where(
                secrets.c.webhook_id == webhook_id,
                or_(secrets.c.ends_at.is_(None), secrets.c.ends_at > at),
            )
            .order_by(secrets.c.id.desc())
        )
        return [_secret(row) for row in rows]


def _told_of(practice: PracticeId, *, sandbox: bool) -> dict[str, Any]:
    """What _MAY_BE_TOLD is asked with."""
    return {"practice": practice, "practices": [practice], "on_sandbox": sandbox}


def _columns(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "api_key_id": webhook.api_key_id,
        "url": webhook.url,
        "events": sorted(event.value for event in webhook.events),
        "description": webhook.description,
        "switched_off": None if webhook.switched_off is None else webhook.switched_off.value,
        "created_at": webhook.created_at,
    }


def _webhook(row: Any) -> Webhook:  # noqa: ANN401 - of SQLAlchemy or of psycopg
    return Webhook(
        id=row.id,
        api_key_id=row.api_key_id,
        url=row.url,
        events=frozenset(EventType(event) for event in row.events),
        description=row.description,
        switched_off=None if row.switched_off is None else SwitchedOff(row.switched_off),
        created_at=row.created_at,
    )


def _secret(row: Row[Any]) -> WebhookSecret:
    return WebhookSecret(
        id=row.id,
        master_key=row.master_key,
        created_at=row.created_at,
        ends_at=row.ends_at,
    )
