"""Measure results over HTTP: smoking abstinence (404) in a practice of two TINs."""

from typing import Any

import pytest

from app.measures.catalogue.version import catalogue_version
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.registry import ADDRESS, PRACTICE, Caller, Registry, library
from tests.smokers import ABSTAINED, SMOKED, smoker

ASKED = {"practice_id": PRACTICE, "performance_year": 2024}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """24 smokers under one TIN: 15 abstained, 5 smoked, of 4 nobody knows. One under the other."""
    registry.register(PRACTICE, OTHER_TIN)
    practice = registry.practice()
    practice.send(
        a_case_file(
            *(smoker(f"M-{n:02}", ABSTAINED) for n in range(15)),
            *(smoker(f"N-{n}", SMOKED, staff=[(TIN, OTHER_NPI)]) for n in range(5)),
            *(smoker(f"U-{n}") for n in range(4)),
            smoker("O-1", ABSTAINED, staff=[(OTHER_TIN, NPI), (OTHER_TIN, OTHER_NPI)]),
            a_record("X-1"),  # does not smoke
            smoker("Y-1", ABSTAINED, start="2023-03-01T07:30:00", end="2023-03-01T08:30:00"),
            smoker("H-1", ABSTAINED, staff=[("897777777", NPI)]),  # held
        )
    )
    return practice


def results(caller: Caller, **asked: str) -> list[dict[str, Any]]:
    answer = caller.read("/v1/measures/results", **ASKED, measure_id="404", **asked)
    found: list[dict[str, Any]] = answer["results"]
    return found


def test_group_results_are_as_published(practice: Caller) -> None:
    answer = practice.read("/v1/measures/results", **ASKED, measure_id="404")
    assert answer.pop("as_of").endswith("Z")
    assert {name: answer[name] for name in answer if name != "results"} == {
        "practice_id": PRACTICE,
        "performance_year": 2024,
        "level": "group",
        "catalogue_version": catalogue_version(library().measures, 2024),
        "recomputing": False,
    }
    first, second = answer["results"]
    points = first.pop("points")
    benchmark = first.pop("benchmark")
    assert {name: first[name] for name in first if name in PUBLISHED} == {
        "measure_id": "404",
        "stratum": None,
        "tin": TIN,
        "npi": None,
        "eligible_population": 24,
        "performance_met": 15,
        "performance_not_met": 5,
        "denominator_exception": 0,
        "denominator_exclusion": 0,
        "unreported": 4,
        "performance_rate": 75.0,  # 15 of 20
        "data_completeness": 83.33,  # 20 of 24
        "case_minimum_met": True,
        "completeness_met": True,
        "inverse": False,
    }
    # Decile 5 of the 2024 registry benchmark reaches from 73.175 to 77.27.
    assert benchmark["decile"] == 5
    assert benchmark["collection_type"] == "registry"
    assert points == 5.4457
    assert (second["tin"], second["eligible_population"]) == (OTHER_TIN, 1)
    assert (second["performance_rate"], second["case_minimum_met"]) == (100.0, False)


PUBLISHED = frozenset(
    [
        "measure_id",
        "stratum",
        "tin",
        "npi",
        "eligible_population",
        "performance_met",
        "performance_not_met",
        "denominator_exception",
        "denominator_exclusion",
        "unreported",
        "performance_rate",
        "data_completeness",
        "case_minimum_met",
        "completeness_met",
        "inverse",
    ]
)


def test_individual_results_are_by_tin_and_npi(practice: Caller) -> None:
    found = {
        (each["tin"], each["npi"]): (
            each["eligible_population"],
            each["performance_met"],
            each["performance_not_met"],
            each["unreported"],
        )
        for each in results(practice, level="individual")
    }
    assert found == {
        (TIN, NPI): (19, 15, 0, 4),
        (TIN, OTHER_NPI): (5, 0, 5, 0),
        (OTHER_TIN, NPI): (1, 1, 0, 0),
        (OTHER_TIN, OTHER_NPI): (1, 1, 0, 0),
    }


def test_results_can_be_asked_for_one_tin_and_one_clinician(practice: Caller) -> None:
    assert [each["tin"] for each in results(practice, tin=OTHER_TIN)] == [OTHER_TIN]
    (own,) = results(practice, level="individual", tin=TIN, npi=OTHER_NPI)
    assert (own["eligible_population"], own["performance_rate"]) == (5, 0.0)


def test_one_clinician_has_no_results_of_a_group(practice: Caller) -> None:
    for level in ({}, {"level": "group"}):
        answer = practice.get("/v1/measures/results", **ASKED, npi=NPI, **level)
        assert answer.status_code == 422
        assert answer.json()["type"] == f"{ADDRESS}/docs/problems/invalid-request"
        assert "level=individual" in answer.json()["detail"]


def test_every_number_can_be_listed_to_its_cases(practice: Caller) -> None:
    path = "/v1/measures/results/cases"
    for result in results(practice):
        for population in (
            "performance_met",
            "performance_not_met",
            "denominator_exception",
            "denominator_exclusion",
            "unreported",
        ):
            asked = {**ASKED, "measure_id": "404", "tin": result["tin"], "performance": population}
            behind = [case for page in practice.pages(path, **asked, limit=4) for case in page]
            assert len(behind) == result[population]
            assert len({case["case_id"] for case in behind}) == len(behind)
            assert {case["performance"] for case in behind} <= {population}


def test_a_case_behind_a_number_says_why_it_is_there(practice: Caller) -> None:
    asked = {**ASKED, "measure_id": "404", "performance": "performance_not_met"}
    behind = practice.read("/v1/measures/results/cases", **asked)["items"]
    assert [case["anesthesia_record_id"] for case in behind] == [f"N-{n}" for n in range(5)]
    measure = practice.read("/v1/measures/404", performance_year=2024)
    meanings = {entry["reason"] for entry in measure["reasons"]}
    for case in behind:
        assert case["reason"] in meanings
        assert (case["measure_id"], case["stratum"]) == ("404", None)
        assert case["date_of_service"] == "2024-03-01"
        shown = practice.read(f"/v1/cases/{case['case_id']}")["measures"]
        (there,) = (each for each in shown if each["measure_id"] == "404")
        assert (there["population"], there["reason"]) == ("performance_not_met", case["reason"])


def test_all_cases_of_a_measure_come_in_pages(practice: Caller) -> None:
    asked = {**ASKED, "measure_id": "404"}
    pages = practice.pages("/v1/measures/results/cases", **asked, limit=10)
    assert [len(page) for page in pages] == [10, 10, 5]


def test_results_follow_what_happens_to_the_cases(registry: Registry, practice: Caller) -> None:
    practice.send(a_case_file(smoker("N-0", ABSTAINED, staff=[(TIN, OTHER_NPI)])))
    assert results(practice, tin=TIN)[0]["performance_rate"] == 80.0  # 16 of 20
    asked = {**ASKED, "measure_id": "404", "performance": "performance_not_met"}
    for case in practice.read("/v1/measures/results/cases", **asked)["items"]:
        practice.delete(f"/v1/cases/{case['case_id']}", reason="wrong patient")
    assert results(practice, tin=TIN)[0]["performance_rate"] == 100.0
    registry.register(PRACTICE, "897777777")
    assert [each["tin"] for each in results(practice)] == [TIN, OTHER_TIN, "897777777"]


def test_a_year_without_cases_has_no_results(practice: Caller) -> None:
    answer = practice.read("/v1/measures/results", practice_id=PRACTICE, performance_year=2025)
    assert answer["results"] == []


def test_the_catalogue_lists_the_measures_of_a_year(registry: Registry) -> None:
    anyone = registry.anyone()
    listed = anyone.read("/v1/measures", performance_year=2024)
    ids = [measure["id"] for measure in listed["items"]]
    assert ids[:5] == ["404", "424", "430", "463", "477"]
    assert "AQI48" in ids
    for measure_id in ids:
        measure = anyone.read(f"/v1/measures/{measure_id}", performance_year=2024)
        assert (measure["id"], measure["performance_year"]) == (measure_id, 2024)


def test_measures_without_results_are_listed_apart_and_say_why(registry: Registry) -> None:
    listed = registry.anyone().read("/v1/measures", performance_year=2024)
    assert all(measure["computed"] for measure in listed["items"])
    others = {measure["id"]: measure for measure in listed["without_results"]}
    assert not any(measure["computed"] for measure in others.values())
    assert not others.keys() & {"404", "076", "226", "130"}, (
        "computed, retired, of other specialties"
    )
    assert others["AQI49"]["why_not"] == "codes_not_public"
    assert others["EPREOP31"]["why_not"] == "rules_not_known"
    assert "blood pressures" in others["EPREOP31"]["remark"]
    assert others["ASC-13"]["why_not"] == "not_in_mips"


@pytest.mark.parametrize(
    ("path", "year"),
    [("/v1/measures/999", 2024), ("/v1/measures/404", 2005), ("/v1/measures", 2005)],
)
def test_what_no_year_has_is_unknown(registry: Registry, path: str, year: int) -> None:
    answer = registry.anyone().get(path, performance_year=year)
    assert answer.status_code == 404
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/measure-unknown"


def test_a_year_whose_rules_are_not_known_is_listed_and_has_no_results(practice: Caller) -> None:
    of_2017 = {"practice_id": "12345", "performance_year": 2017}
    listed = practice.read("/v1/measures", performance_year=2017)
    assert listed["items"] == []
    why = {each["id"]: each["why_not"] for each in listed["without_results"]}
    assert (why["404"], why["AQI28"]) == ("year_not_computed", "codes_not_public")
    for path in ("/v1/measures/results", "/v1/measures/scores"):
        answer = practice.get(path, **of_2017)
        assert answer.status_code == 404
        assert "its rules are not known here" in answer.json()["detail"]


def test_results_of_an_unknown_measure_are_a_problem(practice: Caller) -> None:
    for path in ("/v1/measures/results", "/v1/measures/results/cases"):
        answer = practice.get(path, **ASKED, measure_id="999")
        assert answer.status_code == 404
        assert answer.json()["type"] == f"{ADDRESS}/docs/problems/measure-unknown"
