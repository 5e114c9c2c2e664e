"""Webhooks: where a vendor or practice wants to be told, and what came of telling it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.access.dependencies import Caller, Work
from app.access.rights import Right, require
from app.domain.notices import NoticeState
from app.notices.delivery_service import list_deliveries, ping, redeliver
from app.notices.dependencies import WebhooksDep
from app.notices.webhook_service import MOST_WEBHOOKS
from app.notices.webhook_wire import (
    DeliveryOut,
    RotationRequest,
    WebhookChange,
    WebhookOut,
    WebhookRequest,
    WebhookWithSecret,
)
from app.web.idempotency import IdempotencyKey
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response(
        f"The key has {MOST_WEBHOOKS} webhooks: no more can be. Or the"
        " Idempotency-Key was used for another request."
    ),
    501: problem_response("This service sends no webhooks."),
}


@router.post(
    "",
    status_code=201,
    responses={
        **_REFUSED,
        200: {
            "model": WebhookWithSecret,
            "description": "What this request registered before.",
        },
    },
    openapi_extra=described_body(WebhookRequest),
)
def create_webhook(
    response: Response,
    caller: Caller,
    webhooks: WebhooksDep,
    asked: Annotated[WebhookRequest, Depends(json_body(WebhookRequest))],
    idempotency_key: IdempotencyKey = None,
) -> WebhookWithSecret:
    """Register an address that is told when a submission has ended.

    It is told of the submissions for the practices that this key reaches at that time; of those in
    the sandbox, if it is a sandbox key. The answer holds the secret that signs what is sent.
    """
    require(caller, Right.USE_WEBHOOKS)
    revealed = webhooks.register(
        caller,
        url=asked.url,
        events=asked.events,
        description=asked.description,
        idempotency_key=idempotency_key,
    )
    _tell_replay(response, is_replay=revealed.is_replay)
    return WebhookWithSecret.revealed(revealed)


@router.get("")
def list_webhooks(
    caller: Caller,
    webhooks: WebhooksDep,
    paged: Paged,
) -> Page[WebhookOut]:
    """What this key has registered, the newest first."""
    require(caller, Right.USE_WEBHOOKS)
    found = webhooks.of_key(caller, before=paged.uuid("before"), limit=paged.with_next)
    return paged.page(
        found,
        show=WebhookOut.of,
        key_of=lambda shown: {"before": shown.webhook.id},
    )


@router.get("/{webhook_id}")
def read_webhook(webhook_id: UUID, caller: Caller, webhooks: WebhooksDep) -> WebhookOut:
    """One webhook, without its secrets."""
    require(caller, Right.USE_WEBHOOKS)
    return WebhookOut.of(webhooks.get(webhook_id, caller))


@router.patch("/{webhook_id}", openapi_extra=described_body(WebhookChange))
def change_webhook(
    webhook_id: UUID,
    caller: Caller,
    webhooks: WebhooksDep,
    asked: Annotated[WebhookChange, Depends(json_body(WebhookChange))],
) -> WebhookOut:
    """Change its address, events or description, or switch it off and on again."""
    require(caller, Right.USE_WEBHOOKS)
    changes = asked.model_dump(exclude_unset=True)
    return WebhookOut.of(webhooks.change(webhook_id, caller, changes))


@router.delete("/{webhook_id}", status_code=204)
def remove_webhook(webhook_id: UUID, caller: Caller, webhooks: WebhooksDep) -> None:
    """Remove it, with its secrets and its deliveries: what is on its way is not sent any more."""
    require(caller, Right.USE_WEBHOOKS)
    webhooks.remove(webhook_id, caller)


@router.post(
    "/{webhook_id}/rotate-secret",
    responses=_REFUSED,
    openapi_extra=described_body(RotationRequest),
)
def rotate_secret(
    webhook_id: UUID,
    response: Response,
    caller: Caller,
    webhooks: WebhooksDep,
    asked: Annotated[RotationRequest, Depends(json_body(RotationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> WebhookWithSecret:
    """Give it a new secret; until the overlap ends those before sign what is sent as well."""
    require(caller, Right.USE_WEBHOOKS)
    revealed = webhooks.rotate(
        webhook_id, caller, overlap=asked.overlap, idempotency_key=idempotency_key
    )
    _tell_replay(response, is_replay=revealed.is_replay)
    return WebhookWithSecret.revealed(revealed)


@router.post("/{webhook_id}/ping", status_code=202)
def ping_webhook(
    webhook_id: UUID,
    caller: Caller,
    open_work: Work,
    idempotency_key: IdempotencyKey = None,
) -> DeliveryOut:
    """Send it a `webhook.ping`, to try it out; what came of it is among its deliveries."""
    require(caller, Right.USE_WEBHOOKS)
    return DeliveryOut.of(
        ping(webhook_id, caller, idempotency_key=idempotency_key, open_work=open_work)
    )


@router.get("/{webhook_id}/deliveries")
def list_deliveries_of_webhook(
    webhook_id: UUID,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    state: Annotated[
        NoticeState | None, Query(description="`dead` lists those that were given up.")
    ] = None,
) -> Page[DeliveryOut]:
    """What was sent to it or is to be, the newest first; for 30 days after its end."""
    require(caller, Right.USE_WEBHOOKS)
    found = list_deliveries(
        webhook_id,
        caller,
        state=state,
        before=paged.uuid("before"),
        limit=paged.with_next,
        open_work=open_work,
    )
    return paged.page(
        found,
        show=DeliveryOut.of,
        key_of=lambda delivery: {"before": delivery.id},
    )


@router.post("/{webhook_id}/deliveries/{delivery_id}/redeliver", status_code=202)
def redeliver_event(
    webhook_id: UUID,
    delivery_id: UUID,
    caller: Caller,
    open_work: Work,
    idempotency_key: IdempotencyKey = None,
) -> DeliveryOut:
    """Send once more what was given up or delivered, with the same `webhook-id`."""
    require(caller, Right.USE_WEBHOOKS)
    return DeliveryOut.of(
        redeliver(
            webhook_id, delivery_id, caller, idempotency_key=idempotency_key, open_work=open_work
        )
    )


def _tell_replay(response: Response, *, is_replay: bool) -> None:
    if is_replay:
        response.headers["Idempotent-Replay"] = "true"
        response.status_code = 200
