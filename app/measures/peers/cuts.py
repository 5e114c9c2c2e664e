"""Which comparisons can be shown to a practice without telling the value of another's. Pure.

What is shown can be subtracted: from the mean of all and that of the same size follows that of the
others. So the peers fall into cells, by the cuts that each is in, and every cell that is part of
something shown has none or at least `FEWEST_PEERS` peers of other practices. What a practice knows
of its own is no secret to it: its own entities are peers of each other, and fill no cell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.identifiers import PracticeId

FEWEST_PEERS: Final = 5


class Cut(StrEnum):
    """With whom an entity is compared, in the order in which they are given room."""

    NATIONAL = "national"
    SAME_SIZE = "same_size"
    SAME_STATE = "same_state"


class Withheld(StrEnum):
    """Why a comparison is not shown."""

    TOO_FEW_PEERS = "too_few_peers"
    SIZE_UNKNOWN = "size_unknown"
    STATE_UNKNOWN = "state_unknown"


@dataclass(frozen=True, slots=True)
class Traits:
    """What cuts ask of a practice; None where its roster does not tell."""

    is_small: bool | None = None
    state: str | None = None


Practices = frozenset[PracticeId]
"""Whose an entity is: one practice, or all that a virtual group has cases of."""


def is_in(cut: Cut, of: Traits, peer: Traits) -> bool:
    """Whether `peer` is one of those that `of` is compared with."""
    match cut:
        case Cut.NATIONAL:
            return True
        case Cut.SAME_SIZE:
            return of.is_small is not None and of.is_small == peer.is_small
        case Cut.SAME_STATE:
            return of.state is not None and of.state == peer.state


class Field:
    """All entities that have a value, counted by whose they are and by their traits."""

    def __init__(self, entities: Iterable[tuple[Practices, Traits]]) -> None:
        self._by_owner: dict[Practices, Counter[Traits]] = {}
        self._all: Counter[Traits] = Counter()
        for practices, traits in entities:
            self._by_owner.setdefault(practices, Counter())[traits] += 1
            self._all[traits] += 1
        self._owners_with: dict[PracticeId, list[Practices]] = {}
        for practices in self._by_owner:
            for practice in practices:
                self._owners_with.setdefault(practice, []).append(practices)

    def withheld(self, practices: Practices, of: Traits) -> dict[Cut, Withheld | None]:
        """What an entity of these practices and traits is not shown, and why; None: it is shown."""
        strangers = self._strangers(practices)
        shown: list[Cut] = []
        found: dict[Cut, Withheld | None] = {}
        for cut in Cut:
            why = _unknown(cut, of) or self._too_few([*shown, cut], of, strangers)
            found[cut] = why
            if why is None:
                shown.append(cut)
        return found

    def _too_few(
        self, cuts: Sequence[Cut], of: Traits, strangers: Mapping[Traits, int]
    ) -> Withheld | None:
        entities = sum(count for peer, count in self._all.items() if is_in(cuts[-1], of, peer))
        enough = entities > FEWEST_PEERS  # the entity is one of them
        return None if enough and _cells_are_large(cuts, of, strangers) else Withheld.TOO_FEW_PEERS

    def _strangers(self, practices: Practices) -> Counter[Traits]:
        related = {owner for practice in practices for owner in self._owners_with.get(practice, ())}
        strangers = self._all.copy()
        for owner in related:
            strangers.subtract(self._by_owner[owner])
        return strangers


def _cells_are_large(cuts: Sequence[Cut], of: Traits, strangers: Mapping[Traits, int]) -> bool:
    cells: Counter[tuple[bool, ...]] = Counter()
    for peer, count in strangers.items():
        cells[tuple(is_in(cut, of, peer) for cut in cuts)] += count
    return all(not count or count >= FEWEST_PEERS for cell, count in cells.items() if any(cell))


def _unknown(cut: Cut, of: Traits) -> Withheld | None:
    if cut is Cut.SAME_SIZE and of.is_small is None:
        return Withheld.SIZE_UNKNOWN
    if cut is Cut.SAME_STATE and of.state is None:
        return Withheld.STATE_UNKNOWN
    return None
