"""What the routers need of the intake, as `main` put it into `app.state`."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.checking.standards import Standards
from app.intake.service import Intake


async def _standards(request: Request) -> Standards:
    return cast(Standards, request.app.state.standards)


async def _intake(request: Request) -> Intake:
    return cast(Intake, request.app.state.intake)


StandardsDep = Annotated[Standards, Depends(_standards)]
IntakeDep = Annotated[Intake, Depends(_intake)]
