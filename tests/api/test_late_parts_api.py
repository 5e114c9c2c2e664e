"""Outcomes and quality codes that are known only after a case was sent."""

from typing import Any

import pytest

from tests.case_files import a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry

SMOKER = [("PQRS404", code) for code in ("G9642", "G9643", "G9497")]
ABSTAINED = [*SMOKER, ("PQRS404", "G9644")]
CODES_ONLY = """
  <AnesthesiaRecord>
    <AnesthesiaCase><AnesthesiaRecordID>{record_id}</AnesthesiaRecordID></AnesthesiaCase>
    <OutcomesEvents>
      <QCDRSet>
        <QCDR><QCDRMeasure>PQRS404</QCDRMeasure><QCDRCodeValue>G9644</QCDRCodeValue></QCDR>
      </QCDRSet>
    </OutcomesEvents>
  </AnesthesiaRecord>
"""


@pytest.fixture
def practice(registry: Registry) -> Caller:
    return registry.practice()


def smoking_abstinence(caller: Caller) -> tuple[int, int, int]:
    """Who is eligible for measure 404, abstained, and is not reported."""
    asked = {"practice_id": PRACTICE, "performance_year": 2024, "measure_id": "404"}
    results: list[dict[str, Any]] = caller.read("/v1/measures/results", **asked)["results"]
    (group,) = results
    return group["eligible_population"], group["performance_met"], group["unreported"]


def test_a_late_outcome_comes_with_its_whole_record_and_replaces_the_case(
    practice: Caller,
) -> None:
    practice.send(a_case_file(a_record("A-1", quality=SMOKER)))
    assert smoking_abstinence(practice) == (1, 0, 1)

    receipt = practice.send(a_case_file(a_record("A-1", quality=ABSTAINED)))
    assert (receipt["status"], receipt["records"]["replaced"]) == ("accepted", 1)
    assert smoking_abstinence(practice) == (1, 1, 0)
    assert practice.count() == 1
    (case,) = practice.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert len(practice.read(f"/v1/cases/{case['case_id']}/history")["items"]) == 2


@pytest.mark.parametrize("record_id", ["A-1", "B-7"], ids=["of a known case", "of an unknown one"])
def test_codes_alone_are_one_finding_and_change_nothing(practice: Caller, record_id: str) -> None:
    practice.send(a_case_file(a_record("A-1", quality=SMOKER)))
    before = practice.read("/v1/cases", practice_id=PRACTICE)

    receipt = practice.send(a_case_file(CODES_ONLY.format(record_id=record_id)))
    assert (receipt["status"], receipt["records"]["rejected"]) == ("rejected", 1)
    (finding,) = practice.read(receipt["links"]["report"])["findings"]
    assert (finding["code"], finding["anesthesia_record_id"]) == ("AR216", record_id)
    assert "Send the whole record again" in finding["message"]
    assert smoking_abstinence(practice) == (1, 0, 1)
    assert practice.read("/v1/cases", practice_id=PRACTICE) == before


def test_codes_alone_keep_no_other_record_out(practice: Caller) -> None:
    receipt = practice.send(a_case_file(CODES_ONLY.format(record_id="A-1"), a_record("A-2")))
    assert receipt["status"] == "partially_accepted"
    assert practice.count() == 1
    records = practice.read(receipt["links"]["records"], outcome="rejected")["items"]
    assert [each["finding_codes"] for each in records] == [["AR216"]]


def test_a_validation_tells_the_same(practice: Caller) -> None:
    report = practice.validate(a_case_file(CODES_ONLY.format(record_id="A-1")))
    assert [each["code"] for each in report["findings"]] == ["AR216"]
    assert report["records"] == {"total": 1, "valid": 0, "invalid": 1}
