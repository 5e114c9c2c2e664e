"""The comparisons of all entities with a rate in one measure, stratum, year and level. Pure.

An entity is left out that has fewer cases than the year's case minimum, or no rate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, TypeVar

from app.measures.peers.cuts import Cut, Field, Practices, Traits, Withheld, is_in
from app.measures.peers.statistics import AmongOthers, Distribution
from app.measures.results.rates import MeasureRates

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Generic[K]):
    """A clinician, TIN or group with its two values, in percent; `key` is the asker's own."""

    key: K
    practices: Practices
    traits: Traits
    performance_rate: Decimal
    data_completeness: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CutComparison:
    """`rate` and `completeness` are None when the cut is withheld."""

    cut: Cut
    withheld: Withheld | None
    rate: AmongOthers | None = None
    completeness: AmongOthers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Generic[K]):
    entity: Entity[K]
    cuts: tuple[CutComparison, ...]


def entity_of(
    key: K, rates: MeasureRates, *, practices: Practices, traits: Traits
) -> Entity[K] | None:
    """Return None for what is left out."""
    if not rates.case_minimum_met or rates.performance_rate is None:
        return None
    assert rates.data_completeness is not None, "whoever has a rate has cases"
    return Entity(
        key=key,
        practices=practices,
        traits=traits,
        performance_rate=rates.performance_rate,
        data_completeness=rates.data_completeness,
    )


_Values = tuple[Distribution, Distribution]
_EVERYBODY: Final = Traits()


def comparisons(entities: Sequence[Entity[K]], *, lower_is_better: bool) -> Iterator[Comparison[K]]:
    """Yield how each of `entities` stands among the others."""
    field = Field((entity.practices, entity.traits) for entity in entities)
    made: dict[tuple[Cut, Traits], _Values] = {}

    def values(cut: Cut, of: Traits) -> _Values:
        asked = (cut, _EVERYBODY if cut is Cut.NATIONAL else of)
        if asked not in made:
            peers = [entity for entity in entities if is_in(cut, of, entity.traits)]
            made[asked] = (
                Distribution(peer.performance_rate for peer in peers),
                Distribution(peer.data_completeness for peer in peers),
            )
        return made[asked]

    for entity in entities:
        withheld = field.withheld(entity.practices, entity.traits)
        yield Comparison(
            entity=entity,
            cuts=tuple(
                CutComparison(cut=cut, withheld=why)
                if why is not None
                else _compared(entity, cut, values(cut, entity.traits), lower_is_better)
                for cut, why in withheld.items()
            ),
        )


def _compared(entity: Entity[K], cut: Cut, values: _Values, lower_is_better: bool) -> CutComparison:
    rates, completenesses = values
    return CutComparison(
        cut=cut,
        withheld=None,
        rate=rates.others_of(entity.performance_rate, lower_is_better=lower_is_better),
        completeness=completenesses.others_of(entity.data_completeness, lower_is_better=False),
    )
