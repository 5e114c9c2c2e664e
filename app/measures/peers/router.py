"""Comparisons with peers for those who may see the figures of the practice."""

from fastapi import APIRouter

from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.measures.dependencies import AskedResults, Measures, reach_of
from app.measures.peers.service import peer_comparisons
from app.measures.peers.wire import PeerComparisons

router = APIRouter(prefix="/v1/measures", tags=["measures"])


@router.get("/peers")
def compare_with_peers(
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    asked: AskedResults,
) -> PeerComparisons:
    """How TINs, clinicians or groups stand among all others of the registry, as of `as_of`.

    Peers have the same measure, stratum, year and level; the entity itself is not among them, nor
    is whoever has fewer cases than the case minimum, or belongs to a practice that opted out. They
    are those of the registry (`national`), of practices of the same size, and of the same state.
    Nothing is shown of fewer than five peers, or where it could be worked out from what is shown.
    """
    require_practice(caller, Right.SEE_FIGURES, asked.practice)
    require_registered(open_work, asked.practice)
    with open_work() as work:
        return peer_comparisons(
            asked,
            reaches=reach_of(caller),
            sandbox=caller.sandbox,
            catalogue=catalogue,
            work=work,
        )
