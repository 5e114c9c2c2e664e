"""How a value stands among others, with figures worked by hand."""

from decimal import Decimal

import pytest

from app.measures.peers.statistics import AmongOthers, Distribution


def among(own: int, *others: int, lower_is_better: bool = False) -> AmongOthers:
    values = [Decimal(value) for value in (own, *others)]
    return Distribution(values).others_of(Decimal(own), lower_is_better=lower_is_better)


def figures(found: AmongOthers) -> tuple[float, ...]:
    return tuple(
        float(each)
        for each in (found.mean, found.lower_quartile, found.median, found.upper_quartile)
    )


QUARTILES = [
    # others in order, own      mean   lower  median upper
    ((10, 20, 30, 40, 50), 99, (30.0, 20.0, 30.0, 40.0)),
    # Places 1.25, 2.5 and 3.75 of 0 to 5: a quarter, a half, three quarters of the way on.
    ((10, 20, 30, 40, 50, 60), 35, (35.0, 22.5, 35.0, 47.5)),
    ((1, 2, 4, 8, 16, 32, 64), 3, (127 / 7, 3.0, 8.0, 24.0)),
    ((70, 70, 70, 70, 70), 70, (70.0, 70.0, 70.0, 70.0)),
]


@pytest.mark.parametrize(("others", "own", "expected"), QUARTILES)
def test_mean_and_quartiles_are_those_of_the_others(
    others: tuple[int, ...], own: int, expected: tuple[float, ...]
) -> None:
    found = among(own, *others)
    assert found.count == len(others)
    assert figures(found) == pytest.approx(expected)


def test_the_order_of_the_values_does_not_matter() -> None:
    assert among(35, 60, 10, 50, 20, 40, 30) == among(35, 10, 20, 30, 40, 50, 60)


RANKS = [
    # own, others, percentile
    (99, (10, 20, 30, 40, 50), "100"),
    (5, (10, 20, 30, 40, 50), "0"),
    (35, (10, 20, 30, 40, 50), "60"),  # better than three of five
    (30, (10, 20, 30, 40, 50), "50"),  # better than two, the same as one: 2.5 of five
    (70, (70, 70, 70, 70, 70), "50"),
]


@pytest.mark.parametrize(("own", "others", "percentile"), RANKS)
def test_the_rank_is_the_share_of_the_others_that_are_worse(
    own: int, others: tuple[int, ...], percentile: str
) -> None:
    assert among(own, *others).rank_percentile == Decimal(percentile)


def test_of_an_inverse_measure_the_lowest_rate_ranks_highest() -> None:
    assert among(5, 10, 20, 30, 40, 50, lower_is_better=True).rank_percentile == 100
    assert among(35, 10, 20, 30, 40, 50, lower_is_better=True).rank_percentile == 40
    assert among(99, 10, 20, 30, 40, 50, lower_is_better=True).rank_percentile == 0
