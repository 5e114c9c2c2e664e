"""Why a case landed where it did, over HTTP."""

from typing import Any

import pytest

from tests.case_files import a_case_file, a_record
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.smokers import SMOKED, smoker

COLD = """<IntraOp><MonitoringPhysiologicSet><Monitoring>
    <MonitoringName>Temperature</MonitoringName>
    <MonitoringTime>2024-03-01T09:25:00</MonitoringTime>
    <MonitoringUnits>C</MonitoringUnits>
    <MonitoringValueNumeric>34.87</MonitoringValueNumeric>
</Monitoring></MonitoringPhysiologicSet></IntraOp>"""


def only_case(caller: Caller) -> str:
    [case] = caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    found: str = case["case_id"]
    return found


def explained(caller: Caller, case_id: str, **asked: str) -> dict[str, dict[str, Any]]:
    answer = caller.read(f"/v1/cases/{case_id}/measures", **asked)
    assert answer["case_id"] == case_id
    return {each["measure_id"]: each for each in answer["measures"]}


def test_every_measure_says_where_a_case_is_and_what_decided(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(smoker("M-1", SMOKED)))
    case_id = only_case(practice)
    found = explained(practice, case_id)
    assert found["404"]["population"] == "performance_not_met"
    last = found["404"]["steps"][-1]
    assert (last["stage"], last["code"], last["decided"]) == ("reported_code", SMOKED, True)
    assert found["463"]["population"] == "not_eligible"
    [age] = [step for step in found["463"]["steps"] if step["decided"]]
    assert (age["rule"]["elements"], age["rule"]["holds"]) == (["Age"], False)
    assert age["rule"]["asked"] == {"min_years": 3, "max_years": 17}
    stored = {
        each["measure_id"]: (each["population"], each["reason"])
        for each in practice.read(f"/v1/cases/{case_id}")["measures"]
        if each["stratum"] == ""
    }
    inside = {
        measure_id: (each["population"], each["reason"])
        for measure_id, each in found.items()
        if each["stratum"] is None and each["population"] != "not_eligible"
    }
    assert stored == inside, "the figures rest on the same places"


def test_a_code_that_the_record_contradicts_is_told_at_intake(registry: Registry) -> None:
    vendor, practice = registry.vendor(), registry.practice()
    warm = a_record("W-1", quality=[("PQRS424", "4255F"), ("PQRS424", "G9771")])
    receipt = vendor.send(a_case_file(warm.replace("<IntraOp/>", COLD)))
    assert receipt["status"] == "accepted"
    report = vendor.read(receipt["links"]["report"])
    [finding] = [each for each in report["findings"] if each["code"] == "AR357"]
    assert finding["severity"] == "warning"
    assert finding["path"].endswith("/OutcomesEvents/QCDRSet/QCDR[2]")
    assert finding["line"] > 0
    assert "34.87" not in str(report)
    assert finding["help"].endswith("/docs/findings/AR357")
    assert registry.anyone().get("/docs/findings/AR357").status_code == 200
    found = explained(practice, only_case(practice), measure_id="424")["424"]
    assert (found["population"], found["precedence"]) == ("performance_met", "reported")
    assert "34.87" not in str(found)


def test_a_look_stands_in_the_trail(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    case_id = only_case(practice)
    explained(practice, case_id)
    newest = practice.read("/v1/audit", practice_id=PRACTICE)["items"]
    looks = [each for each in newest if each["action"] == "case.measures_read"]
    assert [each["about_id"] for each in looks] == [case_id]


@pytest.mark.parametrize("measure_id", ["999", "424"])
def test_a_case_of_others_is_unknown(registry: Registry, measure_id: str) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    path = f"/v1/cases/{only_case(practice)}/measures"
    stranger = registry.practice("23456")
    assert problem(stranger.get(path, measure_id=measure_id), 404) == "case-unknown"
    assert problem(registry.vendor().get(path), 403) == "not-permitted"


def test_a_measure_that_the_year_does_not_have_is_unknown(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    path = f"/v1/cases/{only_case(practice)}/measures"
    assert problem(practice.get(path, measure_id="999"), 404) == "measure-unknown"


def test_codes_that_qcdr_set_refuses_count_from_other_elements(registry: Registry) -> None:
    """M codes stand among the CPT codes, registry codes among the diagnoses."""
    vendor, practice = registry.vendor(), registry.practice()
    refused = vendor.validate(
        a_case_file(*(a_record(code, quality=[("PQRS477", code)]) for code in ("M1142", "10A12")))
    )
    assert [each["code"] for each in refused["findings"] if each["severity"] == "error"] == [
        "AR206",
        "AR206",
    ]
    survey = "".join(
        f"<ICD><ICDValue>{code}</ICDValue><ICDVersion>10</ICDVersion></ICD>"
        for code in ("10A12", "10A72", "10A70")
    )
    emergent = a_record("E-1", anesthesia_codes=["01402"], procedure_codes=["27447", "M1142"])
    asked = emergent.replace("</ASAClass>", f"</ASAClass><ICDSet>{survey}</ICDSet>")
    assert vendor.send(a_case_file(asked))["status"] == "accepted"
    answer = practice.read(f"/v1/cases/{only_case(practice)}/measures")
    landed = {
        (each["measure_id"], each["stratum"]): (each["population"], each["reason"])
        for each in answer["measures"]
    }
    assert landed["477", None] == ("denominator_exclusion", "code:M1142")
    assert landed["AQI48", "surveyed"] == ("performance_met", "code:10A12")
    assert landed["AQI48", "overall"] == ("performance_met", "code:10A70")
