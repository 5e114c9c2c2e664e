"""Rates, case minimum, completeness and overall rates hold for whoever the totals are of."""

from typing import Any
from uuid import UUID

import pytest

from app.domain.identifiers import parse_npi, parse_tin
from app.domain.populations import PopulationCounts
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.results.rated import Rated, rated_totals
from app.measures.results.rates import to_places
from app.storage.figures.count_queries import MeasureTotal

TIN, NPI = parse_tin("891234567"), parse_npi("1234567893")
GROUP = UUID("01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23")
OTHER_GROUP = UUID("01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24")
LEVELS: dict[str, dict[str, Any]] = {
    "group": {"tin": TIN, "npi": None},
    "individual": {"tin": TIN, "npi": NPI},
    "subgroup": {"tin": TIN, "npi": None, "group_id": GROUP},
    "virtual group": {"tin": None, "npi": None, "group_id": GROUP},
}
ARM, GROIN = "brachialRadialTibial", "femoralAxillary"


def total(
    measure_id: str, stratum: str, entity: dict[str, Any], met: int, not_met: int, unreported: int
) -> MeasureTotal:
    counts = PopulationCounts(
        performance_met=met, performance_not_met=not_met, unreported=unreported
    )
    return MeasureTotal(measure_id=measure_id, stratum=stratum, counts=counts, **entity)


def rated(year: int, *totals: MeasureTotal) -> list[Rated]:
    of_year = shipped_catalogue().for_year(year)
    assert of_year is not None
    return list(rated_totals(totals, of_year))


def shown(each: Rated) -> str:
    rate = each.rates.performance_rate
    return "-" if rate is None else str(to_places(rate, 4))


@pytest.mark.parametrize("level", LEVELS)
def test_the_overall_rate_of_2022_is_the_mean_and_of_2023_over_all_cases(level: str) -> None:
    """AQI73: 8 of 10 lines in the arm and 15 of 20 in the groin were placed sterile."""
    entity = LEVELS[level]
    parts = (total("AQI73", ARM, entity, 8, 2, 0), total("AQI73", GROIN, entity, 15, 5, 0))
    for year, overall in ((2022, "77.5000"), (2023, "76.6667")):
        found = {each.total.stratum: each for each in rated(year, *parts)}
        assert [shown(found[part]) for part in (ARM, GROIN)] == ["80.0000", "75.0000"]
        assert shown(found["overall"]) == overall
        assert found["overall"].total.counts.eligible_population == 30
        assert found["overall"].rates.case_minimum_met, "twenty cases in the groin"
        made = found["overall"].total
        assert (made.tin, made.npi, made.group_id) == (
            entity["tin"],
            entity["npi"],
            entity.get("group_id"),
        )


@pytest.mark.parametrize("level", LEVELS)
def test_case_minimum_and_completeness_are_those_of_the_year(level: str) -> None:
    """72 of 100 are answered: enough in 2023 (70 %), not in 2024 (75 %). Nineteen are too few."""
    of_hundred = total("404", "", LEVELS[level], 60, 12, 28)
    for year, complete in ((2023, True), (2024, False)):
        [found] = rated(year, of_hundred)
        assert (found.rates.completeness_met, shown(found)) == (complete, "83.3333")
    for cases, enough in ((19, False), (20, True)):
        [found] = rated(2024, total("404", "", LEVELS[level], cases, 0, 0))
        assert found.rates.case_minimum_met is enough


def test_each_group_has_an_overall_rate_of_its_own() -> None:
    groups = [{"tin": None, "npi": None, "group_id": each} for each in (GROUP, OTHER_GROUP)]
    found = rated(
        2023,
        *(total("AQI73", ARM, group, 1, place, 0) for place, group in enumerate(groups)),
        *(total("AQI73", GROIN, group, 1, 0, 0) for group in groups),
    )
    overall = {e.total.group_id: shown(e) for e in found if e.total.stratum == "overall"}
    assert overall == {GROUP: "100.0000", OTHER_GROUP: "66.6667"}


def test_a_measure_that_is_not_computed_has_no_rate_at_any_level() -> None:
    """EPREOP31 is no proportion: its observations are not kept with a case."""
    for entity in LEVELS.values():
        assert rated(2024, total("EPREOP31", "", entity, 30, 0, 0)) == []
