"""What stops a command is told in one line, and what was secret stays so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.failures import reason_of
from app.cli.main import app
from app.domain.errors.service import ServiceBusy
from app.storage.embedded.database import EmbeddedServerError

NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:1/none"
KEY_OF_A_VENDOR = ["key", "create", "--role", "internal"]


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NACOR_VALIDATE_RATE", "abc-secret")
    done = CliRunner().invoke(app, ["validate", "any.xml"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("nacor: NACOR_VALIDATE_RATE: Input should be a valid integer")
    assert done.stderr.count("\n") == 1
    assert "abc-secret" not in done.stderr


@pytest.mark.parametrize("words", [["migrate"], ["verify"], KEY_OF_A_VENDOR])
def test_a_database_that_does_not_answer_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("NACOR_DATABASE_URL", NOWHERE)
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("nacor: ")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("url", ["hunter2", "oracle+hunter2://x@y/z", "mysql://x:hunter2@y/z"])
def test_what_is_no_address_of_a_database_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("NACOR_DATABASE_URL", url)
    done = CliRunner().invoke(app, ["migrate"])
    assert done.exit_code == 2
    assert done.stderr == "nacor: NACOR_DATABASE_URL: not the address of a PostgreSQL database\n"


def test_a_data_dir_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("NACOR_DATABASE_URL", raising=False)
    monkeypatch.setenv("NACOR_DATA_DIR", str(tmp_path / "file" / "var"))
    done = CliRunner().invoke(app, ["migrate"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path}/file/var: Not a directory" in done.stderr


def test_failures_of_our_own_are_told_and_bugs_are_not_hidden() -> None:
    embedded = reason_of(EmbeddedServerError("It does not start."))
    assert (embedded or "").startswith("It does not start.")
    assert (reason_of(ServiceBusy(retry_after=10)) or "").startswith("The service is busy. ")
    assert reason_of(KeyError("a bug")) is None


def test_usage_errors_stay_those_of_the_command_line() -> None:
    done = CliRunner().invoke(app, ["generate", "--cases", "0"])
    assert done.exit_code == 2
    assert "Usage: " in done.stderr


def test_a_reader_who_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as broken:
        done = subprocess.run(
            [sys.executable, "-c", "from app.cli import main; main()", "generate", "--cases", "9"],
            stdout=broken,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
