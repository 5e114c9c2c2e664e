"""All measures of a year at once, and what a reason may say."""

import re

import pytest
from hypothesis import given

from app.domain.populations import Population
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.evaluation.engine import NO_ANSWER, outcome_for, outcomes_for
from tests.factories import (
    GENERAL,
    INHALATIONAL,
    a_case,
    a_method,
    a_temperature,
    reported,
)
from tests.unit.measures.drawn_cases import cases

CATALOGUE = shipped_catalogue()


def landings(case):
    year = CATALOGUE.for_year(case.performance_year)
    assert year is not None
    return {o.measure_id: o.population for o in outcomes_for(case, year)}


def test_a_knee_replacement_in_a_smoker():
    case = a_case(
        anesthesia=("01402",),
        surgery=("27447",),
        diagnoses=("F17.210",),
        methods=[a_method(GENERAL, subcategory=INHALATIONAL)],
        temperatures=[a_temperature("36.2")],
        medications=("ondansetron", "dexamethasone"),
        quality=reported("MIPS404", "G9497", "G9645")
        + reported("MIPS430", "4556F")
        + reported("MIPS477", "G2148"),
    )
    assert landings(case) == {
        "404": Population.PERFORMANCE_NOT_MET,
        "424": Population.PERFORMANCE_MET,
        "430": Population.PERFORMANCE_MET,
        "477": Population.PERFORMANCE_MET,
        "AQI48": Population.UNREPORTED,
    }


def test_a_case_outside_every_denominator_has_no_outcome():
    assert landings(a_case(anesthesia=(), surgery=("99213",))) == {}


@pytest.mark.parametrize(
    ("year", "measure_id", "active"),
    [
        (2019, "477", False),
        (2020, "477", True),
        (2025, "424", True),
        (2026, "424", False),
        (2019, "463", True),
    ],
)
def test_a_measure_counts_only_in_its_years(year, measure_id, active):
    child = a_case(
        year=year,
        age=8,
        quality=reported("MIPS463", "4554F", "G9954", "G9956"),
        temperatures=[a_temperature("36.2")],
    )
    adult = a_case(year=year, temperatures=[a_temperature("36.2")])
    assert (measure_id in landings(child) | landings(adult)) is active


def test_a_code_that_names_no_measure_counts_for_all_that_know_it():
    teenager = a_case(age=17, surgery=("4554F", "4556F", "G9954", "G9956"))
    adult = a_case(age=18, surgery=("4554F", "4556F", "G9954", "G9775"))
    assert landings(teenager)["463"] is Population.PERFORMANCE_MET
    assert landings(adult)["430"] is Population.PERFORMANCE_MET


def test_the_order_of_entries_does_not_matter():
    entries = reported("MIPS424", "G9773", "4255F", "G9772")
    assert landings(a_case(quality=entries)) == landings(a_case(quality=entries[::-1]))


def test_outcome_for_one_measure_says_also_that_a_case_is_not_eligible():
    year = CATALOGUE.for_year(2024)
    assert year is not None
    outcomes = {
        m.measure_id: outcome_for(m, a_case()) for m in year.measures if not m.definition.rates
    }
    assert outcomes["463"].population is Population.NOT_ELIGIBLE
    assert outcomes["463"].reason == "not-eligible:age"
    assert outcomes["477"].reason == NO_ANSWER


@given(case=cases)
def test_every_case_lands_once_in_each_measure_for_a_published_reason(case):
    year = CATALOGUE.for_year(case.performance_year)
    assert year is not None
    rates = [(m, stratum) for m in year.measures for stratum in m.definition.strata]
    singly = [outcome_for(measure, case, stratum) for measure, stratum in rates]
    together = outcomes_for(case, year)
    assert together == [o for o in singly if o.population is not Population.NOT_ELIGIBLE]
    for (measure, stratum), outcome in zip(rates, singly, strict=True):
        assert (outcome.measure_id, outcome.stratum) == (measure.measure_id, stratum)
        assert outcome.reason in published_reasons(measure.definition)


def published_reasons(definition):
    of_codes = {code.reason for code in definition.codes}
    of_rules = {criterion.reason for criterion in definition.all_criteria}
    return of_codes | of_rules | {NO_ANSWER}


def test_reasons_are_short_and_look_alike():
    for year in CATALOGUE.years:
        for measure in year.measures:
            for reason in published_reasons(measure.definition) - {NO_ANSWER}:
                assert re.fullmatch(r"[a-z-]+:[A-Za-z0-9.-]{2,40}", reason)
