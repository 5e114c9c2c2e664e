"""GET /v1/submissions/{id}/report: what was found in a file, in every format of the validator."""

import csv
import io
import re
import stat
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from app.intake import submission_report
from app.intake.not_finished import NotFinished
from tests.case_files import NPI, OTHER_TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry

FORMATS = ["json", "text", "csv", "html", "xml"]
FAULTY = a_case_file(a_record("A-1"), a_record("A-2", sex="female"), a_record("A-3", age="x"))
REASON = "The clinicians of our new site are not enrolled yet."
COMMENT = re.compile(rb"<!-- AR\d{3} .*? -->")


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.vendor()


@pytest.fixture
def reviewed(registry: Registry) -> Any:
    """The receipt of a file with a warning that the practice has accepted, and an error."""
    practice = registry.practice()
    answer = practice.ask(
        "POST",
        f"/v1/practices/{PRACTICE}/accepted-findings",
        json={"code": "AR401", "reason": REASON},
    )
    assert answer.status_code == 201, answer.text
    held = a_record("A-1", staff=[(OTHER_TIN, NPI)])
    return practice.send(a_case_file(held, a_record("A-2", sex="female")))


def sent_as(caller: Caller, name: str, case_file: bytes) -> Any:
    """The receipt of a file that comes in a form, with its name."""
    answer = caller.ask(
        "POST",
        "/v1/submissions",
        params={"practice_id": PRACTICE},
        files={"file": (name, case_file, "application/xml")},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def validated_as(caller: Caller, name: str, case_file: bytes, format_: str) -> Response:
    files = {"file": (name, case_file, "application/xml")}
    return caller.ask("POST", "/v1/validate", params={"format": format_}, files=files)


def report(caller: Caller, receipt: Any, format_: str, **asked: Any) -> Response:
    answer = caller.get(receipt["links"]["report"], format=format_, **asked)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("format_", [each for each in FORMATS if each != "json"])
def test_a_report_reads_as_that_of_the_validator(vendor: Caller, format_: str) -> None:
    receipt = sent_as(vendor, "march.xml", FAULTY)
    told = report(vendor, receipt, format_)
    validated = validated_as(vendor, "march.xml", FAULTY, format_)
    assert told.content == validated.content
    for header in ("Content-Type", "Content-Disposition"):
        assert told.headers.get(header) == validated.headers.get(header)


@pytest.mark.parametrize("format_", FORMATS)
def test_an_accept_header_asks_for_a_format_too(vendor: Caller, format_: str) -> None:
    receipt = vendor.send(FAULTY)
    asked = report(vendor, receipt, format_)
    media_type = asked.headers["Content-Type"].partition(";")[0]
    negotiated = vendor.ask("GET", receipt["links"]["report"], headers={"Accept": media_type})
    assert negotiated.content == asked.content
    assert negotiated.headers["Content-Type"] == asked.headers["Content-Type"]


def test_a_format_that_there_is_not_is_a_problem(vendor: Caller) -> None:
    receipt = vendor.send(FAULTY)
    answer = vendor.get(receipt["links"]["report"], format="yaml")
    assert problem(answer, 422) == "invalid-request"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_file_comes_back_with_a_comment_beside_each_fault(
    vendor: Caller, encoding: str
) -> None:
    sent = FAULTY.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    receipt = vendor.send(sent)
    marked = report(vendor, receipt, "xml").content.decode(encoding).encode()
    assert b"--><PatientSex>female</PatientSex>" in marked
    assert b"--><Age>x</Age>" in marked
    assert COMMENT.sub(b"", marked).decode().encode(encoding) == sent


def test_a_file_too_large_for_memory_comes_back_as_well(registry: Registry, vendor: Caller) -> None:
    """By way of a private folder: the system's own may be memory, and may be everybody's."""
    large = FAULTY.replace(b"</AnesthesiaRecords>", b" \n" * (5 << 20) + b"</AnesthesiaRecords>")
    receipt = vendor.send(large)
    assert receipt["bytes"] > submission_report._MOST_IN_MEMORY
    assert COMMENT.sub(b"", report(vendor, receipt, "xml").content) == large
    spool = registry.folder / "spool"
    assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize("format_", [each for each in FORMATS if each != "json"])
def test_what_the_practice_has_accepted_is_marked_with_its_reason(
    registry: Registry, reviewed: Any, format_: str
) -> None:
    told = report(registry.practice(), reviewed, format_).content.decode()
    assert told.count(REASON) == 1


def test_what_the_practice_has_accepted_is_counted_apart(registry: Registry, reviewed: Any) -> None:
    practice = registry.practice()
    assert "case-file.xml: 1 error, 1 accepted;" in report(practice, reviewed, "text").text
    assert "1 error, 1 accepted" in report(practice, reviewed, "html").text
    rows = list(csv.DictReader(io.StringIO(report(practice, reviewed, "csv").text, newline="")))
    assert {row["code"]: row["accepted"] for row in rows} == {"AR401": REASON, "AR201": ""}


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_accepted_can_be_left_out_of_every_format(
    registry: Registry, reviewed: Any, format_: str
) -> None:
    told = report(registry.practice(), reviewed, format_, accepted=False).text
    assert REASON not in told
    assert "AR201" in told


@pytest.mark.parametrize("format_", ["json", "text", "csv", "html"])
def test_a_refused_file_has_its_report_though_it_is_not_kept(vendor: Caller, format_: str) -> None:
    receipt = vendor.send(FAULTY, on_error="file")
    assert receipt["status"] == "rejected"
    told = report(vendor, receipt, format_).text
    assert "AR201" in told
    assert "PatientSex must be one of" in told
    assert "female" not in told  # no line is quoted


def test_a_refused_file_does_not_come_back(vendor: Caller) -> None:
    receipt = vendor.send(FAULTY, on_error="file")
    answer = vendor.get(receipt["links"]["report"], format="xml")
    assert problem(answer, 410) == "file-not-kept"


def test_a_file_that_is_gone_is_told_of_and_not_quoted(registry: Registry, vendor: Caller) -> None:
    receipt = vendor.send(FAULTY)
    registry.intake.blobs.delete(receipt["sha256"])
    assert "PatientSex must be one of" in report(vendor, receipt, "text").text
    answer = vendor.get(receipt["links"]["report"], format="xml")
    assert problem(answer, 410) == "file-not-kept"


def test_what_was_not_read_to_its_end_has_no_report(registry: Registry, vendor: Caller) -> None:
    """A report without findings would say that the file is valid."""

    def breaks() -> date:
        raise RuntimeError

    registry.app.state.intake = broken = replace(registry.intake, day=breaks)
    receipt = vendor.submit(FAULTY).json()
    for status, cure in {
        "processing": "Ask for its receipt",
        "failed": "Send the file again",
    }.items():
        assert vendor.read(receipt["links"]["self"])["status"] == status
        for link in ("report", "records"):
            answer = vendor.get(receipt["links"][link])
            assert problem(answer, 409) == "submission-not-processed"
            assert cure in answer.json()["detail"]
        for _ in range(3):
            with suppress(NotFinished):
                broken.process(UUID(receipt["id"]))


def test_many_reports_at_once_that_quote_large_files_are_asked_to_wait(
    vendor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = vendor.send(FAULTY)
    monkeypatch.setattr(submission_report, "_places", BoundedSemaphore(1))
    with submission_report._places:
        answer = vendor.get(receipt["links"]["report"], format="html")
        assert problem(answer, 503) == "service-busy"
        assert answer.headers["Retry-After"]
        report(vendor, receipt, "csv")
    report(vendor, receipt, "html")


def test_nobody_else_sees_a_report(registry: Registry, vendor: Caller) -> None:
    registry.register("23456")
    receipt = vendor.send(FAULTY)
    for format_ in FORMATS:
        answer = registry.vendor("23456").get(receipt["links"]["report"], format=format_)
        assert problem(answer, 404) == "submission-unknown"
