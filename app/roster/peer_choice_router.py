"""A practice opts out of the comparison with peers, or in again."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work
from app.access.rights import Right, require_practice
from app.roster.peer_choice_service import has_opted_out, opt
from app.web.json_bodies import described_body, json_body

router = APIRouter(prefix="/v1/practices/{practice_id}/peer-comparison", tags=["practices"])

_OPTED_OUT: Final[JsonDict] = {"opted_out": True}


class PeerChoice(BaseModel):
    """`opted_out`: counted among nobody's peers, and shown none."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _OPTED_OUT})

    opted_out: bool


@router.get("")
def read_peer_choice(practice: PathPractice, caller: Caller, open_work: Work) -> PeerChoice:
    """Whether the practice has opted out of the comparison with peers."""
    require_practice(caller, Right.SEE_ROSTER, practice)
    return PeerChoice(opted_out=has_opted_out(practice, open_work=open_work))


@router.put("", openapi_extra=described_body(PeerChoice))
def choose_peers(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    asked: Annotated[PeerChoice, Depends(json_body(PeerChoice))],
) -> PeerChoice:
    """Opt out of the comparison with peers, or in again. It stands in the audit trail.

    A practice that opts out is shown no comparison from then on; it leaves those of others when
    they are next made, which is lined up at once.
    """
    require_practice(caller, Right.CHANGE_ROSTER, practice)
    opt(practice, caller, out=asked.opted_out, open_work=open_work)
    return asked
