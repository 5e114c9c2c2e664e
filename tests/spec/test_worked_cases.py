"""Worked cases: records as vendors send them, and where each lands by the specifications.

They stand in data/worked-cases.toml, which may be read without any code. Each was written from the
specification of its measure before the engine was asked.
"""

import tomllib
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.domain.asc import Landing
from app.domain.cases import AnesthesiaCase
from app.domain.populations import Population
from app.measures.asc.deciding import asc_outcomes_for
from app.measures.catalogue.catalogue import YearCatalogue
from app.measures.evaluation.engine import outcomes_for
from tests.case_files import a_case_file
from tests.registry import library
from tests.worked_records import a_worked_record

_TABLE = Path(__file__).parents[1] / "data/worked-cases.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["case"]
NOT_ACTIVE = "not_active"
OUTSIDE = {Population.NOT_ELIGIBLE.value, Landing.NOT_IN_DENOMINATOR.value}


@cache
def sent() -> dict[str, AnesthesiaCase]:
    """The cases of one case file with every row, as the service takes them in."""
    parts = [a_worked_record(row, f"W-{n}") for n, row in enumerate(ROWS)]
    expectation = Expectation(day=date(2027, 1, 20))
    checked = check_case_file(BytesIO(a_case_file(*parts)), library().standards, expectation)
    records = [each for each in checked if isinstance(each, CheckedRecord)]
    return {each.case.anesthesia_record_id: each.case for each in records if each.case is not None}


def year_of(case: AnesthesiaCase) -> YearCatalogue:
    year = library().measures.for_year(case.performance_year)
    assert year is not None
    return year


def places_of(case: AnesthesiaCase) -> dict[str, str]:
    """Where a case lands, by measure, or by measure and stratum."""
    mips = {
        f"{found.measure_id} {found.stratum}".strip(): found.population.value
        for found in outcomes_for(case, year_of(case))
    }
    centers = {found.measure_id: found.landing.value for found in asc_outcomes_for(case)}
    return mips | centers


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row["why"] for row in ROWS])
def test_where_a_worked_case_lands(number: int) -> None:
    case = sent()[f"W-{number}"]
    landed = places_of(case)
    for measure, expected in ROWS[number]["lands"].items():
        if expected == NOT_ACTIVE:
            assert year_of(case).measure(measure) is None
        elif expected in OUTSIDE:
            assert measure not in landed
        else:
            assert landed[measure] == expected


def test_the_table_has_every_place_of_a_case_in_a_measure() -> None:
    told = {place for row in ROWS for place in row["lands"].values()}
    assert {population.value for population in Population} <= told
