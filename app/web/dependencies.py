"""What `main` puts into `app.state`, with its type, for the routers that need it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request
from starlette.types import Scope

from app.web.rate_limit import RateLimits
from app.xsd.catalogue import SchemaCatalogue


class WebSettings(Protocol):
    """What HTTP needs of the settings. `public_url` None: answer with the address asked at."""

    @property
    def hsts_seconds(self) -> int: ...
    @property
    def public_url(self) -> str | None: ...
    @property
    def validate_max_bytes(self) -> int: ...


def web_settings(scope: Scope) -> WebSettings:
    return cast(WebSettings, scope["app"].state.settings)


async def _settings(request: Request) -> WebSettings:
    return web_settings(request.scope)


async def _schemas(request: Request) -> SchemaCatalogue:
    return cast(SchemaCatalogue, request.app.state.schemas)


async def _rate_limits(request: Request) -> RateLimits:
    return cast(RateLimits, request.app.state.rate_limits)


async def _today(request: Request) -> date:
    return cast(Callable[[], date], request.app.state.day)()


async def _now(request: Request) -> datetime:
    return cast(Callable[[], datetime], request.app.state.now)()


Settings = Annotated[WebSettings, Depends(_settings)]
Schemas = Annotated[SchemaCatalogue, Depends(_schemas)]
Limits = Annotated[RateLimits, Depends(_rate_limits)]
Today = Annotated[date, Depends(_today)]
Now = Annotated[datetime, Depends(_now)]
"""In UTC; for what is told of the time until now."""
