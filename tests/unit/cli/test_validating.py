"""`nacor validate`, as a person or a nightly job sees it."""

import gzip
import io
import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.checking import CheckOptions
from app.cli.main import app
from app.cli.progress import counted, watched
from app.cli.validating import validate_paths
from app.reports.formats import ReportFormat
from tests.case_files import a_case_file, a_record

GOOD = a_case_file(a_record("A-1"), a_record("A-2"))
FAULTY = a_case_file(a_record("A-3", sex="female"), a_record("A-4"))
TWINS = a_case_file(a_record("A-5"), a_record("A-5"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"good.xml": GOOD, "faulty.xml": FAULTY, "broken.xml": b"<a/", "twins.xml": TWINS}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def validate(*words: str, jobs: int = 1) -> Result:
    """In the process of the test: that several give the same report is a test of its own."""
    return CliRunner().invoke(app, ["validate", *words, "--jobs", str(jobs)])


def reports(*words: str) -> list[dict[str, object]]:
    told = validate(*words, "--format", "json").stdout
    return [json.loads(line) for line in told.splitlines()]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input_is_read_packed_or_not(
    pack: type[bytes], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = io.BufferedReader(io.BytesIO(pack(GOOD)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(sent))
    options = CheckOptions(format=ReportFormat.JSON, max_findings=10)
    assert validate_paths(["-"], options) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["file"], report["bytes"]) == ("-", len(GOOD))


def test_text_says_what_a_person_wants_to_know(folder: Path) -> None:
    done = validate("faulty.xml", "good.xml", "broken.xml")
    verdicts = [line for line in done.stdout.splitlines() if ".xml: " in line]
    assert [re.sub(r", \d+ (warning|info)s?", "", line) for line in verdicts] == [
        "faulty.xml: 1 error; 1 of 2 records valid against 2023V1.0",
        "good.xml: valid; 2 of 2 records valid against 2023V1.0",
        "broken.xml: 1 error; no record could be read",
    ]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good.xml"], 0),
        (["good.xml", "--strict"], 1),
        (["faulty.xml"], 1),
        (["faulty.xml", "no-such.xml", "good.xml"], 2),
        (["good.xml", "faulty.xml", "--format", "xml"], 2),
    ],
    ids=["valid", "warnings, strictly", "errors", "one missing", "two files at once as xml"],
)
def test_the_exit_code_tells_what_there_was(folder: Path, words: list[str], code: int) -> None:
    warned = a_case_file(a_record(sex="Unknown", staff=[("123456789", "1234567890")]))
    (folder / "good.xml").write_bytes(warned)
    assert validate(*words).exit_code == code


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_case_file_comes_back_as_it_was_with_comments(folder: Path, pack: type[bytes]) -> None:
    (folder / "march.xml").write_bytes(pack(FAULTY))
    done = validate("march.xml", "--format", "xml")
    assert done.exit_code == 1
    assert b"--><PatientSex>female</PatientSex>" in done.stdout_bytes
    assert re.sub(rb"<!-- AR\d{3} .*? -->", b"", done.stdout_bytes) == FAULTY


def test_what_is_not_listed_is_counted_in_each_format(folder: Path) -> None:
    told = {
        format_: validate("twins.xml", "--max-findings", "0", "--format", format_)
        for format_ in ReportFormat
    }
    counted_words = r"(\d+) of \1 findings? not listed"
    assert re.fullmatch(rf"twins.xml: 1 error.*; {counted_words}\n", told["text"].stdout)
    assert re.search(counted_words, told["html"].stdout)
    assert re.search(rf"\?><!-- {counted_words} -->", told["xml"].stdout)
    assert told["csv"].stdout.count("\n") == 1  # the heading alone
    assert re.fullmatch(rf"twins.xml: {counted_words}\n", told["csv"].stderr)
    report = json.loads(told["json"].stdout)
    assert report["findings_omitted"] == report["findings_total"] > 0


def test_a_file_name_cannot_be_a_formula_of_a_spreadsheet(folder: Path) -> None:
    (folder / "=1+1.xml").write_bytes(FAULTY)
    done = validate("=1+1.xml", "--format", "csv")
    assert done.stdout.splitlines()[1].startswith('"\'=1+1.xml",')


def test_a_name_that_is_no_text_stops_no_report(folder: Path) -> None:
    named = os.fsdecode(b"M\xe4rz.xml")
    (folder / named).write_bytes(GOOD)
    (report,) = reports(named)
    assert report["file"] == "M\N{REPLACEMENT CHARACTER}rz.xml"


def test_folders_are_read_in_order_of_the_names_in_them(folder: Path) -> None:
    (folder / "march" / "2").mkdir(parents=True)
    for name in ("b.xml", "a.XML", "2/c.xml.gz", "notes.txt"):
        content = gzip.compress(GOOD) if name.endswith("gz") else GOOD
        (folder / "march" / name).write_bytes(content)
    names = [report["file"] for report in reports("march", "faulty.xml")]
    assert names == ["march/2/c.xml.gz", "march/a.XML", "march/b.xml", "faulty.xml"]


@pytest.mark.parametrize("format_", ["text", "json", "csv", "html"])
def test_many_processes_write_the_same_report_in_the_same_order(folder: Path, format_: str) -> None:
    words = ["good.xml", "faulty.xml", "no-such.xml", "twins.xml", "--format", format_]
    one, two = validate(*words), validate(*words, jobs=2)
    assert (two.stdout, two.stderr) == (one.stdout, one.stderr)
    assert one.exit_code == two.exit_code == 2


def test_many_processes_write_the_same_report_on_one_file(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    sexes = ["Femal" if number % 500 == 0 else "Female" for number in range(2_000)]
    large.write_bytes(
        a_case_file(*(a_record(f"A-{number}", sex=sex) for number, sex in enumerate(sexes)))
    )
    # Processes of their own: forks are made of programs without threads, which pytest is not.
    one, two = (
        subprocess.run(
            [sys.executable, "-m", "app", "validate", str(large), "--jobs", jobs],
            capture_output=True,
            check=False,
        )
        for jobs in ("1", "2")
    )
    assert (two.stdout, two.stderr, two.returncode) == (one.stdout, one.stderr, 1)
    assert b"1,996 of 2,000 records valid" in one.stdout


def test_colours_are_for_terminals_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told_on_a_terminal() -> bytes:
        reading, writing = pty.openpty()
        with os.fdopen(writing, "w") as terminal:
            monkeypatch.setattr(sys, "stdout", terminal)
            app(["validate", "faulty.xml", "--max-findings", "1"], standalone_mode=False)
        return written_to(reading)

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert b"\x1b[1;31merror AR201" in told_on_a_terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b" not in told_on_a_terminal()


def written_to(reading: int) -> bytes:
    """All that was written to a terminal that is closed by now; it comes in pieces."""
    pieces = []
    with suppress(OSError), os.fdopen(reading, "rb", buffering=0) as terminal:
        while piece := terminal.read(10_000):
            pieces.append(piece)
    return b"".join(pieces)


def test_a_progress_bar_leaves_stdout_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = pty.openpty()
    out = io.StringIO()
    with os.fdopen(writing, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", out)
        with watched(io.BytesIO(GOOD), label="good.xml", total=len(GOOD)) as source:
            source.read(10)
            sys.stdout.write("for a file")
        with counted("case files", 2) as count:
            count()
    shown = written_to(reading)
    assert out.getvalue() == "for a file"
    assert b"good.xml" in shown
    assert b"case files" in shown
