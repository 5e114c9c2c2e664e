"""Makes the comparisons of every level anew where figures or rosters have changed."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, get_args

from app.domain.identifiers import PracticeId
from app.domain.roster import VirtualGroup, is_small_practice
from app.measures.catalogue.catalogue import Catalogue, YearCatalogue
from app.measures.peers.comparing import Comparison, Entity, comparisons, entity_of
from app.measures.peers.cuts import Practices, Traits
from app.measures.peers.wire import shown_cut
from app.measures.results.levels import Level
from app.measures.results.rated import Rated, rated_totals
from app.storage.figures.count_queries import MeasureTotal
from app.storage.figures.group_queries import GroupQuestion
from app.storage.figures.peer_store import KeptComparison, PeerTraits
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import log_fields

_log = logging.getLogger(__name__)
_NO_CASES: Final = ""
_LEVELS: Final[tuple[Level, ...]] = get_args(Level)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the comparison of an entity is kept: a virtual group has a place in each practice."""

    practice: PracticeId
    total: MeasureTotal


_Places = tuple[_Place, ...]
_OfOneRate = dict[tuple[str, str], list[Entity[_Places]]]
"""Entities by measure and stratum."""


@dataclass(frozen=True, kw_only=True)
class PeerRefreshing:
    open_work: OpenWork
    catalogue: Catalogue

    def refresh_changed(self) -> list[int]:
        """Return the years whose comparisons were made anew, for something had changed."""
        with self.open_work() as work:
            found = work.peers.fingerprints()
            made = work.peers.made_from()
        changed = [year for year, fingerprint in found.items() if made.get(year) != fingerprint]
        emptied = [year for year in made if year not in found and made[year] != _NO_CASES]
        return self.refresh([*changed, *emptied])

    def refresh_all(self) -> list[int]:
        """Return the years whose comparisons were made anew."""
        with self.open_work() as work:
            years = {*work.peers.fingerprints(), *work.peers.made_from()}
        return self.refresh(years)

    def refresh(self, years: Iterable[int]) -> list[int]:
        return [year for year in sorted(set(years)) if self._refresh(year)]

    def _refresh(self, performance_year: int) -> bool:
        """Return False where another process is at it, or no measure of the year is known."""
        year = self.catalogue.for_year(performance_year)
        if year is None:
            return False
        with self.open_work() as work:
            work.show_one_moment()
            if not work.peers.lock():
                return False
            made = list(_comparisons(year, work))
            work.peers.replace(
                performance_year,
                work.peers.fingerprints().get(performance_year, _NO_CASES),
                made,
                as_of=datetime.now(UTC),
            )
            work.commit()
        _log.info(
            "compared with peers",
            extra=log_fields(performance_year=performance_year, comparisons=len(made)),
        )
        return True


def _comparisons(year: YearCatalogue, work: UnitOfWork) -> Iterator[KeptComparison]:
    taking_part = work.peers.taking_part()
    for level in _LEVELS:
        found = (
            _virtual_groups(taking_part, year, work)
            if level == "virtual_group"
            else _of_each_practice(level, taking_part, year, work)
        )
        for (measure_id, _), entities in found.items():
            measure = year.measure(measure_id)
            assert measure is not None, "only measures of the year are rated"
            for comparison in comparisons(entities, lower_is_better=measure.facts.inverse):
                yield from _kept(comparison, level, year.performance_year)


def _of_each_practice(
    level: Level, taking_part: Iterable[PeerTraits], year: YearCatalogue, work: UnitOfWork
) -> _OfOneRate:
    found: _OfOneRate = {}
    for peer in taking_part:
        practices, traits = frozenset([peer.practice]), _traits(peer)
        for rated in rated_totals(_totals(level, peer.practice, year, work), year):
            places = (_Place(peer.practice, rated.total),)
            _add(found, rated, places, practices=practices, traits=traits)
    return found


def _totals(
    level: Level, practice: PracticeId, year: YearCatalogue, work: UnitOfWork
) -> list[MeasureTotal]:
    if level == "subgroup":
        return work.groups.subgroup_totals(
            GroupQuestion(practice=practice, performance_year=year.performance_year)
        )
    return work.counts.measure_totals(
        practice, year.performance_year, individual=level == "individual"
    )


def _virtual_groups(
    taking_part: Iterable[PeerTraits], year: YearCatalogue, work: UnitOfWork
) -> _OfOneRate:
    """Of those that all their practices take part with; of no size and no state."""
    willing = {peer.practice for peer in taking_part}
    found: _OfOneRate = {}
    for entries in _same_groups(willing, year.performance_year, work):
        practices = work.groups.practices_in(entries[0])
        if not practices or not practices <= willing:
            continue
        totals = work.groups.virtual_group_totals(entries[:1], measure_id=None)
        for rated in rated_totals(totals, year):
            places = tuple(_Place(entry.practice_id, _of(entry, rated)) for entry in entries)
            _add(found, rated, places, practices=practices, traits=Traits())
    return found


def _same_groups(
    practices: Iterable[PracticeId], performance_year: int, work: UnitOfWork
) -> Iterable[list[VirtualGroup]]:
    """The entries of each virtual group: one in every practice that is confirmed to be in it."""
    groups: dict[tuple[object, ...], list[VirtualGroup]] = {}
    for practice in sorted(practices):
        for entry in work.roster.all(VirtualGroup, practice, performance_year=performance_year):
            if entry.confirmed_at is not None:
                groups.setdefault((entry.name, entry.tins), []).append(entry)
    return groups.values()


def _of(entry: VirtualGroup, rated: Rated) -> MeasureTotal:
    total = rated.total
    return MeasureTotal(
        measure_id=total.measure_id,
        stratum=total.stratum,
        tin=None,
        npi=None,
        group_id=entry.id,
        counts=total.counts,
    )


def _add(
    found: _OfOneRate, rated: Rated, places: _Places, *, practices: Practices, traits: Traits
) -> None:
    entity = entity_of(places, rated.rates, practices=practices, traits=traits)
    if entity is not None:
        found.setdefault((rated.total.measure_id, rated.total.stratum), []).append(entity)


def _traits(peer: PeerTraits) -> Traits:
    number = peer.clinicians
    return Traits(None if number is None else is_small_practice(number), peer.state)


def _kept(
    comparison: Comparison[_Places], level: Level, performance_year: int
) -> Iterator[KeptComparison]:
    entity = comparison.entity
    cuts: list[dict[str, Any]] = [shown_cut(cut).model_dump(mode="json") for cut in comparison.cuts]
    for place in entity.key:
        total = place.total
        yield KeptComparison(
            practice=place.practice,
            performance_year=performance_year,
            level=level,
            measure_id=total.measure_id,
            stratum=total.stratum,
            tin=total.tin,
            npi=total.npi,
            group_id=total.group_id,
            performance_rate=entity.performance_rate,
            data_completeness=entity.data_completeness,
            cuts=cuts,
        )
