"""`nacor submit`, as far as it goes without a registry."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.cli.submitting import disposition_of
from app.web.file_names import attachment_name

CLOSED = "http://127.0.0.1:1"
WORDS = ["submit", "--practice", "12345", "--url"]


@pytest.mark.parametrize(
    "name",
    ["march.xml", "März.xml", "三月.xml", 'the "new" one.xml', "it's 100%; a=b.xml", "a\r\nb.xml"],
)
def test_any_file_name_arrives_as_it_is(name: str) -> None:
    header = disposition_of(f"/home/{name}")["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert attachment_name(header) == "".join(filter(str.isprintable, name))


def test_a_name_that_is_no_text_arrives_readable() -> None:
    header = disposition_of(os.fsdecode(b"/home/M\xe4rz.xml"))["Content-Disposition"]
    assert attachment_name(header) == "M\N{REPLACEMENT CHARACTER}rz.xml"


def test_standard_input_has_no_name() -> None:
    assert disposition_of("-") == {}


def test_a_folder_without_case_files_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NACOR_API_KEY", "nacor_made-up")
    done = CliRunner().invoke(app, [*WORDS, CLOSED, str(tmp_path)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "nacor submit: no case files there (*.xml, *.xml.gz)\n"


def test_a_file_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NACOR_API_KEY", "nacor_made-up")
    done = CliRunner().invoke(app, [*WORDS, CLOSED, "no-such.xml"])
    assert done.exit_code == 2
    assert done.stderr == "no-such.xml: cannot be read: No such file or directory\n"


@pytest.mark.parametrize("url", ["registry.example", "ftp://registry.example", "http://x:y", ""])
def test_what_is_no_address_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("NACOR_API_KEY", "nacor_made-up")
    done = CliRunner().invoke(app, [*WORDS, url, "any.xml"])
    assert done.exit_code == 2
    assert done.stderr.startswith("nacor submit: --url must be the address of a registry")


def test_a_key_that_fits_no_header_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NACOR_API_KEY", "nacor_schlüssel")
    done = CliRunner().invoke(app, [*WORDS, CLOSED, "any.xml"])
    assert (done.exit_code, done.stderr) == (2, "nacor submit: NACOR_API_KEY is not an API key\n")
