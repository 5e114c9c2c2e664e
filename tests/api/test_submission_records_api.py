"""GET /v1/submissions/{id}/records: what became of each record, in pages or as lines."""

import json
from typing import Any

import pytest

from app.intake import processing, record_lines
from tests.case_files import NPI, OTHER_TIN, a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry

NDJSON = "application/x-ndjson"
MIXED = a_case_file(
    a_record("A-1"),
    a_record("A-2", sex="female", age="x"),
    a_record("A-3", staff=[(OTHER_TIN, NPI)]),
    a_record("A-4", sex="x"),
    a_record("A-1", age="50"),
)
FOUND = [[], ["AR201", "AR207"], ["AR401"], ["AR201"], ["AR302"]]


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.vendor()


def lines(caller: Caller, receipt: Any, **asked: Any) -> list[Any]:
    answer = caller.get(receipt["links"]["records"], format="ndjson", **asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == NDJSON
    return [json.loads(line) for line in answer.content.splitlines()]


def paged(caller: Caller, receipt: Any, **asked: Any) -> list[Any]:
    pages = caller.pages(receipt["links"]["records"], limit=2, **asked)
    return [record for page in pages for record in page]


def test_each_record_has_a_line(vendor: Caller) -> None:
    receipt = vendor.send(MIXED)
    told = lines(vendor, receipt)
    assert [each["number"] for each in told] == [1, 2, 3, 4, 5]
    assert [each["outcome"] for each in told] == [
        "created",
        "rejected",
        "held",
        "rejected",
        "rejected",
    ]
    begin = MIXED.rindex(b"<AnesthesiaRecord>", 0, MIXED.index(b"A-2"))
    assert told[1] == {
        "number": 2,
        "line": MIXED.count(b"\n", 0, begin) + 1,
        "anesthesia_record_id": "A-2",
        "outcome": "rejected",
        "case_id": None,
        "finding_codes": ["AR201", "AR207"],
    }


def test_lines_tell_the_same_as_pages(vendor: Caller) -> None:
    receipt = vendor.send(MIXED)
    assert lines(vendor, receipt) == paged(vendor, receipt)


def test_an_accept_header_asks_for_lines_too(vendor: Caller) -> None:
    receipt = vendor.send(MIXED)
    answer = vendor.ask("GET", receipt["links"]["records"], headers={"Accept": NDJSON})
    assert answer.headers["Content-Type"] == NDJSON
    assert [json.loads(line) for line in answer.text.splitlines()] == lines(vendor, receipt)


def test_lines_of_many_batches_are_whole(vendor: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = vendor.send(MIXED)
    told = lines(vendor, receipt)
    for size in (1, 2, 5):  # a last batch that is full, and one that is not
        monkeypatch.setattr(record_lines, "_BATCH", size)
        assert lines(vendor, receipt) == told


@pytest.mark.parametrize("read", [lines, paged])
def test_the_records_of_one_outcome_can_be_asked_for(vendor: Caller, read: Any) -> None:
    receipt = vendor.send(MIXED)
    assert [each["number"] for each in read(vendor, receipt, outcome="rejected")] == [2, 4, 5]
    assert [each["number"] for each in read(vendor, receipt, outcome="held")] == [3]
    assert read(vendor, receipt, outcome="replaced") == []
    answer = vendor.get(receipt["links"]["records"], outcome="lost")
    assert answer.status_code == 422


@pytest.mark.parametrize("read", [lines, paged])
def test_each_record_is_told_with_what_was_found_in_it(vendor: Caller, read: Any) -> None:
    receipt = vendor.send(MIXED)
    assert [each["finding_codes"] for each in read(vendor, receipt)] == FOUND


def test_what_is_wrong_with_the_file_belongs_to_no_record(vendor: Caller) -> None:
    receipt = vendor.send(a_case_file(practice_id="23456"))
    (told,) = lines(vendor, receipt)
    assert (told["outcome"], told["finding_codes"]) == ("rejected", [])


def test_behind_the_findings_that_are_kept_it_is_not_known_what_was_found(
    vendor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "MAX_STORED_FINDINGS", 2)
    faulty = [a_record("A-1", sex="x"), a_record("A-2", sex="x", age="x"), a_record("A-3", sex="x")]
    receipt = vendor.send(a_case_file(*faulty, a_record("A-4")))
    told = {each["anesthesia_record_id"]: each["finding_codes"] for each in lines(vendor, receipt)}
    assert told == {"A-1": ["AR201"], "A-2": None, "A-3": None, "A-4": None}


def test_accepted_findings_are_among_the_codes(registry: Registry) -> None:
    practice = registry.practice()
    accepted = practice.ask(
        "POST",
        f"/v1/practices/{PRACTICE}/accepted-findings",
        json={"code": "AR401", "reason": "Our new site is not enrolled yet."},
    )
    assert accepted.status_code == 201
    receipt = practice.send(MIXED)
    assert receipt["findings"]["accepted"] == 1
    assert [each["finding_codes"] for each in lines(practice, receipt)] == FOUND
