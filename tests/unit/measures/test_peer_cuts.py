"""Which comparisons are shown: none that tells the value of a single peer, also by subtraction."""

from collections.abc import Sequence
from typing import Final

import pytest

from app.domain.identifiers import parse_practice_id
from app.measures.peers.cuts import Cut, Field, Practices, Traits, Withheld

SHOWN, FEW = None, Withheld.TOO_FEW_PEERS
SMALL_MN, LARGE_MN = Traits(True, "MN"), Traits(False, "MN")
SMALL_WI, LARGE_WI = Traits(True, "WI"), Traits(False, "WI")
ME: Final[Practices] = frozenset([parse_practice_id("99999")])


def others(*groups: tuple[int, Traits]) -> list[tuple[Practices, Traits]]:
    """So many practices with one entity each, of these traits."""
    traits = [each for number, each in groups for _ in range(number)]
    return [
        (frozenset([parse_practice_id(f"{10_000 + number}")]), each)
        for number, each in enumerate(traits)
    ]


def withheld(
    peers: Sequence[tuple[Practices, Traits]], own: Traits = SMALL_MN, *, own_entities: int = 1
) -> tuple[Withheld | None, ...]:
    found = Field([*peers, *[(ME, own)] * own_entities]).withheld(ME, own)
    return tuple(found[cut] for cut in Cut)


CASES = [
    # peers besides me, who am small and of Minnesota     national size  state
    (others((4, SMALL_MN)), (FEW, FEW, FEW)),
    (others((5, SMALL_MN)), (SHOWN, SHOWN, SHOWN)),
    (others((5, LARGE_WI)), (SHOWN, FEW, FEW)),
    # Four large practices follow from all less the small ones: the national figures stay alone.
    (others((6, SMALL_MN), (4, LARGE_MN)), (SHOWN, FEW, SHOWN)),
    (others((6, SMALL_MN), (5, LARGE_MN)), (SHOWN, SHOWN, SHOWN)),
    # Of the same size ten, of the same state ten; but only three are both, and would follow.
    (others((3, SMALL_MN), (7, SMALL_WI), (7, LARGE_MN)), (SHOWN, SHOWN, FEW)),
    (others((5, SMALL_MN), (5, SMALL_WI), (5, LARGE_MN), (5, LARGE_WI)), (SHOWN,) * 3),
    (others((5, SMALL_MN), (5, SMALL_WI), (5, LARGE_MN), (1, LARGE_WI)), (SHOWN, SHOWN, FEW)),
]


@pytest.mark.parametrize(("peers", "expected"), CASES)
def test_what_is_shown(
    peers: list[tuple[Practices, Traits]], expected: tuple[Withheld | None, ...]
) -> None:
    assert withheld(peers) == expected


def test_what_the_roster_does_not_tell_is_no_cut() -> None:
    unknown = Traits()
    assert withheld(others((9, SMALL_MN)), unknown) == (
        SHOWN,
        Withheld.SIZE_UNKNOWN,
        Withheld.STATE_UNKNOWN,
    )


def test_ones_own_entities_are_peers_of_each_other_and_hide_nobody() -> None:
    """A practice knows all its own values: with nine of them the tenth would follow."""
    assert withheld([], own_entities=6) == (SHOWN, SHOWN, SHOWN), "only what is known anyway"
    assert withheld([], own_entities=5) == (FEW, FEW, FEW), "four others"
    assert withheld(others((1, SMALL_MN)), own_entities=9) == (FEW, FEW, FEW)
    assert withheld(others((5, SMALL_MN)), own_entities=9) == (SHOWN, SHOWN, SHOWN)


def test_a_virtual_group_of_mine_is_no_stranger() -> None:
    """Its value is known to each of its practices, so it cannot hide those of four others."""
    ours = (ME | {parse_practice_id("10000")}, SMALL_MN)
    assert withheld([*others((5, SMALL_MN))[1:], ours])[0] is FEW
    assert withheld([*others((6, SMALL_MN))[1:], ours])[0] is SHOWN
