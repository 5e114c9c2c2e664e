"""Tells answers without an end that their server is about to: it waits until all are given."""

import asyncio
from typing import Any, Final, cast

from starlette.types import Scope

_KEY: Final = "nacor.ending"


def tell_ending(scope: Any, ending: asyncio.Event) -> None:  # noqa: ANN401 - uvicorn's typed dict
    """Let whoever answers the request of `scope` know: `ending` is set when the server stops."""
    scope[_KEY] = ending


def ending_of(scope: Scope) -> asyncio.Event:
    """Never set where no server told of one."""
    return cast(asyncio.Event, scope.get(_KEY) or asyncio.Event())
