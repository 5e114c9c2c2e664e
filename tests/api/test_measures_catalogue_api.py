"""The catalogue of measures over HTTP, and the results of a measure with several rates."""

from typing import Any

import pytest

from tests.case_files import TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import ADDRESS, PRACTICE, Caller, Registry

ARTERIAL_LINES = {"practice_id": PRACTICE, "performance_year": 2023, "measure_id": "AQI73"}


def measure(registry: Registry, measure_id: str, year: int) -> Any:
    return registry.anyone().read(f"/v1/measures/{measure_id}", performance_year=year)


def test_a_measure_is_shown_as_it_stands_in_the_year(registry: Registry) -> None:
    survey = measure(registry, "AQI48", 2024)
    assert survey["aliases"] == ["AQI48", "AQI48a", "AQI48b"]
    assert (survey["type"], survey["outcome"]) == ("patient_reported_outcome", True)
    assert (survey["metric_type"], survey["strata"]) == (
        "multi_performance_rate",
        ["surveyed", "overall"],
    )
    assert survey["overall_algorithm"] == "overall_stratum_only"
    assert survey["collection_types"] == ["registry"]
    assert (survey["anesthesiology_set"], survey["mvps"]) == (False, ["G0059"])
    assert survey["benchmark"]["deciles"][0] == {"decile": 1, "bound": 88.18}
    assert measure(registry, "AQI48", 2019)["type"] == "outcome"


def test_what_is_assumed_is_marked_so(registry: Registry) -> None:
    bypass = measure(registry, "AQI18", 2024)
    assert bypass["inverse"]
    assert bypass["benchmark"] is None
    assert any("outcome stands for G8569" in line for line in bypass["assumptions"])
    assumed = {rule["reason"]: rule["assumed"] for rule in bypass["rules"]}
    assert assumed["outcome:ventilated-over-24h"] == "The outcome stands for G8569"
    assert assumed["not-eligible:age"] is None


def test_the_rules_of_each_rate_stand_apart(registry: Registry) -> None:
    lines = measure(registry, "AQI73", 2023)
    asked = [(rule["part"], rule["reason"]) for rule in lines["rules"]]
    assert asked == [
        (None, "not-eligible:cpt"),
        ("a", "not-eligible:site"),
        ("b", "not-eligible:site"),
    ]
    assert lines["rules"][1]["rule"] == {"kind": "reported", "codes": ["11A71"]}
    rates = {rate["stratum"]: rate["part"] for rate in lines["rates"]}
    assert rates == {"brachialRadialTibial": "a", "femoralAxillary": "b", "overall": None}


def test_a_measure_collected_by_claims_too_shows_both_benchmarks(registry: Registry) -> None:
    line = measure(registry, "076", 2022)
    assert line["collection_types"] == ["claims", "registry"]
    assert [each["collection_type"] for each in line["benchmarks"]] == ["registry", "claims"]
    assert line["benchmark"] == line["benchmarks"][0]


@pytest.mark.parametrize(
    ("measure_id", "year", "why_not"),
    [
        ("AQI49", 2024, "codes_not_public"),
        ("EPREOP31", 2024, "rules_not_known"),
        ("487", 2024, "rules_not_known"),
        ("AQI71", 2021, "rules_not_known"),
        ("ASC-1", 2025, "not_in_mips"),
        ("424", 2017, "year_not_computed"),
    ],
)
def test_a_measure_without_results_says_why(
    registry: Registry, measure_id: str, year: int, why_not: str
) -> None:
    shown = measure(registry, measure_id, year)
    assert (shown["computed"], shown["why_not"]) == (False, why_not)
    assert shown["rules"] == []


def test_known_codes_are_shown_without_results_too(registry: Registry) -> None:
    burn = measure(registry, "ASC-1", 2025)
    assert {code["code"] for code in burn["codes"]} == {"G8907", "G8908", "G8909"}


def test_a_year_before_the_first_computed_one_is_listed(registry: Registry) -> None:
    listed = registry.anyone().read("/v1/measures", performance_year=2017)
    assert listed["items"] == []
    assert {"130", "317", "424", "AQI31"} <= {each["id"] for each in listed["without_results"]}


@pytest.mark.parametrize(("measure_id", "year"), [("424", 2026), ("PQRS193", 2024), ("424", 2040)])
def test_a_measure_that_is_not_active_is_unknown(
    registry: Registry, measure_id: str, year: int
) -> None:
    answer = registry.anyone().get(f"/v1/measures/{measure_id}", performance_year=year)
    assert answer.status_code == 404
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/measure-unknown"


def test_what_changed_between_two_years(registry: Registry) -> None:
    anyone = registry.anyone()
    changes = anyone.read("/v1/measures/changes", since=2023, until=2024)
    assert (changes["since"], changes["until"]) == (2023, 2024)
    assert changes["items"][0] == {
        "measure_id": None,
        "title": None,
        "kind": "completeness",
        "detail": None,
        "before": "70",
        "after": "75",
        "message": "Completeness asked for, in percent: 70 → 75",
    }
    gone = {each["measure_id"] for each in changes["items"] if each["kind"] == "measure_gone"}
    assert gone == {
        "ABG40",
        "ABG41",
        "ABG43",
        "AQI56",
        "AQI68",
        "AQI69",
        "AQI73",
        "MEDNAX54",
        "MEDNAX56",
    }
    answer = anyone.get("/v1/measures/changes", since=2016, until=2024)
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/measure-unknown"


def arterial_line(record_id: str, *codes: str) -> str:
    """Registry codes stand among the diagnoses: QCDRCodeValue has no room for them."""
    record = a_record(
        record_id,
        start="2023-03-01T07:30:00",
        end="2023-03-01T08:30:00",
        procedure_codes=["36620"],
    )
    diagnoses = "".join(
        f"<ICD><ICDValue>{code}</ICDValue><ICDVersion>10</ICDVersion></ICD>" for code in codes
    )
    return record.replace("</PreOp>", f"<ICDSet>{diagnoses}</ICDSet></PreOp>")


def results_of_arterial_lines(practice: Caller) -> dict[str, Any]:
    """Eight of ten arm lines and one of two groin lines: 9 of 12 over the cases of both."""
    practice.send(
        a_case_file(
            *(arterial_line(f"A-{n}", "11A71", "11A74") for n in range(8)),
            *(arterial_line(f"B-{n}", "11A71", "11A76") for n in range(2)),
            arterial_line("C-1", "11A72", "11A77"),
            arterial_line("D-1", "11A72", "11A79"),
        )
    )
    answer = practice.read("/v1/measures/results", **ARTERIAL_LINES)
    return {each["stratum"]: each for each in answer["results"]}


def test_each_rate_of_a_measure_can_be_listed_to_its_cases(registry: Registry) -> None:
    practice, path = registry.practice(), "/v1/measures/results/cases"
    for stratum, result in results_of_arterial_lines(practice).items():
        asked = {**ARTERIAL_LINES, "stratum": stratum}
        behind = practice.read(path, **asked, performance="performance_met")["items"]
        assert len(behind) == result["performance_met"], stratum
        assert len(practice.read(path, **asked)["items"]) == result["eligible_population"]
    unknown = practice.get(path, **ARTERIAL_LINES, stratum="radial")
    assert problem(unknown, 422) == "invalid-request"


def test_the_overall_rate_is_worked_out_from_the_parts(registry: Registry) -> None:
    found = results_of_arterial_lines(registry.practice())
    assert {name: each["performance_rate"] for name, each in found.items()} == {
        "brachialRadialTibial": 80.0,
        "femoralAxillary": 50.0,
        "overall": 75.0,
    }
    assert found["overall"]["tin"] == TIN
    assert found["overall"]["eligible_population"] == 12
    assert found["overall"]["points"] == 0.0  # under 20 cases, in a large practice
    assert found["femoralAxillary"]["points"] is None
