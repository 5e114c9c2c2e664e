"""What the routers need of the notices, as `main` put it into `app.state`."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.access.dependencies import Work
from app.notices.webhook_service import Webhooks, WebhooksWithin


async def _sends_mail(request: Request) -> bool:
    return cast(bool, request.app.state.notices.sends_mail)


async def _webhooks(request: Request, open_work: Work) -> Webhooks:
    webhooks_within: WebhooksWithin = request.app.state.webhooks_within
    return webhooks_within(open_work)


SendsMail = Annotated[bool, Depends(_sends_mail)]
WebhooksDep = Annotated[Webhooks, Depends(_webhooks)]
