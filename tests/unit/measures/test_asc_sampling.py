"""The sampling table of the manual, and what may be said of a sample."""

import pytest

from app.measures.asc.definition import SamplingTable
from app.measures.asc.manuals import manual_for
from app.measures.asc.sampling import (
    frequency_fault,
    sample_fault,
    sample_plan,
    yearly_minimum,
)

MONTHLY, QUARTERLY, NOT_SAMPLED, NOT_REQUIRED = 1, 2, 3, 4


@pytest.fixture(scope="module")
def table() -> SamplingTable:
    manual = manual_for(2025)
    assert manual is not None
    return manual.sampling


@pytest.mark.parametrize(
    ("population", "minimum"),
    [(0, 0), (40, 40), (62, 62), (63, 63), (64, 63), (900, 63), (901, 96), (5_000, 96)],
)
def test_how_many_cases_of_a_year(table: SamplingTable, population: int, minimum: int) -> None:
    assert yearly_minimum(population, table) == minimum


def test_of_more_than_900_cases_24_a_quarter_and_8_a_month(table: SamplingTable) -> None:
    plan = sample_plan([100] * 10, table)
    assert (plan.yearly, plan.quarters[:3], plan.months[0]) == (96, (24, 24, 24), 8)


def test_of_a_quarter_with_fewer_cases_than_its_share_every_case(table: SamplingTable) -> None:
    plan = sample_plan([5, 5, 2, *[20] * 9], table)
    assert plan.yearly == 63
    assert plan.quarters == (12, 16, 16, 16)
    assert plan.months[:4] == (5, 5, 2, 6)


def test_each_quarter_has_three_months(table: SamplingTable) -> None:
    plan = sample_plan([1, 2, 3, 2, 1, 0, 5, 5, 5, 100, 0, 0], table)
    assert plan.population == 124
    assert plan.quarters == (6, 3, 15, 16)


def test_of_fewer_than_63_cases_every_one(table: SamplingTable) -> None:
    plan = sample_plan([40, *[0] * 11], table)
    assert (plan.yearly, plan.quarters[0], plan.months[0]) == (40, 40, 40)


@pytest.mark.parametrize(
    ("population", "frequency", "is_right"),
    [
        (12, NOT_REQUIRED, False),
        (1, NOT_REQUIRED, False),
        (0, NOT_REQUIRED, True),
        (12, NOT_SAMPLED, True),
        (1_000, QUARTERLY, True),
        (1_000, MONTHLY, True),
        (1_000, 5, False),
    ],
)
def test_frequency_4_needs_a_population_of_zero(
    table: SamplingTable, population: int, frequency: int, is_right: bool
) -> None:
    assert (frequency_fault(population, frequency, table) is None) == is_right


@pytest.mark.parametrize(
    ("population", "sample", "frequency", "fault"),
    [
        (310, 63, QUARTERLY, None),
        (310, 62, QUARTERLY, "the sample has less than 63 cases"),
        (310, 311, QUARTERLY, "the sample is larger than the population"),
        (310, 100, QUARTERLY, None),
        (310, 63, NOT_SAMPLED, "with frequency 3, not sampled, the sample is the population"),
        (310, 310, NOT_SAMPLED, None),
        (40, 39, MONTHLY, "the sample has less than 40 cases"),
    ],
)
def test_how_large_a_sample_may_be(
    table: SamplingTable, population: int, sample: int, frequency: int, fault: str | None
) -> None:
    assert sample_fault(population, sample, frequency, table) == fault
