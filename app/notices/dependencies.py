"""What the routers need of the notices, as `main` put it into `app.state`."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.notices.service import Notices
from app.notices.webhook_service import Webhooks


async def _notices(request: Request) -> Notices:
    return cast(Notices, request.app.state.notices)


async def _webhooks(request: Request) -> Webhooks:
    return cast(Webhooks, request.app.state.webhooks)


NoticesDep = Annotated[Notices, Depends(_notices)]
WebhooksDep = Annotated[Webhooks, Depends(_webhooks)]
