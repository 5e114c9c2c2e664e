"""What is on its way to a webhook, or was: listed, tried out, sent once more."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.repeating import Repeatable, once
from app.access.rights import Right, practices_of
from app.domain.errors.notices import DeliveryUnderWay, DeliveryUnknown
from app.domain.notices import Delivery, EventType, NoticeProgress, NoticeState
from app.domain.principals import Principal
from app.notices.events import ping_event
from app.notices.notice_jobs import line_up, send_off
from app.notices.webhook_service import owned
from app.storage.unit_of_work import OpenWork, UnitOfWork


def ping(
    webhook_id: UUID, caller: Principal, *, idempotency_key: str | None, open_work: OpenWork
) -> Delivery:
    """Send a test event. Raises: WebhookUnknown, IdempotencyConflict."""
    now = datetime.now(UTC)
    delivery = Delivery(
        id=uuids.uuid7(),
        webhook_id=webhook_id,
        event=EventType.PING,
        practice_id=None,
        submission_id=None,
        body=ping_event(now=now),
        created_at=now,
    )

    def make(work: UnitOfWork) -> UUID:
        send_off(delivery, work)
        return delivery.id

    request = Repeatable.of(caller, idempotency_key, asked=f"ping {webhook_id}")
    with open_work() as work:
        owned(webhook_id, caller, work)
        made, _ = once(work, request, make)
        found = _reached(work.deliveries.get(webhook_id, made), caller)
        work.commit()
    return found


def list_deliveries(
    webhook_id: UUID,
    caller: Principal,
    *,
    state: NoticeState | None,
    before: UUID | None,
    limit: int,
    open_work: OpenWork,
) -> list[Delivery]:
    """Newest first, without those of practices that the key does not reach any more.

    Raises: WebhookUnknown.
    """
    with open_work() as work:
        owned(webhook_id, caller, work)
        practices = practices_of(caller, Right.USE_WEBHOOKS)
        return work.deliveries.of_webhook(
            webhook_id, practices=practices, state=state, before=before, limit=limit
        )


def redeliver(
    webhook_id: UUID,
    delivery_id: UUID,
    caller: Principal,
    *,
    idempotency_key: str | None,
    open_work: OpenWork,
) -> Delivery:
    """Begin anew with a delivery that has ended: the same event with the same id.

    Raises: WebhookUnknown, DeliveryUnknown, DeliveryUnderWay, IdempotencyConflict.
    """

    def make(work: UnitOfWork) -> UUID:
        delivery = work.deliveries.lock(delivery_id)
        if delivery is None or not delivery.progress.state.is_final:
            raise DeliveryUnderWay("This delivery is pending, or waits for its next try.")
        work.deliveries.record(delivery_id, NoticeProgress())
        line_up(webhook_id, work)
        return delivery_id

    request = Repeatable.of(caller, idempotency_key, asked=f"redeliver {delivery_id}")
    with open_work() as work:
        owned(webhook_id, caller, work)
        _reached(work.deliveries.get(webhook_id, delivery_id), caller)
        once(work, request, make)
        found = _reached(work.deliveries.get(webhook_id, delivery_id), caller)
        work.commit()
    return found


def _reached(delivery: Delivery | None, caller: Principal) -> Delivery:
    practices = practices_of(caller, Right.USE_WEBHOOKS)
    if delivery is None or delivery.practice_id not in (None, *practices):
        raise DeliveryUnknown("This webhook has no delivery of this id.")
    return delivery
