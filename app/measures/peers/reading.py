"""Reads the kept comparisons for whoever may see them, and finds those of a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.identifiers import Npi, Tin
from app.measures.peers.wire import NotCompared, PeerComparison
from app.measures.results.levels import ResultsQuestion
from app.measures.results.scored_totals import ScoredTotal
from app.storage.figures.peer_store import KeptComparison
from app.storage.unit_of_work import UnitOfWork

_Key = tuple[str, str, Tin | None, Npi | None, UUID | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPeers:
    """The comparisons of a practice, year and level."""

    as_of: datetime | None
    opted_out: bool
    kept: Mapping[_Key, KeptComparison]

    def of(self, found: ScoredTotal) -> PeerComparison:
        if self.opted_out:
            return PeerComparison.none(NotCompared.OPTED_OUT, self.as_of)
        if self.as_of is None:
            return PeerComparison.none(NotCompared.NOT_YET, None)
        kept = self.kept.get(
            (found.measure.measure_id, found.stratum, found.tin, found.npi, found.group_id)
        )
        if kept is None:
            return PeerComparison.none(NotCompared.LEFT_OUT, self.as_of)
        return PeerComparison.of(kept, self.as_of)


def compared_peers(asked: ResultsQuestion, work: UnitOfWork) -> ComparedPeers:
    """Whoever asks must be allowed to see the results of the same question."""
    standing = work.peers.compared(
        asked.practice, asked.performance_year, asked.level, **_narrowed(asked)
    )
    return ComparedPeers(
        as_of=standing.as_of,
        opted_out=standing.opted_out,
        kept={_key(kept): kept for kept in standing.comparisons},
    )


def kept_comparisons(asked: ResultsQuestion, work: UnitOfWork) -> list[KeptComparison]:
    return work.peers.comparisons(
        asked.practice, asked.performance_year, asked.level, **_narrowed(asked)
    )


def _narrowed(asked: ResultsQuestion) -> dict[str, object]:
    """What is asked of the columns of comparisons besides practice, year and level."""
    given = {
        "tin": asked.tin,
        "npi": asked.npi,
        "measure_id": asked.measure_id,
        "group_id": asked.subgroup_id or asked.virtual_group_id,
    }
    return {name: value for name, value in given.items() if value is not None}


def _key(kept: KeptComparison) -> _Key:
    return kept.measure_id, kept.stratum, kept.tin, kept.npi, kept.group_id
