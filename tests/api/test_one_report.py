"""Command line, HTTP and library are one call: the same file gives the same report everywhere."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from portal_service import ADDRESS, XML, Visitor, create_test_app
from typer.testing import CliRunner

from app.checking.report import validate_case_file
from app.checking.wire import ValidationReportOut
from app.cli.checking import standards_for
from app.cli.main import app
from app.domain.days import today
from tests.corpus import corpus

STANDARDS = standards_for(None)
"""Shared by all three: what differs between them must not be what they were given."""


def from_the_command_line(folder: Path) -> list[Any]:
    for number, content in enumerate(corpus().values()):
        (folder / f"{number:04}.xml").write_bytes(content)
    done = CliRunner().invoke(app, ["validate", str(folder), "--format", "json", "--jobs", "1"])
    assert (done.exit_code, done.stderr) == (1, "")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report.pop("file")[-8:] for report in reports] == sorted(
        f"{number:04}.xml" for number in range(len(corpus()))
    )
    return reports


def over_http() -> list[Any]:
    service = create_test_app(validations_a_minute=10_000)
    service.state.standards = STANDARDS
    service.state.day = today  # the command line asks for the day itself
    visitor = Visitor(service)
    answers = (
        visitor.post("/v1/validate", content=content, headers=XML) for content in corpus().values()
    )
    return [answer.json() for answer in answers]


def from_the_library() -> list[Any]:
    reports = (
        validate_case_file(BytesIO(content), STANDARDS, day=today())
        for content in corpus().values()
    )
    return [
        ValidationReportOut.of(report, service_url=ADDRESS).model_dump(mode="json")
        for report in reports
    ]


def test_the_same_file_gives_the_same_report_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NACOR_PUBLIC_URL", ADDRESS)
    told, answered, returned = from_the_command_line(tmp_path), over_http(), from_the_library()
    for name, *reports in zip(corpus(), told, answered, returned, strict=True):
        assert reports[0] == reports[1] == reports[2], name
