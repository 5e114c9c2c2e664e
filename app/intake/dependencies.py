"""What the routers need of the intake, as `main` put it into `app.state`."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.checking.standards import Standards


def _standards(request: Request) -> Standards:
    return cast(Standards, request.app.state.standards)


StandardsDep = Annotated[Standards, Depends(_standards)]
