"""POST /v1/submissions and what hangs on a submission: receipt, report, records, file."""

import gzip
import hashlib
from dataclasses import replace
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any
from uuid import UUID

import pytest
import zstandard
from sqlalchemy import URL

from app.storage.database import create_database_engine
from app.storage.unit_of_work import UnitOfWork
from app.synthetic.generate import GenerationPlan, generate_case_file
from tests.case_files import OTHER_TIN, a_case_file, a_record, records
from tests.databases import text_of
from tests.registry import ADDRESS, OTHER_PRACTICE, PRACTICE, XML, Caller, Registry
from tests.waiting import wait_for
from tests.workers import recover, working

TWO_GOOD_ONE_BAD = a_case_file(a_record("A-1"), a_record("A-2", sex="female"), a_record("A-3"))


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.vendor()


def outcomes(caller: Caller, receipt: dict[str, Any]) -> list[str]:
    return [record["outcome"] for record in caller.read(receipt["links"]["records"])["items"]]


def codes(caller: Caller, receipt: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in caller.read(receipt["links"]["report"])["findings"]]


def test_a_receipt_says_what_became_of_the_file(vendor: Caller) -> None:
    answer = vendor.submit(
        TWO_GOOD_ONE_BAD, headers={"Content-Disposition": 'attachment; filename="march.xml"'}
    )
    assert answer.status_code == 201
    receipt = answer.json()
    here = f"{ADDRESS}/v1/submissions/{receipt['id']}"
    assert answer.headers["Location"] == here
    assert UUID(receipt["id"]).version == 7
    received, finished = (
        datetime.fromisoformat(receipt.pop(time)) for time in ("received_at", "finished_at")
    )
    assert received <= finished
    assert receipt == {
        "id": receipt["id"],
        "purged_at": None,
        "practice_id": "12345",
        "status": "partially_accepted",
        "sandbox": False,
        "schema_version": "2023V1.0",
        "on_error": "record",
        "sha256": hashlib.sha256(TWO_GOOD_ONE_BAD).hexdigest(),
        "bytes": len(TWO_GOOD_ONE_BAD),
        "file_name": "march.xml",
        "records": {
            "total": 3,
            "created": 2,
            "replaced": 0,
            "unchanged": 0,
            "held": 0,
            "rejected": 1,
        },
        "findings": {"error": 1, "warning": 0, "accepted": 0},
        "progress": None,
        "replacement": None,
        "links": {
            "self": here,
            "report": f"{here}/report",
            "records": f"{here}/records",
            "file": f"{here}/file",
        },
    }


def test_times_are_in_utc(vendor: Caller) -> None:
    receipt = vendor.send(a_case_file())
    assert receipt["received_at"].endswith("Z")
    assert receipt["finished_at"].endswith("Z")


def test_links_begin_with_the_address_that_users_know(registry: Registry) -> None:
    outside = registry.with_settings(registry.vendor(), public_url="https://cases.example/nacor/")
    answer = outside.submit(a_case_file())
    receipt = answer.json()
    here = f"https://cases.example/nacor/v1/submissions/{receipt['id']}"
    assert answer.headers["Location"] == receipt["links"]["self"] == here


def test_every_link_of_a_receipt_leads_somewhere(vendor: Caller) -> None:
    answer = vendor.submit(TWO_GOOD_ONE_BAD)
    receipt = answer.json()
    assert vendor.read(answer.headers["Location"]) == receipt
    assert vendor.read(receipt["links"]["self"]) == receipt
    assert vendor.read(receipt["links"]["report"])["findings_total"] == 1
    assert outcomes(vendor, receipt) == ["created", "rejected", "created"]
    assert vendor.get(receipt["links"]["file"]).content == TWO_GOOD_ONE_BAD


def test_each_record_is_told_with_its_line_and_its_case(registry: Registry) -> None:
    practice = registry.practice()
    receipt = practice.send(TWO_GOOD_ONE_BAD)
    first, second, third = practice.read(receipt["links"]["records"])["items"]
    lines = TWO_GOOD_ONE_BAD.decode().split("\n")
    for record in (first, second, third):
        assert "<AnesthesiaRecord>" in lines[record["line"] - 1]
    assert [each["anesthesia_record_id"] for each in (first, second, third)] == [
        "A-1",
        "A-2",
        "A-3",
    ]
    assert second["case_id"] is None
    case = practice.read(f"/v1/cases/{third['case_id']}")
    assert case["fields"]["anesthesia_record_id"] == "A-3"


@pytest.mark.parametrize(
    ("case_file", "status", "stored", "rejected"),
    [
        (a_case_file(records("A-1", "A-2")), "accepted", 2, 0),
        (TWO_GOOD_ONE_BAD, "partially_accepted", 2, 1),
        (a_case_file(a_record(sex="female")), "rejected", 0, 1),
        (a_case_file(records("A-1")[:-40]), "rejected", 0, 1),
    ],
    ids=["all good", "one bad", "all bad", "broken XML in the only record"],
)
def test_the_status_follows_from_the_records(
    registry: Registry, case_file: bytes, status: str, stored: int, rejected: int
) -> None:
    practice = registry.practice()
    receipt = practice.send(case_file)
    assert receipt["status"] == status
    assert (receipt["records"]["created"], receipt["records"]["rejected"]) == (stored, rejected)
    assert practice.count() == stored


def test_on_error_file_stores_nothing_of_a_file_with_one_bad_record(registry: Registry) -> None:
    practice = registry.practice()
    receipt = practice.send(TWO_GOOD_ONE_BAD, on_error="file")
    assert (receipt["status"], receipt["on_error"]) == ("rejected", "file")
    assert receipt["records"] | {"total": 3, "rejected": 3} == receipt["records"]
    assert outcomes(practice, receipt) == ["rejected"] * 3
    assert codes(practice, receipt) == ["AR201"]
    assert practice.read("/v1/cases", practice_id=PRACTICE)["items"] == []


def test_on_error_file_stores_a_file_without_errors(registry: Registry) -> None:
    practice = registry.practice()
    assert practice.send(a_case_file(), on_error="file")["status"] == "accepted"
    assert practice.count() == 1


def test_of_twins_in_a_file_the_first_stands(registry: Registry) -> None:
    practice = registry.practice()
    twins = a_case_file(
        a_record("A-1", sex="Female"), a_record("A-1", sex="Male"), a_record("A-1", sex="Male")
    )
    receipt = practice.send(twins)
    assert outcomes(practice, receipt) == ["created", "rejected", "rejected"]
    findings = practice.read(receipt["links"]["report"])["findings"]
    assert [(each["code"], each["record"]) for each in findings] == [("AR302", 2), ("AR302", 3)]
    assert all("Record 1 " in each["message"] for each in findings)
    case = practice.read(f"/v1/cases/{case_ids(practice)[0]}")
    assert case["fields"]["patient_sex"] == "Female"


@pytest.mark.parametrize("fault", [{"sex": "female"}, {"age": "151"}], ids=["schema", "storing"])
def test_a_bad_record_does_not_make_a_twin_of_a_good_one(
    vendor: Caller, fault: dict[str, str]
) -> None:
    corrected_below = a_case_file(a_record("A-1", **fault), a_record("A-1"))
    assert outcomes(vendor, vendor.send(corrected_below)) == ["rejected", "created"]


def case_ids(caller: Caller) -> list[str]:
    items = caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    return [case["case_id"] for case in items]


GOOD = a_case_file(records("A-1", "A-2"))
REFUSED = {
    "another practice": (a_case_file(practice_id=OTHER_PRACTICE), ["AR102"], 1),
    "a closed version": (a_case_file(version="2017V1.0"), ["AR105"], 1),
    "an unknown version": (a_case_file(version="2031V1.0"), ["AR104"], 1),
    "empty": (b"", ["AR001"], 0),
    "not XML": (b"PK\x03\x04 zipped", ["AR002"], 0),
    "JSON": (b'{"records": []}', ["AR002"], 0),
    "another document": (b"<html><body/></html>", ["AR002"], 0),
    "a DTD": (b'<!DOCTYPE a [<!ENTITY e "x">]>' + a_case_file()[39:], ["AR004"], 0),
    "no records": (a_case_file(" "), ["AR012"], 0),
    "another character set": (
        b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><AnesthesiaRecords/>',
        ["AR003"],
        0,
    ),
}


@pytest.mark.parametrize(("case_file", "found", "rejected"), REFUSED.values(), ids=list(REFUSED))
def test_a_file_refused_as_a_whole_stores_nothing_and_has_a_receipt(
    registry: Registry, case_file: bytes, found: list[str], rejected: int
) -> None:
    practice = registry.practice()
    receipt = practice.send(case_file)
    assert (receipt["status"], receipt["records"]["total"]) == ("rejected", rejected)
    assert receipt["records"]["rejected"] == rejected
    assert set(found) <= set(codes(practice, receipt))
    assert practice.read(receipt["links"]["self"]) == receipt
    assert case_ids(practice) == []


def test_a_practice_id_in_another_form_is_one_fault_and_is_not_quoted(registry: Registry) -> None:
    """It is not that of the practice either, but a sender has one thing to mend."""
    practice = registry.practice()
    case_file = a_case_file(practice_id="Lakeside")
    receipt = practice.send(case_file)
    report = practice.get(receipt["links"]["report"])
    [refused] = [found for found in report.json()["findings"] if found["scope"] == "file"]
    assert (refused["code"], receipt["status"]) == ("AR206", "rejected")
    assert "Lakeside" not in report.text
    checked = registry.anyone().ask("POST", "/v1/validate", content=case_file, headers=XML)
    assert checked.json()["practice_id"] is None


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_a_file_cut_off_keeps_the_findings_and_records_before(
    registry: Registry, cut: float
) -> None:
    practice = registry.practice()
    whole = a_case_file(*(a_record(f"A-{number}") for number in range(1, 21)))
    receipt = practice.send(whole[: int(len(whole) * cut)])
    found = practice.read(receipt["links"]["report"])
    assert found["valid"] is False
    assert "AR007" in [each["code"] for each in found["findings"]]
    assert receipt["status"] in ("rejected", "partially_accepted")
    assert practice.count() == receipt["records"]["created"]


@pytest.mark.parametrize(
    "sending",
    [
        {"content": GOOD, "headers": XML},
        {"content": GOOD, "headers": {"Content-Type": "text/xml; charset=utf-8"}},
        {"content": gzip.compress(GOOD), "headers": {**XML, "Content-Encoding": "gzip"}},
        {"content": zstandard.compress(GOOD), "headers": {**XML, "Content-Encoding": "zstd"}},
        {"files": {"file": ("march.xml", GOOD, "application/xml")}},
        {"files": {"file": ("march.xml.gz", gzip.compress(GOOD), "application/gzip")}},
        {"content": gzip.compress(GOOD), "headers": {"Content-Type": "application/gzip"}},
    ],
    ids=["raw", "text/xml", "gzip", "zstd", "form", "gzip file in a form", "gzip file"],
)
def test_every_way_of_sending_is_taken_in_alike(vendor: Caller, sending: dict[str, Any]) -> None:
    answer = vendor.ask("POST", f"/v1/submissions?practice_id={PRACTICE}", **sending)
    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["sha256"], receipt["bytes"]) == (hashlib.sha256(GOOD).hexdigest(), len(GOOD))
    assert receipt["records"]["created"] == 2
    assert vendor.get(receipt["links"]["file"]).content == GOOD


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_file_comes_back_byte_for_byte_in_its_own_encoding(vendor: Caller, encoding: str) -> None:
    text = a_case_file(a_record(notes="Prüfung")).decode().replace("UTF-8", encoding)
    sent = text.replace("\n", "\r\n").encode(encoding)
    receipt = vendor.send(sent)
    assert receipt["status"] == "accepted"
    answer = vendor.get(receipt["links"]["file"])
    assert answer.content == sent
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert f"{receipt['id']}.xml" in answer.headers["Content-Disposition"]


def test_the_bytes_of_a_refused_file_are_not_kept(registry: Registry) -> None:
    vendor = registry.vendor()
    receipt = vendor.send(a_case_file(a_record(sex="female")))
    answer = vendor.get(receipt["links"]["file"])
    assert answer.status_code == 410
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/file-not-kept"
    assert list((registry.folder / "blobs").rglob("*.zst")) == []


def test_bytes_refused_for_one_practice_stay_where_another_needs_them(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    vendor = registry.vendor(PRACTICE, OTHER_PRACTICE)
    accepted = vendor.send(GOOD)
    assert vendor.send(GOOD, practice_id=OTHER_PRACTICE)["status"] == "rejected"
    assert vendor.get(accepted["links"]["file"]).content == GOOD


@pytest.mark.parametrize("on_error", ["record", "file"])
def test_the_report_of_a_submission_is_that_of_a_validation(vendor: Caller, on_error: str) -> None:
    plan = GenerationPlan(cases=30, version="2023V1.0", seed=5, fault_rate=0.4, detail="small")
    faulty = b"".join(generate_case_file(plan))
    receipt = vendor.send(faulty, on_error=on_error)
    report = vendor.read(receipt["links"]["report"])
    assert len(report["findings"]) > 5
    # Whether a TIN is registered is asked of submissions alone.
    report["findings"] = [each for each in report["findings"] if each["code"] != "AR401"]
    report["findings_total"] = len(report["findings"])
    # So is what the practice has accepted.
    for finding in report["findings"]:
        del finding["place"], finding["accepted"]
    del report["findings_accepted"], report["findings_by_code"]
    assert report == vendor.validate(faulty)


def test_a_report_lists_as_many_findings_as_asked_for_and_counts_all(vendor: Caller) -> None:
    receipt = vendor.send(a_case_file(*(a_record(f"A-{n}", sex="x") for n in range(5))))
    report = vendor.read(receipt["links"]["report"], max_findings=2)
    assert len(report["findings"]) == 2
    assert (report["findings_total"], report["findings_omitted"]) == (5, 3)
    assert report["findings"][0]["help"] == f"{ADDRESS}/docs/findings/AR201"


def test_the_records_come_in_pages(vendor: Caller) -> None:
    ids = [f"A-{number}" for number in range(1, 8)]
    receipt = vendor.send(a_case_file(records(*ids)))
    pages = vendor.pages(receipt["links"]["records"], limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [record["anesthesia_record_id"] for page in pages for record in page] == ids


def test_submissions_are_listed_newest_first_in_pages(vendor: Caller) -> None:
    sent = [vendor.send(a_case_file(a_record(f"A-{n}"))) for n in range(5)]
    pages = vendor.pages("/v1/submissions", practice_id=PRACTICE, limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [receipt for page in pages for receipt in page] == list(reversed(sent))


def test_a_body_above_the_limit_is_refused_with_the_limit_and_leaves_nothing(
    registry: Registry,
) -> None:
    vendor = registry.with_settings(registry.vendor(), submission_max_bytes=len(GOOD))
    too_large = {
        "announced": {"content": GOOD + b" ", "headers": XML},
        "inflated": {
            "content": gzip.compress(GOOD + b" " * 1_000_000),
            "headers": {**XML, "Content-Encoding": "gzip"},
        },
        "in a form": {"files": {"file": ("a.xml", GOOD + b" ")}},
    }
    for sending in too_large.values():
        answer = vendor.ask("POST", f"/v1/submissions?practice_id={PRACTICE}", **sending)
        assert answer.status_code == 413
        assert answer.json()["limit"] == len(GOOD)
    assert vendor.pages("/v1/submissions", practice_id=PRACTICE) == [[]]
    assert [path for path in (registry.folder / "blobs").rglob("*") if path.is_file()] == []
    assert vendor.send(GOOD)["status"] == "accepted"


@pytest.mark.parametrize(
    "content",
    [GOOD, gzip.compress(GOOD), b"\xef\xbb\xbf" + GOOD, GOOD.decode().encode("utf-16")],
    ids=["as it is", "gzip", "with a byte order mark", "UTF-16"],
)
def test_a_case_file_without_a_content_type_is_known_by_how_it_begins(
    vendor: Caller, content: bytes
) -> None:
    answer = vendor.ask("POST", f"/v1/submissions?practice_id={PRACTICE}", content=content)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["status"], answer.json()["records"]["created"]) == ("accepted", 2)


@pytest.mark.parametrize(
    ("sending", "status", "slug"),
    [
        (
            {"content": GOOD, "headers": {"Content-Type": "application/json"}},
            415,
            "unsupported-media-type",
        ),
        ({"content": b'{"file": "a.xml"}'}, 415, "unsupported-media-type"),
        ({"content": b" " * 5_000 + GOOD}, 415, "unsupported-media-type"),
        (
            {"content": GOOD, "headers": {**XML, "Content-Encoding": "br"}},
            415,
            "unsupported-encoding",
        ),
        ({"content": GOOD, "headers": {**XML, "Content-Encoding": "gzip"}}, 400, "broken-body"),
        (
            {
                "content": gzip.compress(GOOD)[:-20],
                "headers": {**XML, "Content-Encoding": "gzip"},
            },
            400,
            "broken-body",
        ),
        ({"files": {"document": ("a.xml", GOOD)}}, 400, "wrong-form"),
    ],
    ids=[
        "json",
        "no type",
        "blanks, no type",
        "brotli",
        "not gzip",
        "gzip cut off",
        "another part",
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_submission(
    vendor: Caller, sending: dict[str, Any], status: int, slug: str
) -> None:
    answer = vendor.ask("POST", f"/v1/submissions?practice_id={PRACTICE}", **sending)
    assert answer.status_code == status
    assert answer.json()["type"] == f"{ADDRESS}/docs/problems/{slug}"
    assert vendor.pages("/v1/submissions", practice_id=PRACTICE) == [[]]


def test_the_same_bytes_again_give_the_first_receipt(registry: Registry) -> None:
    practice = registry.practice()
    first = practice.submit(GOOD)
    again = practice.submit(GOOD)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert again.json() == first.json()
    assert practice.count() == 2


def test_the_same_bytes_to_be_treated_otherwise_are_another_submission(vendor: Caller) -> None:
    first = vendor.send(TWO_GOOD_ONE_BAD)
    second = vendor.send(TWO_GOOD_ONE_BAD, on_error="file")
    assert first["id"] != second["id"]
    assert second["status"] == "rejected"


def test_an_idempotency_key_gives_its_first_receipt_again(vendor: Caller) -> None:
    key = {"Idempotency-Key": "march-1"}
    first = vendor.submit(GOOD, headers=key)
    again = vendor.submit(GOOD, headers=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()


def test_an_idempotency_key_with_other_bytes_is_a_conflict(vendor: Caller) -> None:
    key = {"Idempotency-Key": "march-1"}
    vendor.send(TWO_GOOD_ONE_BAD, headers=key)
    refused = vendor.submit(GOOD, headers=key)
    assert refused.status_code == 409
    assert refused.json()["type"] == f"{ADDRESS}/docs/problems/idempotency-conflict"
    assert len(vendor.pages("/v1/submissions", practice_id=PRACTICE)[0]) == 1


def test_an_idempotency_key_with_the_same_bytes_replays_whatever_on_error_says(
    vendor: Caller,
) -> None:
    key = {"Idempotency-Key": "march-1"}
    first = vendor.send(TWO_GOOD_ONE_BAD, headers=key)
    again = vendor.submit(TWO_GOOD_ONE_BAD, headers=key, on_error="file")
    assert (again.status_code, again.json()) == (200, first)


def test_an_idempotency_key_of_a_failed_submission_stands_for_the_next_try(
    registry: Registry,
) -> None:
    vendor = registry.vendor()
    key = {"Idempotency-Key": "march-1"}

    def breaks() -> date:
        raise RuntimeError

    broken = replace(registry.intake, day=breaks, retry_seconds=0)
    registry.app.state.intake = broken
    failed = vendor.submit(GOOD, headers=key).json()
    with working(registry, intake=broken):
        wait_for(lambda: broken.get(UUID(failed["id"])).status == "failed")
    assert vendor.submit(TWO_GOOD_ONE_BAD, headers=key).status_code == 409

    registry.app.state.intake = registry.intake
    second = vendor.send(GOOD, headers=key)
    assert (second["status"], second["id"] != failed["id"]) == ("accepted", True)
    assert vendor.submit(GOOD, headers=key).json() == second


def test_the_first_of_several_receipts_is_given_again(vendor: Caller) -> None:
    first = vendor.send(GOOD, headers={"Idempotency-Key": "one"})
    second = vendor.send(GOOD, headers={"Idempotency-Key": "two"})
    assert first["id"] != second["id"]
    assert vendor.submit(GOOD).json() == first


def test_a_file_refused_for_its_day_is_not_refused_for_ever(registry: Registry) -> None:
    vendor = registry.vendor()
    registry.app.state.intake = replace(registry.intake, day=lambda: date(2000, 1, 1))
    early = vendor.send(GOOD)
    assert early["status"] == "rejected"
    assert set(codes(vendor, early)) == {"AR105", "AR312"}  # the cases lie ahead, too
    registry.app.state.intake = registry.intake
    assert vendor.send(GOOD)["status"] == "accepted"


@pytest.mark.parametrize(
    ("transactions", "told"),
    [(1, (202, "processing")), (2, (201, "accepted"))],
    ids=["before", "after it was taken in"],
)
def test_a_file_that_is_kept_has_a_receipt_though_the_database_goes_away(
    registry: Registry, database_url: URL, transactions: int, told: tuple[int, str]
) -> None:
    practice = registry.practice()
    gone = create_database_engine(text_of(database_url.set(database="there_is_none")))
    engines = chain([registry.engine] * transactions, repeat(gone))
    registry.app.state.intake = replace(
        registry.intake, open_work=lambda: UnitOfWork(next(engines), keys=registry.intake.keys)
    )
    answer = practice.submit(GOOD)
    assert (answer.status_code, answer.json()["status"]) == told
    assert answer.headers["Location"] == answer.json()["links"]["self"]

    recover(registry)
    assert practice.read(answer.headers["Location"])["status"] == "accepted"
    assert practice.count() == 2


def test_idempotency_keys_of_different_senders_do_not_meet(registry: Registry) -> None:
    key = {"Idempotency-Key": "1"}
    registry.vendor().send(a_case_file(a_record("A-1")), headers=key)
    receipt = registry.vendor().send(a_case_file(a_record("A-2")), headers=key)
    assert receipt["records"]["created"] == 1


def test_the_same_bytes_under_a_new_key_are_taken_in_again_and_change_nothing(
    registry: Registry,
) -> None:
    practice = registry.practice()
    practice.send(GOOD, headers={"Idempotency-Key": "one"})
    receipt = practice.send(GOOD, headers={"Idempotency-Key": "two"})
    assert receipt["records"] | {"total": 2, "unchanged": 2} == receipt["records"]
    assert practice.count() == 2


def test_an_idempotency_key_that_is_too_long_is_refused(vendor: Caller) -> None:
    answer = vendor.submit(GOOD, headers={"Idempotency-Key": "k" * 256})
    assert answer.status_code == 422
    assert vendor.pages("/v1/submissions", practice_id=PRACTICE) == [[]]


def test_a_held_record_is_told_with_a_warning(vendor: Caller) -> None:
    receipt = vendor.send(a_case_file(a_record(staff=[(OTHER_TIN, "1234567893")])))
    assert (receipt["status"], receipt["records"]["held"]) == ("accepted", 1)
    assert receipt["findings"] == {"error": 0, "warning": 1, "accepted": 0}
    finding = vendor.read(receipt["links"]["report"])["findings"][0]
    assert (finding["code"], finding["severity"], finding["record"]) == ("AR401", "warning", 1)
