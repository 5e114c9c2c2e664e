"""What the routers need of the intake, as `main` put it into `app.state`."""

from typing import Annotated, cast

from fastapi import Depends, Request

from app.access.dependencies import Work
from app.checking.standards import Standards
from app.intake.admission import Admission
from app.intake.desk import Desk


async def _standards(request: Request) -> Standards:
    return cast(Standards, request.app.state.standards)


async def _desk(request: Request, open_work: Work) -> Desk:
    return Desk(intake=request.app.state.intake, open_work=open_work)


async def _admission(request: Request) -> Admission:
    return cast(Admission, request.app.state.admission)


StandardsDep = Annotated[Standards, Depends(_standards)]
DeskDep = Annotated[Desk, Depends(_desk)]
AdmissionDep = Annotated[Admission, Depends(_admission)]
