"""POST /v1/validate: a report for anyone, in every way a file can be sent, within limits."""

import gzip
import hashlib
import re

import pytest
import zstandard
from portal_service import (
    ADDRESS,
    SAMPLES,
    XML,
    Clock,
    PortalSettings,
    Visitor,
    create_test_app,
)

from app.checking.pool import WORTH_BYTES, CheckingPool
from app.checking.standards import load_standards
from app.web.file_names import attachment_name
from tests.case_files import a_case_file, a_record
from tests.pools import await_processes

VALID = (SAMPLES / "2020V1.0" / "valid" / "maximal.xml").read_bytes()
FAULTY = VALID.replace(b">Female<", b">female<", 1).replace(b">47562<", b">4756<", 1)
STANDARDS = load_standards()
VISITOR = Visitor()


def test_a_valid_file_has_a_clean_report() -> None:
    response = VISITOR.post("/v1/validate", content=VALID, headers=XML)
    assert response.status_code == 200
    assert response.json() == {
        "valid": True,
        "schema_version": "2020V1.0",
        "practice_id": "12345",
        "sha256": hashlib.sha256(VALID).hexdigest(),
        "bytes": len(VALID),
        "records": {"total": 2, "valid": 2, "invalid": 0},
        "findings": [],
        "findings_total": 0,
        "findings_omitted": 0,
    }


def test_a_finding_says_what_is_wrong_where_and_how_to_mend_it() -> None:
    report = VISITOR.post("/v1/validate", content=FAULTY, headers=XML).json()
    assert (report["valid"], report["findings_total"]) == (False, 2)
    assert report["records"] == {"total": 2, "valid": 1, "invalid": 1}
    assert report["findings"][0] == {
        "code": "AR201",
        "severity": "error",
        "scope": "record",
        "record": 1,
        "anesthesia_record_id": "A-0001",
        "line": FAULTY[: FAULTY.index(b">female<")].count(b"\n") + 1,
        "path": "/AnesthesiaRecords/AnesthesiaRecord[1]/Demographic/PatientSex",
        "message": "PatientSex must be one of Male, Female, Missing, Unknown.",
        "expected": ["Male", "Female", "Missing", "Unknown"],
        "suggestion": "Female",
        "help": f"{ADDRESS}/docs/findings/AR201",
    }


def test_the_help_of_a_finding_is_a_page_of_this_service() -> None:
    report = VISITOR.post("/v1/validate", content=FAULTY, headers=XML).json()
    for finding in report["findings"]:
        page = VISITOR.get(finding["help"])
        assert page.status_code == 200
        assert finding["code"] in page.text


@pytest.mark.parametrize(
    "sent",
    [
        {"content": FAULTY, "headers": XML},
        {"content": gzip.compress(FAULTY), "headers": {**XML, "Content-Encoding": "gzip"}},
        {"content": zstandard.compress(FAULTY), "headers": {**XML, "Content-Encoding": "zstd"}},
        {"files": {"file": ("march.xml", FAULTY, "application/xml")}},
        {"files": {"file": ("march.xml.gz", gzip.compress(FAULTY), "application/gzip")}},
        {"files": {"file": ("march.xml.zst", zstandard.compress(FAULTY))}},
        {"content": gzip.compress(FAULTY), "headers": {"Content-Type": "application/gzip"}},
        {"content": zstandard.compress(FAULTY), "headers": {"Content-Type": "application/zstd"}},
        {"content": gzip.compress(FAULTY), "headers": XML},
    ],
    ids=[
        *("raw", "gzip", "zstd", "form", "gzip file in a form", "zstd file in a form"),
        *("gzip file", "zstd file", "gzip file said to be XML"),
    ],
)
def test_every_way_of_sending_gives_the_same_report(sent: dict[str, object]) -> None:
    report = VISITOR.post("/v1/validate", **sent).json()
    assert report["sha256"] == hashlib.sha256(FAULTY).hexdigest()
    assert [finding["code"] for finding in report["findings"]] == ["AR201", "AR206"]


@pytest.mark.parametrize(
    ("format_", "media_type", "saved_as"),
    [
        ("json", "application/json", None),
        ("text", "text/plain; charset=utf-8", None),
        ("csv", "text/csv; charset=utf-8", "march.report.csv"),
        ("html", "text/html; charset=utf-8", "march.report.html"),
        ("xml", "application/xml", "march.checked.xml"),
    ],
)
def test_a_report_comes_in_the_format_that_is_asked_for(
    format_: str, media_type: str, saved_as: str | None
) -> None:
    sent = {"files": {"file": ("march.xml", FAULTY, "application/xml")}}
    by_query = VISITOR.post(f"/v1/validate?format={format_}", **sent)
    by_header = VISITOR.post("/v1/validate", **sent, headers={"Accept": media_type})
    assert by_query.content == by_header.content
    assert by_query.headers["Content-Type"] == media_type
    assert attachment_name(by_query.headers.get("Content-Disposition")) == saved_as
    assert b"AR201" in by_query.content
    assert "RateLimit-Remaining" in by_query.headers


def test_the_case_file_comes_back_with_a_comment_beside_each_fault() -> None:
    marked = VISITOR.post("/v1/validate?format=xml", content=FAULTY, headers=XML).content
    assert b"--><PatientSex>female</PatientSex>" in marked
    assert re.sub(rb"<!-- AR\d{3} .*? -->", b"", marked) == FAULTY


@pytest.mark.parametrize("accept", ["*/*", "text/html, application/xhtml+xml, */*;q=0.8"])
def test_who_takes_anything_gets_json(accept: str) -> None:
    answer = VISITOR.post("/v1/validate", content=FAULTY, headers={**XML, "Accept": accept})
    assert answer.json()["valid"] is False


def test_a_format_that_there_is_not_is_a_problem() -> None:
    answer = VISITOR.post("/v1/validate?format=yaml", content=FAULTY, headers=XML)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_findings_beyond_the_wanted_number_are_counted() -> None:
    report = VISITOR.post("/v1/validate?max_findings=1", content=FAULTY, headers=XML).json()
    assert len(report["findings"]) == 1
    assert (report["findings_total"], report["findings_omitted"]) == (2, 1)
    report = VISITOR.post("/v1/validate?max_findings=0", content=FAULTY, headers=XML).json()
    assert (report["valid"], report["findings_omitted"]) == (False, 2)


def test_what_is_no_case_file_is_a_finding_and_no_problem() -> None:
    response = VISITOR.post("/v1/validate", content=b"PK\x03\x04", headers=XML)
    assert response.status_code == 200
    report = response.json()
    assert (report["valid"], report["schema_version"], report["practice_id"]) == (False, None, None)
    assert [finding["code"] for finding in report["findings"]] == ["AR002"]


def test_a_closed_version_is_checked_with_a_remark() -> None:
    closed = (SAMPLES / "2019V1.0" / "valid" / "minimal.xml").read_bytes()
    report = VISITOR.post("/v1/validate", content=closed, headers=XML).json()
    assert report["valid"] is True
    finding = report["findings"][0]
    assert (finding["code"], finding["severity"]) == ("AR105", "info")
    assert finding["expected"] == ["2020V1.0", "2020V1.0R"]


def test_a_large_file_gets_the_same_report_from_several_processes() -> None:
    large = a_case_file(*(a_record(f"A-{number}", sex="male") for number in range(1_000)))
    assert len(large) > WORTH_BYTES
    with CheckingPool(2, STANDARDS, start_method="spawn") as pool:
        visitor = Visitor(create_test_app(pool=pool))
        while_they_start = visitor.post("/v1/validate", content=large, headers=XML).json()
        await_processes(pool)
        once_they_run = visitor.post("/v1/validate", content=large, headers=XML).json()
    assert while_they_start == once_they_run
    assert (while_they_start["records"]["invalid"], len(while_they_start["findings"])) == (
        1000,
        1000,
    )


def test_a_value_is_never_quoted() -> None:
    telling = FAULTY.replace(b">female<", b">Secretsex<").replace(b"1234567893", b"99secret99")
    answer = VISITOR.post("/v1/validate", content=telling, headers=XML).text
    assert not re.search("secret", answer, re.IGNORECASE)


def test_a_file_above_the_limit_is_refused_with_the_limit() -> None:
    small = Visitor(create_test_app(settings=PortalSettings(validate_max_bytes=len(VALID))))
    assert small.post("/v1/validate", content=VALID, headers=XML).status_code == 200
    response = small.post("/v1/validate", content=VALID + b" ", headers=XML)
    assert response.status_code == 413
    assert response.json()["type"].endswith("/docs/problems/body-too-large")
    assert response.json()["limit"] == len(VALID)
    bomb = gzip.compress(VALID + b" " * 10_000_000)
    headers = {**XML, "Content-Encoding": "gzip"}
    assert small.post("/v1/validate", content=bomb, headers=headers).status_code == 413


def test_a_body_that_grows_as_no_case_file_does_is_refused_as_such() -> None:
    bomb = gzip.compress(b" " * 3_000_000)
    for sending in (
        {"content": bomb, "headers": {**XML, "Content-Encoding": "gzip"}},
        {"content": bomb, "headers": {"Content-Type": "application/gzip"}},
        {"files": {"file": ("march.xml.gz", bomb)}},
    ):
        response = VISITOR.post("/v1/validate", **sending)
        assert response.status_code == 413
        problem = response.json()
        assert problem["type"] == f"{ADDRESS}/docs/problems/implausible-compression"
        assert problem["limit"] == 4 << 20
        assert "200 times" in problem["detail"]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"document": ("a.xml", VALID)}, "has another name"),
        ({"file": ("a.xml", VALID), "more": ("b.xml", VALID)}, "It has another one."),
    ],
    ids=["other name", "two parts"],
)
def test_a_form_of_another_shape_is_told_what_it_should_have(
    parts: dict[str, tuple[str, bytes]], told: str
) -> None:
    response = VISITOR.post("/v1/validate", files=parts)
    assert response.status_code == 400
    problem = response.json()
    assert problem["type"] == f"{ADDRESS}/docs/problems/wrong-form"
    assert told in problem["detail"]
    help_ = VISITOR.get(problem["type"]).text
    assert "<code>curl -F file=@march.xml</code>" in help_


def test_a_media_type_that_is_not_read_comes_with_those_that_are() -> None:
    headers = {"Content-Type": "application/zip"}
    response = VISITOR.post("/v1/validate", content=b"PK\x03\x04", headers=headers)
    assert response.status_code == 415
    for told in ("application/xml", "application/gzip", "multipart/form-data", "Content-Encoding"):
        assert told in response.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status", "slug"),
    [
        ({"Content-Type": "application/json"}, 415, "unsupported-media-type"),
        ({**XML, "Content-Encoding": "br"}, 415, "unsupported-encoding"),
        ({**XML, "Content-Encoding": "gzip"}, 400, "broken-body"),
    ],
)
def test_a_body_that_is_not_read_here_is_a_problem(
    headers: dict[str, str], status: int, slug: str
) -> None:
    response = VISITOR.post("/v1/validate", content=VALID, headers=headers)
    assert response.status_code == status
    assert response.json()["type"] == f"{ADDRESS}/docs/problems/{slug}"


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    clock = Clock()
    app = create_test_app(validations_a_minute=2, clock=clock)
    hasty, patient = Visitor(app, "192.0.2.1"), Visitor(app, "192.0.2.2")
    statuses = [hasty.post("/v1/validate", content=VALID, headers=XML) for _ in range(3)]
    assert [each.status_code for each in statuses] == [200, 200, 429]
    assert [each.headers["RateLimit-Remaining"] for each in statuses] == ["1", "0", "0"]
    refused = statuses[-1]
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["RateLimit-Limit"] == "2"
    assert refused.json()["retry_after"] == 30
    assert refused.json()["type"] == f"{ADDRESS}/docs/problems/too-many-requests"
    assert patient.post("/v1/validate", content=VALID, headers=XML).status_code == 200
    clock.seconds += 30
    assert hasty.post("/v1/validate", content=VALID, headers=XML).status_code == 200


def test_the_interface_describes_the_body_and_the_problems() -> None:
    interface = VISITOR.get("/openapi.json")
    operation = interface.json()["paths"]["/v1/validate"]["post"]
    assert set(operation["requestBody"]["content"]) == {
        "application/xml",
        "application/gzip",
        "multipart/form-data",
    }
    assert set(operation["responses"]["default"]["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in interface.text
