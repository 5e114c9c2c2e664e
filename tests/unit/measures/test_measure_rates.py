"""Rates, completeness and the case minimum."""

from decimal import Decimal

import pytest

from app.domain.populations import PopulationCounts
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.catalogue.definition import OverallMethod
from app.measures.results.rates import overall_rates, rates_of, to_places

CATALOGUE = shipped_catalogue()


def rates(year, met=0, not_met=0, exception=0, exclusion=0, unreported=0):
    found = CATALOGUE.for_year(year)
    assert found is not None
    counts = PopulationCounts(
        performance_met=met,
        performance_not_met=not_met,
        denominator_exception=exception,
        denominator_exclusion=exclusion,
        unreported=unreported,
    )
    return rates_of(counts, found.rules)


COMPLETENESS = [
    # year, met, not met, exception, unreported, percent, complete
    (2024, 700, 30, 19, 251, "74.9", False),
    (2024, 700, 30, 20, 250, "75", True),
    (2024, 690, 10, 0, 300, "70", False),  # 75 from 2024 on
    (2023, 690, 10, 0, 300, "70", True),
    (2023, 690, 9, 0, 301, "69.9", False),
    (2019, 100, 20, 0, 80, "60", True),
    (2020, 100, 20, 0, 80, "60", False),
    (2024, 100, 20, 0, 80, "60", False),
    (2026, 75, 0, 0, 25, "75", True),
]


@pytest.mark.parametrize(
    ("year", "met", "not_met", "exception", "unreported", "percent", "complete"), COMPLETENESS
)
def test_completeness(year, met, not_met, exception, unreported, percent, complete):
    result = rates(year, met, not_met, exception, unreported=unreported)
    assert result.data_completeness == Decimal(percent)
    assert result.completeness_met is complete


def test_completeness_is_not_rounded_before_the_threshold():
    """74.9975 shows as 75.00 and is still too little."""
    result = rates(2024, met=29_999, unreported=10_001)
    assert result.data_completeness is not None
    assert to_places(result.data_completeness, 2) == Decimal("75.00")
    assert not result.completeness_met


def test_exceptions_leave_the_rate_and_stay_eligible():
    result = rates(2024, met=700, not_met=30, exception=20, unreported=250)
    assert result.counts.eligible_population == 1000
    assert result.performance_rate is not None
    assert to_places(result.performance_rate, 4) == Decimal("95.8904")
    assert to_places(result.performance_rate, 2) == Decimal("95.89")


def test_exclusions_leave_the_eligible_population():
    result = rates(2024, met=19, exclusion=3)
    assert result.counts.eligible_population == 19
    assert not result.case_minimum_met
    assert result.data_completeness == 100


@pytest.mark.parametrize(("met", "reached"), [(19, False), (20, True)])
def test_the_case_minimum(met, reached):
    assert rates(2024, met=met).case_minimum_met is reached


def test_unreported_cases_count_for_the_case_minimum():
    assert rates(2024, met=10, unreported=10).case_minimum_met


def test_there_is_no_rate_of_nothing():
    only_exceptions = rates(2024, exception=25)
    assert only_exceptions.performance_rate is None
    assert only_exceptions.data_completeness == 100

    nobody = rates(2024)
    assert nobody.performance_rate is None
    assert nobody.data_completeness is None
    assert not nobody.completeness_met
    assert not nobody.case_minimum_met


def test_a_rate_of_zero_is_a_rate():
    assert rates(2024, not_met=30).performance_rate == 0


def test_halves_are_rounded_up():
    assert to_places(Decimal("96.645"), 2) == Decimal("96.65")
    assert to_places(Decimal("96.6449"), 2) == Decimal("96.64")


def test_exclusions_of_a_qcdr_measure_are_eligible_and_reported():
    """Of 22 cases 3 are excluded: 19 count for the minimum, and all but one were reported."""
    counts = PopulationCounts(performance_met=18, denominator_exclusion=3, unreported=1)
    rules = CATALOGUE.for_year(2024).rules
    of_registry, of_qcdr = rates_of(counts, rules), rates_of(counts, rules, is_of_a_qcdr=True)
    assert to_places(of_registry.data_completeness, 4) == Decimal("94.7368")  # 18 of 19
    assert to_places(of_qcdr.data_completeness, 4) == Decimal("95.4545")  # 21 of 22
    assert not of_qcdr.case_minimum_met
    assert of_qcdr.performance_rate == of_registry.performance_rate == 100


def overall(method, *parts):
    found = [rates(2024, met=met, not_met=not_met) for met, not_met in parts]
    return overall_rates(found, method, CATALOGUE.for_year(2024).rules, is_of_a_qcdr=True)


def test_the_mean_of_rates_weighs_them_alike():
    result = overall(OverallMethod.MEAN_OF_RATES, (8, 2), (5, 5))
    assert result.performance_rate == 65  # of 80 and 50
    assert result.counts.eligible_population == 20


def test_the_pooled_rate_weighs_cases_alike():
    result = overall(OverallMethod.POOLED, (8, 2), (15, 5))
    assert to_places(result.performance_rate, 4) == Decimal("76.6667")  # 23 of 30
    assert result.case_minimum_met


def test_a_part_without_a_rate_leaves_the_mean():
    assert overall(OverallMethod.MEAN_OF_RATES, (8, 2), (0, 0)).performance_rate == 80
    assert overall(OverallMethod.MEAN_OF_RATES, (0, 0), (0, 0)).performance_rate is None


def test_the_case_minimum_of_a_mean_is_that_of_its_largest_part():
    assert not overall(OverallMethod.MEAN_OF_RATES, (19, 0), (19, 0)).case_minimum_met
    assert overall(OverallMethod.MEAN_OF_RATES, (20, 0), (1, 0)).case_minimum_met


def test_the_parts_of_an_overall_rate_are_counted_in_every_place() -> None:
    """Of a measure of a QCDR its exclusions are both eligible and reported."""
    rules = CATALOGUE.for_year(2024).rules
    parts = [
        rates(2024, met=10, not_met=5, exception=2, exclusion=20, unreported=3),
        rates(2024, met=20, not_met=5, exception=4, exclusion=20, unreported=11),
    ]
    of_a_qcdr = overall_rates(parts, OverallMethod.POOLED, rules, is_of_a_qcdr=True)
    assert of_a_qcdr.counts == PopulationCounts(
        performance_met=30,
        performance_not_met=10,
        denominator_exception=6,
        denominator_exclusion=40,
        unreported=14,
    )
    assert of_a_qcdr.data_completeness == Decimal(8600) / 100
    of_mips = overall_rates(parts, OverallMethod.POOLED, rules, is_of_a_qcdr=False)
    assert of_mips.data_completeness == Decimal(4600) / 60
