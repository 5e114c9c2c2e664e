"""`nacor validate`, as a person or a nightly job sees it."""

import gzip
import io
import json
import os
import pty
import sys
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from app.cli.main import app
from app.cli.outcome import OutputFormat
from app.cli.progress import watched
from app.cli.report_formats import writer_for
from app.cli.validating import validate_paths
from app.domain.days import today
from app.intake.report import validate_case_file
from app.xsd.catalogue import SchemaCatalogue
from tests.case_files import a_case_file, a_record

GOOD = a_case_file(a_record("A-1"), a_record("A-2"))
FAULTY = a_case_file(a_record("A-3", sex="female"), a_record("A-4"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in {"good.xml": GOOD, "faulty.xml": FAULTY, "broken.xml": b"<a/"}.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input_is_read_packed_or_not(
    pack: type[bytes], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = io.BufferedReader(io.BytesIO(pack(GOOD)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(sent))
    assert validate_paths(["-"], OutputFormat.JSON, 10) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["file"], report["bytes"]) == ("-", len(GOOD))


def test_text_says_what_a_person_wants_to_know(folder: Path) -> None:
    done = CliRunner().invoke(app, ["validate", "faulty.xml", "good.xml", "broken.xml"])
    verdicts = [line for line in done.stdout.splitlines() if ".xml: " in line]
    assert verdicts == [
        "faulty.xml: 1 error; 1 of 2 records valid against 2023V1.0",
        "good.xml: valid; 2 of 2 records valid against 2023V1.0",
        "broken.xml: 1 error; no record could be read",
    ]
    assert "\x1b" not in done.stdout


def test_what_is_not_listed_is_counted_in_each_format(folder: Path) -> None:
    told = {
        format_: CliRunner().invoke(
            app, ["validate", "faulty.xml", "--max-findings", "0", "--format", format_]
        )
        for format_ in ("text", "csv", "html")
    }
    assert told["text"].stdout == (
        "faulty.xml: 1 error; 1 of 2 records valid against 2023V1.0; 1 of 1 finding not listed\n"
    )
    assert "1 of 1 finding not listed" in told["html"].stdout
    assert told["csv"].stdout.count("\n") == 1  # the heading alone
    assert told["csv"].stderr == "faulty.xml: 1 of 1 finding not listed\n"


def test_the_page_tells_the_severity_in_words(folder: Path) -> None:
    page = CliRunner().invoke(app, ["validate", "faulty.xml", "--format", "html"]).stdout
    (row,) = etree.HTML(page).findall(".//tr[@class='error']")
    assert "".join(row[1].itertext()) == "error"


def test_a_file_name_cannot_be_a_formula_of_a_spreadsheet(folder: Path) -> None:
    (folder / "=1+1.xml").write_bytes(FAULTY)
    done = CliRunner().invoke(app, ["validate", "=1+1.xml", "--format", "csv"])
    assert done.stdout.splitlines()[1].startswith("'=1+1.xml,")


def test_a_name_that_is_no_text_stops_no_report(folder: Path) -> None:
    named = os.fsdecode(b"M\xe4rz.xml")
    (folder / named).write_bytes(GOOD)
    done = CliRunner().invoke(app, ["validate", named, "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)["file"]) == (
        0,
        "M\N{REPLACEMENT CHARACTER}rz.xml",
    )


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    report = validate_case_file(io.BytesIO(FAULTY), SchemaCatalogue(), day=today())
    text = writer_for(OutputFormat.TEXT, service_url="")

    def written() -> bytes:
        reading, writing = pty.openpty()
        with os.fdopen(writing, "w") as terminal:
            text.write("faulty.xml", report, terminal)
            terminal.flush()
            told = os.read(reading, 10_000)
        os.close(reading)
        return told

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert b"\x1b[31m" in written()
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b" not in written()


def test_a_progress_bar_leaves_stdout_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = pty.openpty()
    out = io.StringIO()
    with os.fdopen(writing, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", out)
        with watched(io.BytesIO(GOOD), label="good.xml", total=len(GOOD)) as source:
            source.read(10)
            sys.stdout.write("for a file")
        shown = os.read(reading, 10_000)
    os.close(reading)
    assert out.getvalue() == "for a file"
    assert b"good.xml" in shown
