"""Webhooks as their owner handles them: registered, changed, removed, given a new secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.repeating import Repeatable, once
from app.domain.audit import AuditAction
from app.domain.errors.notices import TooManyWebhooks, WebhooksNotConfigured, WebhookUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.master_keys import MasterKeys
from app.domain.notices import EventType, SwitchedOff, Webhook, WebhookSecret
from app.domain.principals import Principal
from app.notices.reach import Reach
from app.notices.signing import secret_in_words
from app.storage.unit_of_work import OpenWork, UnitOfWork

MOST_WEBHOOKS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A webhook with its secrets in force, the newest first."""

    webhook: Webhook
    secrets: tuple[WebhookSecret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A webhook with its newest secret in clear. `is_replay`: the same request was made before."""

    shown: Shown
    secret: str
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """What API keys have registered. A webhook of another key looks as if there were none."""

    open_work: OpenWork
    master_keys: MasterKeys
    reach: Reach

    def register(
        self,
        caller: Principal,
        *,
        url: str,
        events: frozenset[EventType],
        description: str | None,
        idempotency_key: str | None,
    ) -> Revealed:
        """Raises: InvalidRequest, TooManyWebhooks, IdempotencyConflict, WebhooksNotConfigured."""
        asked = f"register webhook {url} {sorted(events)} {description}"
        request = Repeatable.of(caller, idempotency_key, asked=asked)
        webhook = Webhook(
            id=uuids.uuid7(),
            api_key_id=caller.id,
            url=self._parsed_url(url),
            events=events,
            description=description,
            switched_off=None,
            created_at=datetime.now(UTC),
        )

        def make(work: UnitOfWork) -> UUID:
            work.webhooks.lock(caller.id)
            if len(work.webhooks.of_key(caller.id)) >= MOST_WEBHOOKS:
                raise TooManyWebhooks(MOST_WEBHOOKS)
            work.webhooks.add(webhook)
            work.webhooks.add_secret(webhook.id, self._new_secret())
            _record(AuditAction.WEBHOOK_REGISTERED, webhook.id, caller, work)
            return webhook.id

        with self.open_work() as work:
            made, is_replay = once(work, request, make)
            revealed = self._revealed(owned(made, caller, work), work, is_replay=is_replay)
            work.commit()
        return revealed

    def of_key(self, caller: Principal, *, before: UUID | None, limit: int) -> list[Shown]:
        with self.open_work() as work:
            found = work.webhooks.of_key(caller.id, before=before, limit=limit)
            return [_shown(webhook, work) for webhook in found]

    def get(self, webhook_id: UUID, caller: Principal) -> Shown:
        """Raises: WebhookUnknown."""
        with self.open_work() as work:
            return _shown(owned(webhook_id, caller, work), work)

    def change(self, webhook_id: UUID, caller: Principal, changes: Mapping[str, Any]) -> Shown:
        """Change what is named: `url`, `events`, `description`, `enabled`.

        Raises: WebhookUnknown, InvalidRequest.
        """
        with self.open_work() as work:
            work.webhooks.lock(caller.id)
            webhook = self._changed(owned(webhook_id, caller, work, to_change=True), changes)
            work.webhooks.save(webhook)
            changed = ", ".join(sorted(changes))
            _record(AuditAction.WEBHOOK_CHANGED, webhook.id, caller, work, changed=changed)
            shown = _shown(webhook, work)
            work.commit()
        return shown

    def remove(self, webhook_id: UUID, caller: Principal) -> None:
        """Raises: WebhookUnknown."""
        with self.open_work() as work:
            owned(webhook_id, caller, work)
            work.webhooks.remove(webhook_id)
            _record(AuditAction.WEBHOOK_REMOVED, webhook_id, caller, work)
            work.commit()

    def rotate(
        self,
        webhook_id: UUID,
        caller: Principal,
        *,
        overlap: timedelta,
        idempotency_key: str | None,
    ) -> Revealed:
        """Give it a new secret. Those before sign as well for the time of `overlap`.

        Raises: WebhookUnknown, IdempotencyConflict, WebhooksNotConfigured.
        """
        now = datetime.now(UTC)
        asked = f"rotate secret {webhook_id} {overlap}"
        request = Repeatable.of(caller, idempotency_key, asked=asked)

        def make(work: UnitOfWork) -> UUID:
            work.webhooks.lock(caller.id)
            work.webhooks.end_secrets(webhook_id, at=now + overlap)
            work.webhooks.add_secret(webhook_id, self._new_secret())
            _record(AuditAction.WEBHOOK_SECRET_ROTATED, webhook_id, caller, work)
            return webhook_id

        with self.open_work() as work:
            webhook = owned(webhook_id, caller, work)
            _, is_replay = once(work, request, make)
            revealed = self._revealed(webhook, work, is_replay=is_replay)
            work.commit()
        return revealed

    def _changed(self, webhook: Webhook, changes: Mapping[str, Any]) -> Webhook:
        named: dict[str, Any] = {
            name: changes[name] for name in ("events", "description") if name in changes
        }
        if "url" in changes:
            named["url"] = self._parsed_url(changes["url"])
        if "enabled" in changes:
            named["switched_off"] = None if changes["enabled"] else SwitchedOff.BY_REQUEST
        changed: Webhook = replace(webhook, **named)
        return changed

    def _parsed_url(self, url: str) -> str:
        try:
            return self.reach.parse_url(url)
        except ValueError as error:
            raise InvalidRequest(f"url: {error}.") from None

    def _new_secret(self) -> WebhookSecret:
        return WebhookSecret(
            id=uuids.uuid7(),
            master_key=self.master_keys.newest,
            created_at=datetime.now(UTC),
            ends_at=None,
        )

    def _revealed(self, webhook: Webhook, work: UnitOfWork, *, is_replay: bool) -> Revealed:
        shown = _shown(webhook, work)
        secret = self.master_keys.derive(shown.secrets[0])
        if secret is None:
            raise WebhooksNotConfigured("The master key of this secret is not known any more.")
        return Revealed(shown=shown, secret=secret_in_words(secret), is_replay=is_replay)


WebhooksWithin = Callable[[OpenWork], Webhooks]
"""Handles webhooks in the transactions of whoever asks."""


def _record(
    action: AuditAction, webhook_id: UUID, caller: Principal, work: UnitOfWork, **details: str
) -> None:
    """A webhook belongs to a key, which may act for several practices: to none of them alone."""
    work.audit.record(caller.actor, action, practice=None, about=("webhook", webhook_id), **details)


def owned(
    webhook_id: UUID, caller: Principal, work: UnitOfWork, *, to_change: bool = False
) -> Webhook:
    """Raises: WebhookUnknown, also for one of another key."""
    webhook = work.webhooks.get(caller.id, webhook_id, to_change=to_change)
    if webhook is None:
        raise WebhookUnknown("This key has no webhook of this id.")
    return webhook


def _shown(webhook: Webhook, work: UnitOfWork) -> Shown:
    secrets = work.webhooks.secrets_of(webhook.id, at=datetime.now(UTC))
    return Shown(webhook=webhook, secrets=tuple(secrets))
