"""Whether this process lives, and whether case files can be taken in."""

from typing import Final

from fastapi import APIRouter, Request

from app.domain.errors.service import ServiceBusy
from app.intake.service import Intake

_RETRY_SECONDS: Final = 10

router = APIRouter(tags=["operator"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Whether this process answers, also when every thread of it is at work."""
    return {"status": "alive"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
def is_ready(request: Request) -> dict[str, str]:
    """Whether case files can be taken in.

    The database is reached and at head, the master keys open what is stored, and the blob store
    takes files.
    """
    intake: Intake = request.app.state.intake
    try:
        with intake.open_work() as work:
            if not work.is_at_head():
                raise ServiceBusy(retry_after=_RETRY_SECONDS)
        intake.keys.check()
        intake.blobs.check()
    except OSError as error:
        raise ServiceBusy(retry_after=_RETRY_SECONDS) from error
    return {"status": "ready"}
