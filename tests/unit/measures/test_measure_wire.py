"""The answers of the measure pages, as JSON."""

import json
from datetime import date

from app.domain.identifiers import Tin
from app.domain.populations import PopulationCounts
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.results.scored_totals import YearPoints, scored_totals
from app.measures.scoring.practice_size import PracticeSizes
from app.measures.service import described_measure, listed_measures
from app.measures.wire import MeasureResult
from app.storage.figures.count_queries import MeasureTotal

CATALOGUE = shipped_catalogue()


def year_of(year):
    found = CATALOGUE.for_year(year)
    assert found is not None
    return found


def measure_of(measure_id, year=2024):
    found = year_of(year).measure(measure_id)
    assert found is not None
    return found


def described(measure_id, year=2024):
    return described_measure(CATALOGUE, year, measure_id)


def a_result(measure, *, npi=None, **counts):
    total = MeasureTotal(
        measure_id=measure.measure_id,
        stratum="",
        tin=Tin("123456789"),
        npi=npi,
        counts=PopulationCounts(**counts),
    )
    points = YearPoints(
        year=year_of(measure.performance_year),
        sizes=PracticeSizes(employed={Tin("123456789"): 42}),
        day=date(2026, 11, 22),
    )
    (found,) = scored_totals([total], points)
    return json.loads(
        MeasureResult.of(
            found, "individual" if found.npi else "group", against=()
        ).model_dump_json()
    )


def test_a_result():
    result = a_result(
        measure_of("404"),
        performance_met=1760,
        performance_not_met=61,
        denominator_exception=12,
        unreported=9,
    )
    assert result == {
        "measure_id": "404",
        "stratum": None,
        "tin": "123456789",
        "npi": None,
        "subgroup_id": None,
        "virtual_group_id": None,
        "peers": None,
        "eligible_population": 1842,
        "performance_met": 1760,
        "performance_not_met": 61,
        "denominator_exception": 12,
        "denominator_exclusion": 0,
        "unreported": 9,
        "performance_rate": 96.65,
        "data_completeness": 99.51,
        "case_minimum_met": True,
        "completeness_met": True,
        "benchmark": {"decile": 10, "collection_type": "registry"},
        "points": 10.0,
        "points_basis": "benchmark",
        "practice_size": {"clinicians": 42, "small": False, "source": "roster"},
        "inverse": False,
        "submittable": {"value": True, "reasons": []},
    }


def test_points_have_four_decimals():
    result = a_result(measure_of("404"), performance_met=75, performance_not_met=25)
    assert result["points"] == 5.4457
    assert result["benchmark"] == {"decile": 5, "collection_type": "registry"}


def test_a_result_without_a_rate():
    result = a_result(measure_of("404"), denominator_exception=25, npi="1234567893")
    assert result["performance_rate"] is None
    assert result["benchmark"] is None
    assert result["points"] is None
    assert result["data_completeness"] == 100.0
    assert result["npi"] == "1234567893"


def test_the_measures_of_a_year():
    listed = json.loads(listed_measures(CATALOGUE, 2026).model_dump_json())
    assert listed["performance_year"] == 2026
    assert [item["id"] for item in listed["items"]] == [
        "404",
        "430",
        "463",
        "477",
        "ABG44",
        "AQI18",
        "AQI48",
        "AQI65",
        "AQI71",
    ]
    assert listed["next_cursor"] is None
    assert listed["items"][0]["type"] == "intermediate_outcome"
    assert listed["items"][3]["active_years"] == list(range(2020, 2027))


def test_a_measure_says_what_its_numbers_rest_on():
    detail = json.loads(described("424").model_dump_json())
    assert detail["aliases"] == ["PQRS424", "MIPS424", "QPP424", "QID424", "424"]
    assert detail["high_priority"] is True
    assert {listed["id"] for listed in detail["cpt_codes"]} == {
        "anes_cpt_424",
        "anes_cpt_spine_2022",
    }
    assert "00790" in detail["cpt_codes"][0]["codes"]
    assert any("Fahrenheit from 45" in line for line in detail["assumptions"])
    assert detail["benchmark"]["deciles"][1] == {"decile": 2, "bound": 98.41}
    meanings = {(code["code"], code["modifier"]): code["role"] for code in detail["codes"]}
    assert meanings["G9772", None] == "denominator_exception"
    assert meanings["4559F", "8P"] == "performance_not_met"
    reasons = {entry["reason"] for entry in detail["reasons"]}
    assert {"code:G9771", "temperature:35.5C-in-window", "no-answer"} <= reasons


def test_a_measure_with_drug_classes_shows_them():
    detail = described("463")
    inhaled, antiemetics = detail.drug_classes
    assert "sevoflurane" in inhaled.classes["volatile_agent"]
    assert antiemetics.classes["dexamethasone"] == ("dexamethasone",)
    assert {table.confidence for table in detail.drug_classes} == {"assumed"}


def test_a_code_shows_what_outweighs_it():
    detail = described("424")
    (care,) = (code for code in detail.codes if code.code == "G9654")
    assert care.overruled_by is None
    assert care.overruled_by_record is not None
    assert care.overruled_by_record.startswith("General or neuraxial anesthesia of 60 minutes")
    assert any(line.startswith("code:G9654: ") for line in detail.assumptions)


def test_an_exception_shows_that_a_measure_that_was_met_outweighs_it():
    against = {code.code: code.overruled_by_record for code in described("424").codes}
    assert against["G9772"] is not None
    assert against["G9772"].startswith("A recorded temperature of 35.5 C (95.9 F) or more")
    assert against["G9773"] is None, "not met is an answer of its own"
